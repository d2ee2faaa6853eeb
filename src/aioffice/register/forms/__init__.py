"""What the registration steps ask."""

from aioffice.register.forms.parts import (
    Certificate,
    Change,
    DeployerRouting,
    Party,
    Person,
    ProviderRouting,
    annex_field,
)
from aioffice.register.forms.sections import (
    PLACES,
    DeployerParts,
    HeldSectionC,
    ProviderSection,
    Registration,
    SectionA,
    SectionB,
    SectionC,
    SelectEntry,
    UpdateA,
    UpdateB,
    UpdateC,
)
from aioffice.register.forms.supervision import Reason, Release, RepresentativeAnswer, Statement, Withholding

__all__ = [
    "PLACES",
    "Certificate",
    "Change",
    "DeployerParts",
    "DeployerRouting",
    "HeldSectionC",
    "Party",
    "Person",
    "ProviderRouting",
    "ProviderSection",
    "Reason",
    "Registration",
    "Release",
    "RepresentativeAnswer",
    "SectionA",
    "SectionB",
    "SectionC",
    "SelectEntry",
    "Statement",
    "UpdateA",
    "UpdateB",
    "UpdateC",
    "Withholding",
    "annex_field",
]
