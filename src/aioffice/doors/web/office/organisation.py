"""My organisation: what it is, what it holds, its entries and mandates; and acting for another one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from aioffice.doors.middleware import choose_organisation
from aioffice.doors.web.office.frame import Visit, office_page
from aioffice.doors.web.office.presenting import Fact
from aioffice.doors.web.office.sheet import read_id
from aioffice.doors.web.templatetags._names import state_name
from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.parties.queries import own_organisation
from aioffice.kernel.procedures.declaration import procedures
from aioffice.kernel.procedures.queries import CaseFilter, Whose, list_cases
from aioffice.register.queries import entries_of


@require_safe
@office_page
def organisation(visit: Visit) -> HttpResponseBase:
    """The acting organisation."""
    view = own_organisation(visit.actor)
    if view is None:
        return HttpResponseRedirect(reverse("office_today"))
    own_kinds = [str(kind.purpose) for kind in procedures() if kind.slug == "operator-admission"]
    admission = (
        list_cases(visit.actor, CaseFilter(procedure="operator-admission", whose=Whose.MINE), size=1)
        if own_kinds
        else None
    )
    return visit.render(
        "office/organisation.html",
        view=view,
        facts=_facts(view.organisation),
        entries=entries_of(visit.actor),
        admission=admission.rows[0] if admission and admission.rows else None,
    )


def _facts(found: Organisation) -> list[Fact]:
    seat = _("European Union") if found.country == "EU" else state_name(found.country)
    return [
        {"label": _("Name"), "value": found.name},
        {"label": _("Address"), "value": found.address},
        {"label": _("Contact details"), "value": found.contact},
        {"label": _("Seat"), "value": seat},
        {"label": _("Public authority or Union body"), "value": _("Yes") if found.public_body else _("No")},
        {"label": _("Admitted"), "date": found.admitted_at}
        if found.admitted_at
        else {"label": _("Admitted"), "value": _("Not yet")},
    ]


@require_POST
@office_page
def switch(visit: Visit) -> HttpResponseBase:
    """Act for another organisation of one's own from now on."""
    wanted = read_id(visit.request.POST.get("organisation", ""))
    if wanted is not None:
        acting_for = choose_organisation(visit.request, wanted)
        messages.success(visit.request, _("You now act for %(name)s.") % {"name": acting_for.organisation_name})
    return HttpResponseRedirect(reverse("office_today"))
