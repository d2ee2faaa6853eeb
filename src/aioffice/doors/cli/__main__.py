"""`python -m aioffice.doors.cli` is the command `aioffice`."""

from aioffice.doors.cli import app

app(prog_name="aioffice")
