"""Who sees the secure section of Article 49(4): authorities by separate access, Commission staff by name."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from aioffice.desks.admission import who
from aioffice.desks.admission.effects import access as effects
from aioffice.desks.admission.forms import grants as forms
from aioffice.desks.admission.forms.common import Reasons
from aioffice.kernel.procedures.declaration import START, Procedure, State, step
from aioffice.kernel.procedures.models import Case


class SecureAccess(Procedure):
    """Access of an authority under Article 74(8), or of the EDPS, to its part of the secure section (AI Act, Article 49(4))."""

    slug = "secure-access"
    title = _("Grant access to the secure section")
    noun = _("Access to the secure section")
    series = "SEC"
    purpose = _("People and organisations")

    in_force = State(_("In force"))
    ended = State(_("Ended"), open=False)

    @classmethod
    def seen_by(cls, case: Case) -> Iterable[str]:
        return (*who.office(case), *who.the_counterpart(case))

    grant = step(
        START >> in_force,
        by=who.OFFICE,
        asks=forms.SecureGrant,
        basis="49(4), 74(8)-(9)",
        title=_("Grant access"),
        told=_("You have access to your part of the secure section"),
        effect=effects.open_section,
        tells=[who.the_counterpart],
    )
    end = step(
        in_force >> ended,
        by=who.OFFICE,
        asks=forms.EndOfAccess,
        basis="49(4), 74(8)-(9)",
        title=_("End the access"),
        told=_("Your access to the secure section has ended"),
        help=_("Article 49(4) gives the access: it ends with the designation it rests on, not at the Office's wish."),
        effect=effects.close_section,
        tells=[who.the_counterpart],
    )
    lapse = step(
        in_force >> ended,
        by=who.REGISTRAR,
        basis="49(4), 74(8)-(9)",
        title=_("The access ended with the capacity it rested on"),
        effect=effects.close_section,
        tells=[who.office, who.the_counterpart],
    )


class StaffClearance(Procedure):
    """Clearance of a named member of the Commission's staff for the secure section (AI Act, Article 49(4))."""

    slug = "staff-clearance"
    title = _("Clear a member of staff for the secure section")
    noun = _("Clearance")
    series = "CLR"
    purpose = _("People and organisations")

    cleared = State(_("Cleared"))
    ended = State(_("Ended"), open=False)

    @classmethod
    def seen_by(cls, case: Case) -> Iterable[str]:
        return who.office(case)

    clear = step(
        START >> cleared,
        by=who.OFFICE_ADMINISTRATOR,
        asks=forms.Clearance,
        basis="49(4), 78",
        title=_("Clear"),
        help=_("Nobody clears themselves."),
        effect=effects.clear,
    )
    end = step(
        cleared >> ended,
        by=who.OFFICE_ADMINISTRATOR,
        asks=Reasons,
        basis="49(4), 78",
        title=_("End the clearance"),
        told=_("Your access to the secure section has ended"),
        effect=effects.end_clearance,
    )
