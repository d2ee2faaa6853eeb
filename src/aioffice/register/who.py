"""Who acts on registrations, and who may see a case of the register."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from aioffice.kernel.parties.keys import AI_OFFICE, SECURE_COMMISSION, SECURE_EDPS
from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.who import FILING_ROLES, Relation, Who, authority_concerned, operator
from aioffice.kernel.settings import settings

PROVIDER = operator(Capacity.PROVIDER, title=_("Provider (signatory)"))
REPRESENTATIVE = operator(Capacity.AUTHORISED_REPRESENTATIVE, title=_("Authorised representative (signatory)"))
DEPLOYER = operator(Capacity.DEPLOYER, title=_("Public deployer, or who acts on its behalf (signatory)"))
NAMED_REPRESENTATIVE = Who(
    _("Authorised representative named in the filing"), roles=FILING_ROLES, relation=Relation.ADDRESSEE
)
AUTHORITY = authority_concerned(
    Capacity.MARKET_SURVEILLANCE_AUTHORITY, title=_("Market surveillance authority of a Member State concerned")
)
SECURE_AUTHORITY = Who(
    _("Authority under Article 74(8) of a Member State concerned"),
    capacities=frozenset({Capacity.ARTICLE_74_8_AUTHORITY}),
    relation=Relation.CONCERNED,
    secure_access=True,
)


def union_body(organisation: Organisation) -> bool:
    """Whether an organisation is a Union institution, body, office or agency (country code EU)."""
    return organisation.country == "EU"


def readers(case: Case) -> Iterable[str]:
    """Who may see a registration's case: for the secure section the readers of Article 49(4) and nobody else."""
    if case.secure:
        yield SECURE_COMMISSION
        for state in case.member_states:
            yield f"secure:{state}"
        if union_body(case.organisation) and settings().edps_reads_secure_section:
            yield SECURE_EDPS
        return
    yield AI_OFFICE
    for state in case.member_states:
        yield f"{Capacity.MARKET_SURVEILLANCE_AUTHORITY.value}:{state}"
    if case.counterpart_id is not None:
        yield f"org:{case.counterpart_id}"


def the_filer(case: Case) -> Iterable[str]:
    """The organisation whose case it is."""
    yield f"org:{case.organisation_id}"


def the_representative(case: Case) -> Iterable[UUID]:
    """The authorised representative's organisation, where a mandate in force identifies it; nobody in the secure section.

    Article 49(4) gives a representative no access there, so a question would lie before it that it can neither see nor answer.
    """
    if case.counterpart_id is not None and not case.secure:
        yield case.counterpart_id
