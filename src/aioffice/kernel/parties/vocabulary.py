"""The words for what an organisation is under the Act and what a person may do for it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Capacity(models.TextChoices):
    """What an organisation is under the AI Act; one organisation may hold several."""

    PROVIDER = "provider", _("Provider")
    DEPLOYER = "deployer", _("Deployer")
    AUTHORISED_REPRESENTATIVE = "authorised_representative", _("Authorised representative")
    IMPORTER = "importer", _("Importer")
    DISTRIBUTOR = "distributor", _("Distributor")
    NOTIFIED_BODY = "notified_body", _("Notified body")
    MARKET_SURVEILLANCE_AUTHORITY = "market_surveillance_authority", _("Market surveillance authority")
    NOTIFYING_AUTHORITY = "notifying_authority", _("Notifying authority")
    SINGLE_POINT_OF_CONTACT = "single_point_of_contact", _("Single point of contact")
    ARTICLE_74_8_AUTHORITY = "article_74_8_authority", _("Authority under Article 74(8)")
    FUNDAMENTAL_RIGHTS_AUTHORITY = "fundamental_rights_authority", _("Fundamental-rights authority")
    BOARD = "board", _("European Artificial Intelligence Board")
    ADVISORY_FORUM = "advisory_forum", _("Advisory forum")
    SCIENTIFIC_PANEL = "scientific_panel", _("Scientific panel")
    EDPS = "edps", _("European Data Protection Supervisor")
    AI_OFFICE = "ai_office", _("AI Office")
    SAFETY_ALLIANCE_ASSESSOR = "safety_alliance_assessor", _("Assessor of the EU AI Safety Alliance")


OPERATOR_CAPACITIES = frozenset(
    {
        Capacity.PROVIDER,
        Capacity.DEPLOYER,
        Capacity.AUTHORISED_REPRESENTATIVE,
        Capacity.IMPORTER,
        Capacity.DISTRIBUTOR,
    }
)
"""Capacities an organisation claims for itself (operators, Article 3(8)); all others are granted."""

NATIONAL_CAPACITIES = frozenset(
    {
        Capacity.NOTIFIED_BODY,
        Capacity.MARKET_SURVEILLANCE_AUTHORITY,
        Capacity.NOTIFYING_AUTHORITY,
        Capacity.SINGLE_POINT_OF_CONTACT,
        Capacity.ARTICLE_74_8_AUTHORITY,
        Capacity.FUNDAMENTAL_RIGHTS_AUTHORITY,
    }
)
"""Granted capacities that are held for one Member State."""


class Role(models.TextChoices):
    """What a person, or a token, may do for an organisation."""

    READER = "reader", _("Reader: sees the organisation's cases")
    EDITOR = "editor", _("Editor: prepares filings and takes ordinary steps")
    SIGNATORY = "signatory", _("Signatory: files and takes steps that bind the organisation")
    ADMINISTRATOR = "administrator", _("Administrator: manages people, roles and tokens")
    AUDITOR = "auditor", _("Auditor: sees who read confidential files")


class IdentifierScheme(models.TextChoices):
    """Official identifiers of organisations that the Office checks."""

    LEI = "lei", _("Legal Entity Identifier (LEI)")
    VAT = "vat", _("VAT identification number")
    EUID = "euid", _("European Unique Identifier (EUID)")
