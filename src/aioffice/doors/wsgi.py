"""The WSGI application that web workers run."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aioffice.doors.settings")

application = get_wsgi_application()
