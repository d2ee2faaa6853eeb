"""The ledger: two append-only logs whose every entry can be checked, the code that keeps them and the code that checks them.

RFC 6962 hashing, the tiles of C2SP tlog-tiles, checkpoints signed as C2SP notes. Most of what lies here is arithmetic that knows neither
database nor clock. `writing` notes in a step's transaction what shall stand in a log, `sequencer` puts it there, `store` and `site` read.
`standalone` shares no code with the rest, so that an error made in writing the log is not made again in checking it.
"""
