"""The desks: one folder per job of the Office. Desks know the register and the kernel, never each other."""
