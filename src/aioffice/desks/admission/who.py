"""Who acts on the cases of this desk, and who may see them."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from aioffice.kernel.parties import keys
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.who import FILING_ROLES, SIGNING_ROLES, Relation, Who, filer, operator, service_actor

_OFFICE = frozenset({Capacity.AI_OFFICE})
_CONTACT_POINT = frozenset({Capacity.SINGLE_POINT_OF_CONTACT})

NEW_OPERATOR = Who(_("Operator that asks for admission (signatory)"), roles=SIGNING_ROLES, unadmitted=True)
APPLICANT = filer(unadmitted=True)
SIGNING_APPLICANT = filer(signs=True, unadmitted=True)
ANY_ORGANISATION = Who(_("Any organisation, admitted or not"), roles=FILING_ROLES, unadmitted=True)

OFFICE = Who(_("AI Office (signatory)"), capacities=_OFFICE, roles=SIGNING_ROLES)
OFFICE_STAFF = Who(_("AI Office"), capacities=_OFFICE)
OFFICE_ADMINISTRATOR = Who(
    _("Administrator of the AI Office"), capacities=_OFFICE, roles=frozenset({Role.ADMINISTRATOR})
)

CONTACT_POINT = Who(
    _("Single point of contact of a Member State (signatory)"), capacities=_CONTACT_POINT, roles=SIGNING_ROLES
)
CONTACT_POINT_CONCERNED = Who(
    _("Single point of contact of the Member State concerned (signatory)"),
    capacities=_CONTACT_POINT,
    roles=SIGNING_ROLES,
    relation=Relation.CONCERNED,
)

PROVIDER = operator(Capacity.PROVIDER, title=_("Provider (signatory)"))
NAMED_REPRESENTATIVE = Who(
    _("Authorised representative named in the proposal (signatory)"),
    roles=SIGNING_ROLES,
    relation=Relation.COUNTERPART,
)

REGISTRAR = service_actor("registrar")


def office(case: Case) -> Iterable[str]:
    """The staff of the AI Office."""
    yield keys.AI_OFFICE


def the_filer(case: Case) -> Iterable[str]:
    """The organisation whose case it is."""
    yield f"org:{case.organisation_id}"


def the_counterpart(case: Case) -> Iterable[str]:
    """The other organisation the case names."""
    if case.counterpart_id is not None:
        yield f"org:{case.counterpart_id}"


def contact_points(case: Case) -> Iterable[str]:
    """The single points of contact of the Member States concerned."""
    for state in case.member_states:
        yield f"{Capacity.SINGLE_POINT_OF_CONTACT.value}:{state}"


def market_surveillance(case: Case) -> Iterable[str]:
    """The market surveillance authorities of the Member States concerned."""
    for state in case.member_states:
        yield f"{Capacity.MARKET_SURVEILLANCE_AUTHORITY.value}:{state}"


def named_notified_body(case: Case) -> Iterable[str]:
    """The notified body that a representative named when it terminated its mandate (Article 22(4))."""
    if body := case.facts.get("notified_body"):
        yield f"org:{body}"
