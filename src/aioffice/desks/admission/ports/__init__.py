"""Ports of this desk: the post, qualified electronic seals, business registers. Each has one adapter in use, chosen by settings.

An adapter that is not there says so: nothing here pretends to have checked what it did not check.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.module_loading import import_string

from aioffice.desks.admission.ports.business_register import BusinessRegister, NoBusinessRegister
from aioffice.desks.admission.ports.post import OutboxFolder, PostOffice
from aioffice.desks.admission.ports.qualified_seal import NoSealValidation, QualifiedSeal
from aioffice.kernel.settings import settings

__all__ = ["business_register", "post_office", "qualified_seal"]


def _made(path: str, otherwise: Callable[[], Any]) -> Any:
    return import_string(path)() if path else otherwise()


def qualified_seal() -> QualifiedSeal:
    """The adapter that validates qualified electronic seals (setting AIOFFICE_SEAL_ADAPTER, a Python path)."""
    adapter: QualifiedSeal = _made(settings().seal_adapter, NoSealValidation)
    return adapter


def business_register() -> BusinessRegister:
    """The adapter that asks business registers (setting AIOFFICE_BUSINESS_REGISTER_ADAPTER, a Python path)."""
    adapter: BusinessRegister = _made(settings().business_register_adapter, NoBusinessRegister)
    return adapter


def post_office() -> PostOffice:
    """The adapter that takes letters: a folder from which they are printed."""
    return OutboxFolder(settings().data_dir / "outbox")
