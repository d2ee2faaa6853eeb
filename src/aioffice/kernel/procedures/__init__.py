"""Procedures: the language in which the Act's procedures are declared, and the one function that performs their steps."""
