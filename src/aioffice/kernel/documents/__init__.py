"""Documents: uploads kept by the hash of their content, checked for size, type and viruses, opened only by those who may."""
