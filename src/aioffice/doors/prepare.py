"""Making the office ready to open: database, translations, static files, demo. Every part is skipped when there is nothing to do."""

from __future__ import annotations

import hashlib
import importlib
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aioffice.kernel.settings import Settings

PACKAGE = Path(__file__).resolve().parents[1]
DEMO = "aioffice.desks.admission.demo"


def migrate() -> int:
    """Bring the tables up to date, as the owner. Returns how many migrations ran; raises `NotMigrated`."""
    from aioffice.doors import migrating
    from aioffice.kernel.settings import settings

    return migrating.migrate(settings())


def translations() -> int:
    """Compile the catalogues that changed (.po to .mo). Returns how many."""
    done = 0
    for source in PACKAGE.glob("**/locale/*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parents[1].name)
        draft = compiled.with_suffix(".new")
        with draft.open("wb") as file:
            write_mo(file, catalogue)
        draft.replace(compiled)
        done += 1
    return done


def static_files() -> bool:
    """Gather the files that browsers load under names that carry their hash, so that they may be kept for ever. True when it did."""
    from django.conf import settings as django_settings
    from django.core.management import call_command

    root = Path(django_settings.STATIC_ROOT)
    stamp = root / ".gathered"
    state = _state_of_static_files()
    if stamp.exists() and stamp.read_text() == state:
        return False
    call_command("collectstatic", verbosity=0, interactive=False, clear=True, skip_checks=True)
    stamp.write_text(state)
    return True


def _state_of_static_files() -> str:
    from django.contrib.staticfiles.finders import get_finders

    def parts() -> Iterator[str]:
        for finder in get_finders():
            for path, storage in finder.list([]):
                info = Path(storage.path(path)).stat()
                yield f"{path} {info.st_size} {info.st_mtime_ns}"

    return hashlib.sha256("\n".join(sorted(parts())).encode()).hexdigest()


def reference_data() -> None:
    """Make what the Office needs before anybody comes in; changes nothing once it is there."""
    from django.utils import timezone

    from aioffice.desks.admission import reference_data as admission

    admission.load(timezone.now())


def demo(settings: Settings) -> bool:
    """Load the fictional Union on the very first start: into an office that has nobody yet. True when it did.

    The people themselves are the sign that it was done: they come in one transaction with everything else of the demo.
    """
    if not settings.wants_demo:
        return False
    from django.utils import timezone

    from aioffice.desks.admission.reference_data import has_people

    if has_people(timezone.now()):
        return False
    importlib.import_module(DEMO).load(timezone.now())
    return True
