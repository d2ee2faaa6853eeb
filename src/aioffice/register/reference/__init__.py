"""Reference collections: registers of others, taken over for comparison, none a registration under Article 49."""
