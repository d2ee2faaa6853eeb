"""Who acts on registrations, and who may see a case of the register."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from aioffice.kernel.parties.keys import AI_OFFICE, SECURE_COMMISSION, SECURE_EDPS
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.who import FILING_ROLES, SIGNING_ROLES, Relation, Who, authority_concerned, operator
from aioffice.kernel.settings import settings
from aioffice.register.vocabulary import UNION, FilerCapacity

PROVIDER = operator(Capacity.PROVIDER, title=_("Provider (signatory)"))
REPRESENTATIVE = operator(Capacity.AUTHORISED_REPRESENTATIVE, title=_("Authorised representative (signatory)"))
DEPLOYER = operator(Capacity.DEPLOYER, title=_("Public deployer, or who acts on its behalf (signatory)"))
NAMED_REPRESENTATIVE = Who(
    _("Authorised representative named in the filing"), roles=FILING_ROLES, relation=Relation.ADDRESSEE
)
AUTHORITY = authority_concerned(
    Capacity.MARKET_SURVEILLANCE_AUTHORITY, title=_("Market surveillance authority of a Member State concerned")
)
DATA_PROTECTION_AUTHORITY = Who(
    _("Authority under Article 74(8) of a Member State concerned"),
    capacities=frozenset({Capacity.ARTICLE_74_8_AUTHORITY}),
    relation=Relation.CONCERNED,
)
"""In the secure section only those with the separate access see the case at all; elsewhere those of points 1 and 8."""
SUPERVISOR_OF_UNION_BODIES = Who(_("European Data Protection Supervisor"), capacities=frozenset({Capacity.EDPS}))
"""The market surveillance authority of Union institutions, bodies, offices and agencies (Article 74(9))."""
PROVIDER_REPRESENTED = Who(
    _("Provider for which its representative filed (signatory)"),
    capacities=frozenset({Capacity.PROVIDER}),
    roles=SIGNING_ROLES,
    relation=Relation.COUNTERPART,
)


PROVIDER_ANSWERING = Who(
    _("Provider for which its representative filed"),
    capacities=frozenset({Capacity.PROVIDER}),
    roles=FILING_ROLES,
    relation=Relation.COUNTERPART,
)


def _of_union_body(case: Case) -> bool:
    """Whether the filer, or the deployer for which it files, is a Union institution, body, office or agency (code EU)."""
    return case.organisation.country == UNION or case.facts.get("deployer_seat") == UNION


def readers(case: Case) -> Iterable[str]:
    """Who may see a registration's case: for the secure section the readers of Article 49(4) and nobody else."""
    if case.secure:
        yield SECURE_COMMISSION
        for state in case.member_states:
            yield f"secure:{state}"
        if _of_union_body(case) and settings().edps_reads_secure_section:
            yield SECURE_EDPS
        # The provider keeps its own entry up to date, whoever filed it for it.
        yield from the_provider_represented(case)
        return
    yield AI_OFFICE
    point = str(case.facts.get("annex_iii_point", "")).partition("(")[0]
    for state in case.member_states:
        yield f"{Capacity.MARKET_SURVEILLANCE_AUTHORITY.value}:{state}"
        if point in ("1", "8"):
            # 74(8): for justice and democracy that authority is the market surveillance authority.
            yield f"{Capacity.ARTICLE_74_8_AUTHORITY.value}:{state}"
    if _of_union_body(case):
        yield Capacity.EDPS.value
    if case.counterpart_id is not None:
        yield f"org:{case.counterpart_id}"


def the_filer(case: Case) -> Iterable[str]:
    """The organisation whose case it is."""
    yield f"org:{case.organisation_id}"


def the_provider_represented(case: Case) -> Iterable[str]:
    """The provider for which its authorised representative filed."""
    filed_by_another = case.facts.get("filer_capacity") == FilerCapacity.AUTHORISED_REPRESENTATIVE
    if case.counterpart_id is not None and filed_by_another:
        yield f"org:{case.counterpart_id}"


def the_representative(case: Case) -> Iterable[UUID]:
    """The authorised representative's organisation, where a mandate in force identifies it; nobody in the secure section.

    Article 49(4) gives a representative no access there, so a question would lie before it that it can neither see nor answer.
    """
    if (
        case.counterpart_id is not None
        and not case.secure
        and case.facts.get("filer_capacity") == FilerCapacity.PROVIDER
    ):
        yield case.counterpart_id
