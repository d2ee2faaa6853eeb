"""Parties: organisations with their capacities, people with their roles, mandates, tokens, and who acts for whom."""
