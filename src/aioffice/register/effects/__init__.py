"""What the steps of registration do beyond moving the case. Each effect works on many filings at once."""
