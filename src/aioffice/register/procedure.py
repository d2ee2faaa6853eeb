"""The registration procedures of Article 49: Section A, B and C of Annex VIII.

Nobody approves a registration: the Act makes it the filer's own act (49, 71(2)-(3)). What passes validation is registered and published
at once; afterwards authorities may ask, flag or open a case, and only the filer changes what the entry says.
"""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from aioffice.kernel.procedures import erasures
from aioffice.kernel.procedures.declaration import START, STAY, Procedure, Round, State, States, Step, step
from aioffice.kernel.procedures.erasing import SENT_VALUES, Erasure
from aioffice.kernel.procedures.who import AI_OFFICE, filer
from aioffice.register import forms, prefill
from aioffice.register.effects import marks, providers, uses
from aioffice.register.events import EnteredInError
from aioffice.register.who import (
    AUTHORITY,
    DATA_PROTECTION_AUTHORITY,
    DEPLOYER,
    NAMED_REPRESENTATIVE,
    PROVIDER,
    PROVIDER_ANSWERING,
    PROVIDER_REPRESENTED,
    REPRESENTATIVE,
    SUPERVISOR_OF_UNION_BODIES,
    readers,
    the_filer,
    the_provider_represented,
    the_representative,
)

ERROR = "house: filing entered in error (71(2), 71(3))"
ERROR_HELP = _(
    "For an entry that should never have been made. It stays readable, marked as entered in error, and authorities may still ask. "
    "A system that has left the market is no error: update its status. Where there is a duty to register, it remains."
)
SUPERVISORS = (AUTHORITY, DATA_PROTECTION_AUTHORITY, SUPERVISOR_OF_UNION_BODIES, AI_OFFICE)


def _erase(sources: States) -> Step:
    """The step by which the Office erases what was filed, from any state in which something is kept."""
    return step(
        sources >> STAY,
        by=AI_OFFICE,
        asks=Erasure,
        basis="71(5); Regulation (EU) 2018/1725, Article 19",
        title=_("Erase what was filed"),
        told=_("The Office erased something that was filed"),
        help=_(
            "For personal data that must go from the file, and for text that must not be kept. It goes for good, from this step, from "
            "every step and version that says the same in the same place, and from what is published. That it was erased stays on record."
        ),
        tells=[the_filer],
        erases=True,
        publishes=True,
        choices={SENT_VALUES: erasures.choices},
    )


class Registration(Procedure, abstract=True):
    """What every registration has in common once it is filed."""

    noun = _("Registration")
    purpose = _("Register")
    section: ClassVar[str]
    seen_by = staticmethod(readers)

    # Registering ends the matter; afterwards the filer keeps the entry up to date and authorities may ask.
    registered = State(_("Registered"), open=False)
    entered_in_error = State(_("Entered in error"), open=False)

    representative_check = Round(
        _("Is the entry on the authorised representative right?"),
        to=the_representative,
        basis="22(3)(e); house: likewise in Section B",
    )

    declare_error = step(
        registered >> entered_in_error,
        by=filer(signs=True),
        asks=forms.Mistake,
        basis=ERROR,
        title=_("Declare entered in error"),
        told=_("An entry was declared an error"),
        help=ERROR_HELP,
        needs=[marks.mandate_still_in_force],
        effect=marks.declare_error,
        tells=[readers],
        emits=[EnteredInError],
        publishes=True,
    )
    question = step(
        (registered | entered_in_error) >> STAY,
        by=SUPERVISORS,
        asks=forms.Question,
        basis="house: question to the filer of a registration",
        title=_("Ask the filer"),
        told=_("An authority asks you about your registration"),
        tells=[the_filer, the_provider_represented],
    )
    reply = step(
        (registered | entered_in_error) >> STAY,
        by=filer(),
        asks=forms.Reply,
        basis="house: question to the filer of a registration",
        title=_("Answer the authority"),
        told=_("The filer has answered"),
        needs=[marks.somebody_asked],
        quiet=True,
        tells=[readers],
    )
    flag = step(
        (registered | entered_in_error) >> STAY,
        by=SUPERVISORS,
        asks=forms.Doubt,
        basis="house: mark “accuracy questioned”",
        title=_("Mark “accuracy questioned”"),
        told=_("An authority questions the accuracy of your entry"),
        help=_("The entry shows the mark; its text stays the filer's own."),
        effect=marks.flag,
        tells=[the_filer],
        publishes=True,
    )
    unflag = step(
        (registered | entered_in_error) >> STAY,
        by=SUPERVISORS,
        asks=forms.Reason,
        basis="house: mark “accuracy questioned”",
        title=_("Take the mark away"),
        told=_("An authority took its mark “accuracy questioned” away"),
        help=_("Each authority takes away its own mark; the entry shows it until the last one is gone."),
        needs=[marks.is_flagged],
        effect=marks.unflag,
        tells=[the_filer],
        publishes=True,
    )
    withhold = step(
        (registered | entered_in_error) >> STAY,
        by=AI_OFFICE,
        asks=forms.Withholding,
        basis="71(5), 78",
        title=_("Withhold text"),
        told=_("The Office withholds text of your entry"),
        help=_(
            "Personal data the Act does not ask for, trade secrets or security-sensitive text. The place stays visible, with the ground."
        ),
        effect=marks.withhold,
        tells=[the_filer],
        publishes=True,
        choices={"shown-fields": prefill.shown_fields},
    )
    erase = _erase(registered | entered_in_error)
    release = step(
        (registered | entered_in_error) >> STAY,
        by=AI_OFFICE,
        asks=forms.Release,
        basis="71(4)",
        title=_("Show withheld text again"),
        told=_("Withheld text of your entry shows again"),
        effect=marks.release,
        tells=[the_filer],
        publishes=True,
        choices={"withheld-fields": prefill.withheld_fields},
    )


