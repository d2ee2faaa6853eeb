"""A person without an organisation registers theirs: it is founded unadmitted, and its application opens at once."""

from __future__ import annotations

from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aioffice.desks.admission.procedure.operator import OperatorAdmission
from aioffice.desks.admission.vocabulary import countries
from aioffice.doors.middleware import choose_organisation
from aioffice.doors.web.office.frame import Visit, office_page
from aioffice.doors.web.office.plainforms import Field, field
from aioffice.doors.web.office.titles import form_url
from aioffice.kernel.parties.organisations import found_organisation, unadmitted_organisation_of
from aioffice.kernel.parties.queries import person_of


@require_http_methods(["GET", "HEAD", "POST"])
@office_page
def found(visit: Visit) -> HttpResponseBase:
    """Ask for name and country, found the organisation, and go on to its application."""
    person = person_of(visit.actor)
    if unadmitted_organisation_of(person) is not None:
        return HttpResponseRedirect(reverse("office_today"))
    sent = visit.request.POST
    name = " ".join(sent.get("name", "").replace("\0", "").split())[:300]
    country = sent.get("country", "")
    fields = _fields(name, country)
    if visit.request.method != "POST":
        return visit.render("office/found.html", form_fields=fields)
    if not name:
        fields[0]["error"] = _("Write the name of your organisation.")
    if country not in dict(countries()):
        fields[1]["error"] = _("Choose the country of the seat.")
    if any(one["error"] for one in fields):
        return visit.render("office/found.html", status=422, form_fields=fields, form_errors=True)
    organisation = found_organisation(person, name=name, country=country, actor=visit.actor, at=visit.at)
    choose_organisation(visit.request, organisation.pk)
    return HttpResponseRedirect(form_url(OperatorAdmission.apply, None))


def _fields(name: str, country: str) -> list[Field]:
    choices = [(code, label, code == country) for code, label in countries()]
    return [
        field(
            "name",
            _("Name"),
            value=name,
            help=_("As it stands in the business register or statutes"),
            autocomplete="organization",
        ),
        field("country", _("Country of the seat"), widget="select", choices=choices),
    ]
