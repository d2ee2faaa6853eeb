"""Results of classifications, signed: JSON Web Signatures (RFC 7515) with Ed25519 (RFC 8037), and the keys that make and check them.

The Office signs with a key of its own, apart from those of the ledger, which anyone may look up; an organisation signs with its own.
Nothing that is signed is kept.
"""
