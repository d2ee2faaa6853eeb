"""The public ledger: an append-only log whose every entry anyone can check, and the code that checks it.

RFC 6962 hashing, the tiles of C2SP tlog-tiles, checkpoints signed as C2SP notes. What lies here is arithmetic: no module but the
sequencer's touches the database, none reads the clock. `standalone` shares no code with the rest, so that an error made in writing
the log is not made again in checking it.
"""