class ProviderRegistration(Registration, abstract=True):
    """What Sections A and B share: the authorised representative, if any, checks the field that names it."""

    confirm_representative = step(
        Registration.registered >> STAY,
        by=NAMED_REPRESENTATIVE,
        asks=forms.RepresentativeAnswer,
        basis="22(3)(e); house: likewise in Section B",
        title=_("Check the entry on the authorised representative"),
        told=_("Your representative has checked the entry"),
        answers=Registration.representative_check,
        tells=[the_filer],
    )
    reply_by_provider = step(
        (Registration.registered | Registration.entered_in_error) >> STAY,
        by=PROVIDER_ANSWERING,
        asks=forms.Reply,
        basis="house: question to the filer of a registration",
        title=_("Answer the authority as the provider"),
        told=_("The provider has answered"),
        needs=[marks.filed_by_representative, marks.somebody_asked],
        quiet=True,
        tells=[readers, the_filer],
    )
    declare_error_by_provider = step(
        Registration.registered >> Registration.entered_in_error,
        by=PROVIDER_REPRESENTED,
        asks=forms.Mistake,
        basis=ERROR,
        title=_("Declare entered in error as the provider"),
        told=_("An entry was declared an error"),
        help=ERROR_HELP,
        needs=[marks.filed_by_representative],
        effect=marks.declare_error,
        tells=[readers, the_filer],
        emits=[EnteredInError],
        publishes=True,
    )


class RegisterHighRisk(ProviderRegistration):
    """Registration of a high-risk system of Annex III by its provider (AI Act, Article 49(1), Annex VIII Section A)."""

    slug = "high-risk-registration"
    title = _("Register a high-risk AI system")
    noun = _("Registration of a high-risk system")
    series = "EU-A"
    section = "A"

    file = step(
        START >> Registration.registered,
        by=[PROVIDER, REPRESENTATIVE],
        asks=forms.SectionA,
        basis="49(1), 71(2)",
        title=_("Register"),
        told=_("A new registration concerns you"),
        help=_(
            "For the provider of a high-risk system of Annex III, before it is placed on the market or put into service. "
            "The entry gets its number at once, and is public unless Article 49(4) puts it in the secure section."
        ),
        prefill=prefill.by_provider,
        effect=providers.file,
        tells=[readers],
        publishes=True,
        opens=Registration.representative_check,
    )
    update = step(
        Registration.registered >> STAY,
        by=filer(signs=True),
        asks=forms.UpdateA,
        basis="Annex VIII, Section A, introductory words",
        title=_("Update"),
        told=_("A registration that concerns you was updated"),
        help=_("The entry gets a new version; the present one stays readable."),
        prefill=prefill.as_it_stands,
        effect=providers.update,
        tells=[readers],
        publishes=True,
        opens=Registration.representative_check,
    )
    update_by_provider = step(
        Registration.registered >> STAY,
        by=PROVIDER_REPRESENTED,
        asks=forms.UpdateA,
        basis="49(1), 71(2); Annex VIII, Section A, introductory words",
        title=_("Update as the provider"),
        told=_("A registration that concerns you was updated"),
        help=_(
            "Your representative filed this. The provider itself can keep it up to date, with or without a mandate in force."
        ),
        needs=[marks.filed_by_representative],
        prefill=prefill.as_it_stands,
        effect=providers.update,
        tells=[readers, the_filer],
        publishes=True,
    )


