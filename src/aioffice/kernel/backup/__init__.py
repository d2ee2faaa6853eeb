"""Backups: made in one snapshot while the office works, checked without restoring, loaded into an empty place, held against the ledger.

`folders` knows where a backup lies and when it is whole, `manifest` what it says of itself. `making` and `checking` write and read one,
with the documents in a `pool` and the `keys` that fit; `loading` brings its database back, `comparing` holds what was brought back against
the manifest, the documents and the logs.
"""
