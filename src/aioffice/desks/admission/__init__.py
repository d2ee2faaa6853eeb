"""Admission: who may act at the Office, and as what.

Operators admit themselves by proving who they are; capacities of authorities and bodies are granted; mandates join providers and their
representatives; a report of impersonation stops a filer's publications until somebody has looked.
"""
