"""A receipt as PDF, for people: accessible (PDF/UA-1), with a QR code, and with the receipt that programs check attached to it."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import segno
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from aioffice.doors.typesetting import typeset
from aioffice.kernel.ledger.checkpoints import Checkpoint
from aioffice.kernel.ledger.merkle import leaf_hash
from aioffice.kernel.ledger.notes import parse_note

type Row = tuple[str, str, bool]
"""What a line is called, what it says, and whether that is a code rather than words."""


def receipt_pdf(receipt: dict[str, Any], facts: Sequence[tuple[str, str]], *, url: str, at: datetime) -> bytes:
    """The receipt as a PDF in the language of the page.

    `receipt` is what `proofs.step_receipt` gives and what is attached; `facts` tell in words which step it is of; `url` is where the
    QR code leads. Texts that somebody sent enter as data, never as markup.
    """
    attached = json.dumps(receipt, ensure_ascii=False).encode()
    data = _words(receipt, [(name, text, False) for name, text in facts])
    return typeset("receipt.typ", data, at=at, receipt=attached.decode(), code=_code(url))


def _code(url: str) -> str:
    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False)
    return out.getvalue().decode()


def _words(receipt: dict[str, Any], facts: list[Row]) -> dict[str, Any]:
    checkpoint = Checkpoint.parse(parse_note(receipt["checkpoint"].encode()).text)
    place = _("%(index)s of %(size)s") % {"index": receipt["index"], "size": checkpoint.size}
    return {
        "language": get_language() or "en",
        "office": _("AI Office"),
        "footer": _("Reference implementation, not a service of the European Commission"),
        "title": _("Receipt"),
        "lead": _("The Office recorded this step and signed its log. This page and the file attached to it show that without the Office."),
        "columns": [_("What"), _("Recorded")],
        "what": _("What was recorded"),
        "facts": facts,
        "log": _("Where it stands in the log"),
        "proof": [
            (_("Log"), checkpoint.origin, False),
            (_("Entry"), place, False),
            (_("Hash of the entry"), leaf_hash(receipt["entry"].encode()).hex(), True),
            (_("Root"), checkpoint.root.hex(), True),
            (_("Key"), receipt["key"], True),
        ],
        "check": _("Check it yourself"),
        "how": _(
            "Save the file receipt.json that is attached to this PDF and run the command below. The code leads to the same file, for "
            "whoever signs in and may see the case. "
            "It names the key: compare it with the one you have from the Office."
        ),
        "command": command_of(receipt),
        "code_words": _("QR code: where the filer fetches this receipt"),
        "attached": _("The receipt that programs check"),
    }  # fmt: skip


def command_of(receipt: dict[str, Any]) -> list[str]:
    """The lines of the command that checks the attached file. They name the key: a false file would name a false one itself."""
    return ["aioffice ledger check-receipt receipt.json \\", f"  --key '{receipt['key']}'"]
