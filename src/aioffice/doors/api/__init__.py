"""The REST API, version 1: nouns of the Act, problem details for every error, lists to their very end.

`v1.py` puts it together; `base.py` holds what every operation has in common; `procedures.py` derives the operations of every procedure
from its declaration. Reading the public register asks for no token and never reaches the application's connection.
"""
