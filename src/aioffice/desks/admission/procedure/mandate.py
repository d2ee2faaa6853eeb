"""Mandate of an authorised representative: in force once both sides have confirmed it."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from aioffice.desks.admission import who
from aioffice.desks.admission.effects import mandate as effects
from aioffice.desks.admission.forms import mandate as forms
from aioffice.desks.admission.forms.common import Reasons
from aioffice.kernel.procedures.declaration import START, Procedure, State, step
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.who import filer


class RepresentativeMandate(Procedure):
    """A provider's mandate to its authorised representative in the Union (AI Act, Article 22)."""

    slug = "mandate"
    title = _("Mandate an authorised representative")
    noun = _("Mandate")
    series = "MAN"
    purpose = _("Your organisation")

    proposed = State(_("Proposed, waiting for the representative"), awaits=("confirm", "decline"))
    in_force = State(_("In force"))
    declined = State(_("Declined"), open=False)
    retracted = State(_("Taken back"), open=False)
    ended = State(_("Ended"), open=False)
    terminated = State(_("Terminated by the representative under Article 22(4)"), open=False)

    @classmethod
    def seen_by(cls, case: Case) -> Iterable[str]:
        yield from who.the_counterpart(case)
        if case.state == cls.terminated.name:
            yield from (*who.office(case), *who.market_surveillance(case), *who.named_notified_body(case))

    propose = step(
        START >> proposed,
        by=who.PROVIDER,
        asks=forms.Proposal,
        basis="22(1), 22(3)",
        title=_("Propose the mandate"),
        told=_("A mandate was proposed to you"),
        help=_("This is your confirmation. The mandate is in force once the representative confirms it too."),
        effect=effects.propose,
        tells=[who.the_counterpart],
    )
    confirm = step(
        proposed >> in_force,
        by=who.NAMED_REPRESENTATIVE,
        basis="22(1), 22(3)",
        title=_("Confirm the mandate"),
        told=_("The mandate was confirmed"),
        effect=effects.confirm,
        tells=[who.the_filer],
    )
    decline = step(
        proposed >> declined,
        by=who.NAMED_REPRESENTATIVE,
        asks=Reasons,
        basis="22(1)",
        title=_("Decline"),
        told=_("The mandate was declined"),
        effect=effects.end,
        tells=[who.the_filer],
    )
    retract = step(
        proposed >> retracted,
        by=filer(signs=True),
        basis="22(1)",
        title=_("Take the proposal back"),
        told=_("The proposal of a mandate was taken back"),
        effect=effects.end,
        tells=[who.the_counterpart],
    )
    end = step(
        in_force >> ended,
        by=[filer(signs=True), who.NAMED_REPRESENTATIVE],
        asks=Reasons,
        basis="22(1)",
        title=_("End the mandate"),
        told=_("The mandate was ended"),
        effect=effects.end,
        tells=[who.the_filer, who.the_counterpart],
    )
    terminate = step(
        in_force >> terminated,
        by=who.NAMED_REPRESENTATIVE,
        asks=forms.Termination,
        basis="22(4)",
        title=_("Terminate: the provider acts contrary to its obligations"),
        told=_("The representative has terminated its mandate (Article 22(4))"),
        help=_(
            "From 2 December 2027 (Article 113) the Act obliges you to terminate when the provider acts against its obligations, and to "
            "inform the market surveillance authority and any notified body at once. You may do so here before that day."
        ),
        effect=effects.terminate,
        tells=[who.the_filer, who.market_surveillance, who.named_notified_body],
    )
