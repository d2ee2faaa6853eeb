"""The log of reads: who opened what of others' confidential files (AI Act, Articles 49(4) and 78), for those who watch over it."""
