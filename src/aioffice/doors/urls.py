"""Every address of the office: health, the API, and the pages, whose language stands in the path."""

from __future__ import annotations

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.http import require_safe

from aioffice.doors import health
from aioffice.doors.api.v1 import api


@require_safe
def front_door(request: HttpRequest) -> HttpResponse:
    """Send people to the pages in the language their browser asks for: the only address that looks at that."""
    response = HttpResponseRedirect(f"/{_language_asked(request)}/")
    patch_vary_headers(response, ["Accept-Language"])
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def _language_asked(request: HttpRequest) -> str:
    for wanted, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        try:
            return get_supported_language_variant(wanted)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


handler500 = "aioffice.doors.unavailable.failed"

urlpatterns: list[URLPattern | URLResolver] = [
    path("health", health.health, name="health"),
    path("health/live", health.live, name="health_live"),
    path("api/v1/", api.urls),
    re_path(r"^api(?:/|$)", api.nothing),
    path("", front_door, name="front_door"),
    path("", include("aioffice.doors.web.root_urls")),
    *i18n_patterns(path("", include("aioffice.doors.web.urls"))),
]
