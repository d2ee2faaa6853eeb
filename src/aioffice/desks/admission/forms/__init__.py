"""What the steps of this desk ask, one file per procedure."""
