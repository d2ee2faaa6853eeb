"""What the steps of this desk do beyond moving the case, one file per procedure."""
