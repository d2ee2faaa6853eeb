"""Notices: an organisation's inbox, and the e-mails that say there is something in it."""
