"""The web door: the public site, the signed-in office, and how both look."""
