"""How people and machines come in: the public site, the office, the API, the command line and the feeds."""