class RegisterExempt(ProviderRegistration):
    """Registration of a system that is not high-risk under Article 6(3) (AI Act, Article 49(2), Annex VIII Section B)."""

    slug = "exempt-registration"
    title = _("Register a system held not to be high-risk (Article 6(3))")
    noun = _("Registration of a system held not to be high-risk")
    series = "EU-B"
    section = "B"

    file = step(
        START >> Registration.registered,
        by=[PROVIDER, REPRESENTATIVE],
        asks=forms.SectionB,
        basis="49(2), 6(4), 71(2)",
        title=_("Register"),
        told=_("A new registration concerns you"),
        help=_(
            "For the provider of a system of Annex III that it has concluded is not high-risk, because a condition of "
            "Article 6(3) is met. A system that profiles natural persons is always high-risk."
        ),
        prefill=prefill.by_provider,
        effect=providers.file,
        tells=[readers],
        publishes=True,
        opens=Registration.representative_check,
    )
    update = step(
        Registration.registered >> STAY,
        by=filer(signs=True),
        asks=forms.UpdateB,
        basis="Annex VIII, Section B, introductory words",
        title=_("Update"),
        told=_("A registration that concerns you was updated"),
        help=_("The entry gets a new version; the present one stays readable."),
        prefill=prefill.as_it_stands,
        effect=providers.update,
        tells=[readers],
        publishes=True,
        opens=Registration.representative_check,
    )
    update_by_provider = step(
        Registration.registered >> STAY,
        by=PROVIDER_REPRESENTED,
        asks=forms.UpdateB,
        basis="49(2), 71(2); Annex VIII, Section B, introductory words",
        title=_("Update as the provider"),
        told=_("A registration that concerns you was updated"),
        help=_(
            "Your representative filed this. The provider itself can keep it up to date, with or without a mandate in force."
        ),
        needs=[marks.filed_by_representative],
        prefill=prefill.as_it_stands,
        effect=providers.update,
        tells=[readers, the_filer],
        publishes=True,
    )


class RegisterUse(Registration):
    """Registration of the use of a high-risk system by a public deployer (AI Act, Article 49(3), Annex VIII Section C)."""

    slug = "use-registration"
    title = _("Register the use of a high-risk AI system by a public body")
    noun = _("Registration of a use")
    series = "EU-C"
    section = "C"

    held = State(_("Held until the provider registers the system"), awaits=("complete",))
    given_up = State(_("Given up"), open=False)

    file = step(
        START >> Registration.registered,
        by=DEPLOYER,
        asks=forms.SectionC,
        basis="49(3), 71(3)",
        title=_("Register the use"),
        told=_("A new registration concerns you"),
        help=_(
            "For public authorities and Union bodies, before they put a high-risk system of Annex III into service or use it. "
            "You need the number of the provider's entry."
        ),
        prefill=prefill.by_deployer,
        effect=uses.file_use,
        tells=[readers],
        publishes=True,
    )
    hold = step(
        START >> held,
        by=DEPLOYER,
        asks=forms.HeldSectionC,
        basis="26(8), 49(3)",
        title=_("Hold: the provider has not registered the system"),
        told=_("A use waits for the provider's registration"),
        help=_(
            "From 2 December 2027 a public body must not use a high-risk system that its provider has not registered (Articles 26(8) and "
            "113; for systems of earlier date see Article 111). You get a letter to the provider, ready to send."
        ),
        prefill=prefill.by_deployer,
        effect=uses.hold_use,
        tells=[readers],
    )
    complete = step(
        held >> Registration.registered,
        by=filer(signs=True),
        asks=forms.SelectEntry,
        basis="49(3), 71(3)",
        title=_("Select the provider's entry and register"),
        told=_("A new registration concerns you"),
        effect=uses.complete_use,
        tells=[readers],
        publishes=True,
    )
    give_up = step(
        held >> given_up,
        by=filer(),
        asks=forms.Reason,
        basis="house: a held use is given up",
        title=_("Give up"),
    )
    erase = _erase(held | given_up | Registration.registered | Registration.entered_in_error)
    update = step(
        Registration.registered >> STAY,
        by=filer(signs=True),
        asks=forms.UpdateC,
        basis="Annex VIII, Section C, introductory words",
        title=_("Update"),
        told=_("A registration that concerns you was updated"),
        help=_("The entry gets a new version; the present one stays readable."),
        prefill=prefill.as_it_stands,
        effect=uses.update_use,
        tells=[readers],
        publishes=True,
    )
