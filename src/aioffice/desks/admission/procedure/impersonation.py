"""Report of impersonation, and the hearing of whoever was reported.

They are two cases on purpose: the filer is heard without ever seeing who reported it.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aioffice.desks.admission import who
from aioffice.desks.admission.effects import impersonation as effects
from aioffice.desks.admission.events import ImpersonationDecided, ImpersonationReported, PublicationsReleased
from aioffice.desks.admission.forms import impersonation as forms
from aioffice.desks.admission.forms.common import Reasons, Statement
from aioffice.kernel.procedures.declaration import START, STAY, Procedure, State, step
from aioffice.kernel.procedures.models import Case

HOUSE = "house: who files is known (49, 71(2)-(3))"


class ImpersonationReport(Procedure):
    """One report that a filer is not who it claims stops what it would publish, until the Office has looked."""

    slug = "impersonation-report"
    title = _("Report that a filer is not who it claims to be")
    noun = _("Report of impersonation")
    series = "IMP"
    purpose = _("Report a problem")

    reported = State(_("Reported, new publications wait"), awaits=("dismiss", "uphold"))
    dismissed = State(_("Dismissed"), open=False)
    upheld = State(_("Upheld"), open=False)

    @classmethod
    def seen_by(cls, case: Case) -> Iterable[str]:
        return who.office(case)

    report = step(
        START >> reported,
        by=who.ANY_ORGANISATION,
        asks=forms.Report,
        basis=HOUSE,
        title=_("Report"),
        told=_("An organisation was reported as not being who it claims"),
        help=_(
            "Your organisation is on record with this report. What the filer has published stays; nothing new of it appears."
        ),
        effect=effects.report,
        tells=[who.office],
        emits=[ImpersonationReported],
    )
    dismiss = step(
        reported >> dismissed,
        by=who.OFFICE,
        asks=Reasons,
        basis=HOUSE,
        title=_("Dismiss: the filer is who it claims to be"),
        told=_("The report was dismissed"),
        help=_("What waited is published."),
        effect=effects.dismiss,
        tells=[who.the_filer],
        emits=[ImpersonationDecided, PublicationsReleased],
    )
    uphold = step(
        reported >> upheld,
        by=who.OFFICE,
        asks=Reasons,
        basis=HOUSE,
        title=_("Uphold: the filer is not who it claims to be"),
        told=_("The report was upheld"),
        help=_(
            "Its admission is withdrawn and its publications stay stopped. It reads these reasons: they must not say who reported it."
        ),
        effect=effects.uphold,
        tells=[who.the_filer],
        emits=[ImpersonationDecided],
    )


class IdentityHearing(Procedure):
    """Whoever was reported answers the Office here, without learning from whom the report came."""

    slug = "identity-hearing"
    title = _("Is your organisation who it claims to be?")
    noun = _("Hearing on identity")
    series = "HEA"

    open_hearing = State(_("Being looked at, new publications wait"), awaits=("answer",))
    cleared = State(pgettext_lazy("of a suspicion", "Cleared"), open=False)
    confirmed = State(_("Impersonation found"), open=False)

    @classmethod
    def seen_by(cls, case: Case) -> Iterable[str]:
        return who.office(case)

    begin = step(
        START >> open_hearing,
        by=who.REGISTRAR,
        asks=forms.Hearing,
        basis=HOUSE,
        title=_(
            "Your organisation was reported as not being who it claims: new publications wait until the Office has looked"
        ),
        effect=effects.begin_hearing,
        tells=[who.the_filer],
    )
    answer = step(
        open_hearing >> STAY,
        by=who.APPLICANT,
        asks=forms.Answer,
        basis=HOUSE,
        title=_("Answer the Office"),
        told=_("The organisation has answered"),
        effect=effects.answer,
        tells=[who.office],
    )
    ask = step(
        open_hearing >> STAY,
        by=who.OFFICE_STAFF,
        asks=Statement,
        basis=HOUSE,
        title=_("Ask the organisation"),
        told=_("The Office asks you"),
        tells=[who.the_filer],
    )
    clear = step(
        open_hearing >> cleared,
        by=who.REGISTRAR,
        basis=HOUSE,
        title=_("The report was dismissed: what waited is published"),
        tells=[who.the_filer],
    )
    confirm = step(
        open_hearing >> confirmed,
        by=who.REGISTRAR,
        basis=HOUSE,
        title=_("The report was upheld: admission is withdrawn and publications stay stopped"),
        tells=[who.the_filer],
    )
