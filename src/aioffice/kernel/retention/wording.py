"""The schedule in words: for the page of the Office, the public page on privacy and the documentation."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aioffice.kernel.retention.declaring import End, Retention, schedule

MADE = "<!-- Made by `make docs` from the declarations (`keeping.py` beside the models). Do not edit. -->"
_YEAR = 365


@dataclass(frozen=True, slots=True)
class Line:
    """One kind as a table shows it."""

    kind: str
    title: str
    period: str
    end: str
    why: str
    basis: str


def lines() -> list[Line]:
    """The schedule as it holds here, in the language in force."""
    return [Line(one.kind, str(one.title), period(one), end(one), str(one.why), one.basis) for one in schedule()]


def period(one: Retention) -> str:
    """How long, from when."""
    days = one.kept()
    if days is None:
        return _("No end")
    if days % _YEAR == 0:
        long = ngettext("%(n)s year", "%(n)s years", days // _YEAR) % {"n": days // _YEAR}
    else:
        long = ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    return _("%(period)s from %(event)s") % {"period": long, "event": one.counted_from}


def end(one: Retention) -> str:
    """What happens then."""
    return {
        End.PROPOSED: _("Deleted when a person of the Office decides so"),
        End.BY_STEP: _("Erased by a step of the case when a person of the Office decides so"),
        End.AUTOMATIC: _("Deleted by itself"),
        End.KEPT: _("Kept"),
    }[one.end]


def page() -> str:
    """The documentation: the schedule as declared, in English."""
    with translation.override("en"):
        rows = [
            f"| `{line.kind}` | {line.title} | {line.period} | {line.end} | {line.why} | {line.basis} |"
            for line in lines()
        ]
        tables = [f"| `{one.kind}` | {_listed(one)} |" for one in schedule()]
    return "\n".join(
        [
            MADE,
            "",
            "# How long records are kept",
            "",
            "Every night what has reached its end is counted and proposed, kind by kind (`aioffice retention list`, and the page",
            "“How long we keep” of the Office). A signatory of the Office accepts, and a job deletes in batches; or keeps it longer, until",
            "a day, for a reason. Nothing of a case is deleted while it is held. What lies in the secure section is proposed apart, to",
            "cleared staff alone. What the table calls “Deleted by itself” needs no decision: traces that the software alone needs.",
            "",
            "Data that are no longer needed have to go: 78(2) and Regulation (EU) 2018/1725, 4(1)(e) say so, and give no number of days.",
            "The numbers are this Office's own (`AIOFFICE_RETENTION` under “Basis”). Other numbers there are Articles of Regulation (EU)",
            "2024/1689. Where a person decides, the number is the setting of that name (`AIOFFICE_RETENTION=drafts=365,reads=1095`, in",
            "days); it refuses kinds that are deleted by themselves or stay for good.",
            "",
            "| kind | what | how long | then | why | basis |",
            "|---|---|---|---|---|---|",
            *rows,
            "",
            "## Tables",
            "",
            "| kind | tables |",
            "|---|---|",
            *tables,
            "",
        ]
    )


def _listed(one: Retention) -> str:
    return ", ".join(f"`{table}`" for table in sorted(one.all_tables))
