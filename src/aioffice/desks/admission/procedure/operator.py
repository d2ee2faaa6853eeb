"""Admission of an operator: it says who it is, proves it, and its first signatory signs.

Nobody at the Office has to agree; it may refuse while the proof is open, and withdraw an admission that should not have been.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from aioffice.desks.admission import prefill, who
from aioffice.desks.admission.effects import admitting, applying, proving
from aioffice.desks.admission.forms import admission as forms
from aioffice.desks.admission.forms.common import Reasons
from aioffice.kernel.procedures.declaration import START, STAY, Procedure, State, step
from aioffice.kernel.procedures.models import Case

HOUSE = "house: who files is known (49, 71(2)-(3))"


class OperatorAdmission(Procedure):
    """Admission of providers, deployers, representatives, importers and distributors that file at the Office."""

    slug = "operator-admission"
    title = _("Register your organisation as an operator")
    noun = _("Admission")
    series = "ADM"
    purpose = _("Your organisation")

    proof_asked = State(_("Proof of identity asked"), awaits=("prove_by_code",))
    proven = State(_("Identity proven, signature awaited"), awaits=("sign",))
    admitted = State(_("Admitted"), open=False)
    refused = State(_("Refused"), open=False)
    given_up = State(_("Given up"), open=False)
    withdrawn = State(_("Admission withdrawn"), open=False)

    @classmethod
    def seen_by(cls, case: Case) -> Iterable[str]:
        return who.office(case)

    apply = step(
        START >> proof_asked,
        by=who.NEW_OPERATOR,
        asks=forms.Application,
        basis=HOUSE,
        title=_("Register your organisation"),
        help=_(
            "You then get a letter with a code at the registered address. Until the code is entered you can prepare, but not file."
        ),
        effect=applying.apply,
        prefill=prefill.application,
    )
    correct = step(
        (proof_asked | proven) >> proof_asked,
        by=who.SIGNING_APPLICANT,
        asks=forms.Application,
        basis=HOUSE,
        title=_("Correct the application"),
        help=_("The proof starts again: a new letter goes to the address you give."),
        effect=applying.correct,
        prefill=prefill.application,
    )
    send_again = step(
        proof_asked >> STAY,
        by=who.APPLICANT,
        basis=HOUSE,
        title=_("Send the letter again"),
        help=_("With a new code; the earlier one no longer works."),
        effect=proving.send_again,
    )
    prove_by_code = step(
        proof_asked >> proven,
        by=who.APPLICANT,
        asks=forms.EnteredCode,
        basis=HOUSE,
        title=_("Enter the code from the letter"),
        help=_("Within 30 days, and with five attempts."),
        effect=proving.prove_by_code,
    )
    prove_by_seal = step(
        proof_asked >> proven,
        by=who.APPLICANT,
        asks=forms.SealedStatement,
        basis="house: who files is known; Regulation (EU) No 910/2014, 35(2)",
        title=_("Prove by qualified electronic seal"),
        needs=[proving.seals_are_checked],
        effect=proving.prove_by_seal,
    )
    sign = step(
        proven >> admitted,
        by=who.SIGNING_APPLICANT,
        asks=forms.Signature,
        basis=HOUSE,
        title=_("Sign"),
        help=_("With the signature the organisation is admitted and can file."),
        effect=admitting.admit,
        prefill=prefill.signature,
    )
    amend = step(
        admitted >> STAY,
        by=who.SIGNING_APPLICANT,
        asks=forms.Amendment,
        basis=HOUSE,
        title=_("Change contact details or capacities"),
        effect=admitting.amend,
        prefill=prefill.amendment,
    )
    give_up = step(
        (proof_asked | proven) >> given_up,
        by=who.APPLICANT,
        basis=HOUSE,
        title=_("Give up the application"),
        effect=proving.close,
    )
    refuse = step(
        (proof_asked | proven) >> refused,
        by=who.OFFICE,
        asks=Reasons,
        basis=HOUSE,
        title=_("Refuse admission"),
        told=_("Your admission was refused"),
        effect=proving.close,
        tells=[who.the_filer],
    )
    withdraw = step(
        admitted >> withdrawn,
        by=who.OFFICE,
        asks=Reasons,
        basis=HOUSE,
        title=_("Withdraw admission"),
        told=_("Your admission was withdrawn"),
        help=_("The organisation can no longer file. What it published stays, with its history."),
        effect=admitting.withdraw,
        tells=[who.the_filer],
    )
