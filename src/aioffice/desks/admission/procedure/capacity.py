"""Grant of a capacity that nobody claims for itself: authorities, bodies, assessors."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from aioffice.desks.admission import who
from aioffice.desks.admission.effects import capacity as effects
from aioffice.desks.admission.events import CapacityEnded
from aioffice.desks.admission.forms import grants as forms
from aioffice.kernel.procedures.declaration import START, Procedure, State, step
from aioffice.kernel.procedures.models import Case


class CapacityGranted(Procedure):
    """Capacities of authorities and bodies, as the Union and its Member States gave them (Articles 28, 30, 65 to 70, 74, 77)."""

    slug = "capacity-grant"
    title = _("Grant a capacity")
    noun = _("Capacity")
    series = "CAP"
    purpose = _("People and organisations")

    held = State(_("Held"))
    ended = State(_("Ended"), open=False)

    @classmethod
    def seen_by(cls, case: Case) -> Iterable[str]:
        return (*who.office(case), *who.contact_points(case), *who.the_counterpart(case))

    grant = step(
        START >> held,
        by=[who.OFFICE, who.CONTACT_POINT],
        asks=forms.Grant,
        basis="28(1), 30, 65, 67, 68, 70(1)-(2), 70(9), 74(8)-(9), 77(2)",
        title=_("Grant"),
        told=_("A capacity was granted"),
        help=_(
            "Takes effect at once. Records what a Member State or the Commission has designated; it designates nobody. A single point "
            "of contact does so for its own State, never for itself."
        ),
        effect=effects.grant,
        tells=[who.office, who.the_counterpart],
    )
    end = step(
        held >> ended,
        by=[who.OFFICE, who.CONTACT_POINT_CONCERNED],
        asks=forms.End,
        basis="36(3)-(4); house: a designation has ended",
        title=_("End the capacity"),
        told=_("A capacity has ended"),
        effect=effects.end,
        tells=[who.office, who.the_counterpart],
        emits=[CapacityEnded],
    )
