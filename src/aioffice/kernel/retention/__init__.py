"""How long each kind of record is kept, and how it goes: declared, proposed, decided by a person, done by a job."""
