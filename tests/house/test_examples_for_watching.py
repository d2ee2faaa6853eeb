"""The alert rules and the dashboard ask for figures that there are."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

import aioffice
from aioffice.doors import measuring
from aioffice.doors.cli._standing_words import lines
from aioffice.doors.metrics import _Build, families
from aioffice.doors.standing import Standing
from aioffice.kernel.ledger.holds import Hold
from aioffice.kernel.watching.faults import FailedJob
from aioffice.kernel.watching.figures import Figures, Log
from aioffice.kernel.watching.judging import Trouble, troubles
from tests.support.parties import NOW

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
HOLD = Hold("older than what was witnessed", NOW)
LOG = Log(size=5, signed_at=NOW, pending=1, oldest_pending=NOW)
WELL = Figures(
    at=NOW, jobs={("clocks.sweep", "doing"): 1}, oldest_waiting=None, workers=1, logs={"public": LOG, "internal": LOG},
    undelivered=0, oldest_undelivered=None, swept_at=NOW, clocks_overdue=0, notices_untold=0, oldest_untold=None,
    documents={"clean": (1, 2)}, connections={"aio_office": 3}, most_connections=100, database_bytes=1, disk_free=9,
    disk_total=10, backed_up_at=NOW,
)  # fmt: skip


def there_are() -> set[str]:
    """Every name of a series that an office may answer with."""
    found = {"aioffice_database_up", "aioffice_figures_seconds"}
    for family in [*measuring.REGISTRY.collect(), *families(WELL), *_Build().collect()]:
        ending = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "info": ("_info",)}
        found |= {family.name + end for end in ending.get(family.type, ("",))}
    return found


def asked(text: str) -> set[str]:
    return set(re.findall(r"\baioffice_\w+", text))


def test_alert_rules_ask_for_what_there_is() -> None:
    groups = yaml.safe_load((EXAMPLES / "prometheus-alerts.yml").read_text(encoding="utf-8"))["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    assert len({rule["alert"] for rule in rules}) == len(rules) > 10
    for rule in rules:
        names = asked(rule["expr"])
        assert names, rule["alert"]
        assert names <= there_are(), (rule["alert"], names - there_are())
        assert rule["annotations"]["summary"]


def test_the_dashboard_shows_what_there_is() -> None:
    board = json.loads((EXAMPLES / "grafana-dashboard.json").read_text(encoding="utf-8"))
    expressions = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    assert len(expressions) > 10
    assert asked(" ".join(expressions)) <= there_are()


def test_the_documentation_names_what_there_is() -> None:
    text = (EXAMPLES.parent / "watching.md").read_text(encoding="utf-8")
    assert asked(text) <= there_are(), asked(text) - there_are()


TROUBLES: dict[str, dict[str, object]] = {
    "no-worker": {"workers": 0},
    "jobs-late": {"oldest_waiting": NOW - timedelta(minutes=6)},
    "jobs-failed": {"jobs": {("x", "failed"): 1}},
    "events-late": {"oldest_undelivered": NOW - timedelta(minutes=6)},
    "log-late-public": {"logs": {"public": Log(1, NOW, 1, NOW - timedelta(minutes=6)), "internal": LOG}},
    "log-late-internal": {"logs": {"internal": Log(1, NOW, 1, NOW - timedelta(minutes=6)), "public": LOG}},
    "log-held-public": {
        "logs": {"public": Log(1, NOW - timedelta(hours=27), 1, NOW - timedelta(hours=3), HOLD), "internal": LOG}
    },
    "log-held-internal": {"logs": {"internal": Log(1, NOW, 1, NOW - timedelta(hours=3), HOLD), "public": LOG}},
    "log-not-signed": {"logs": {"public": Log(1, NOW - timedelta(hours=27), 0, None), "internal": LOG}},
    "sweep-late": {"swept_at": NOW - timedelta(minutes=6)},
    "clocks-overdue": {"clocks_overdue": 1},
    "mail-late": {"notices_untold": 1},
    "disk-full": {"disk_free": 0},
    "connections": {"connections": {"aio_office": 81}},
    "no-backup": {"backed_up_at": None},
    "backup-old": {"backed_up_at": NOW - timedelta(hours=37)},
}


def test_people_read_whole_words_and_sizes_with_their_unit() -> None:
    """What is not there is said in words too, and no time is left without its place."""
    older = NOW - timedelta(minutes=7)
    found = replace(
        WELL,
        jobs={("clocks.sweep", "doing"): 1, ("x", "waiting"): 2},
        oldest_waiting=older,
        logs={
            "public": Log(1, older, 0, None, old_key_until=NOW + timedelta(days=9)),
            "internal": Log(5, None, 3, older, HOLD),
        },
        undelivered=1, oldest_undelivered=older, documents={"clean": (3, 4_200_000)}, database_bytes=1_500_000_000,
        disk_free=75_270_200_000, disk_total=150_540_400_000, backed_up_at=None,
    )  # fmt: skip
    ago = "7 minutes ago (Monday 23 November 2026, 10:53 Brussels time)"
    key = "; its key was changed, the old one signs too until Wednesday 2 December 2026, 11:00 Brussels time"
    held = "; held from just now (Monday 23 November 2026, 11:00 Brussels time): older than what was witnessed"
    failed = FailedJob(7, "x", 2, older, "")
    said = list(
        lines(Standing(found, [Trouble("a", "Look here."), Trouble("b", "And there.", urgent=False)], [failed]))
    )
    assert said == [
        f"AI Office {aioffice.__version__}, Monday 23 November 2026, 11:00 Brussels time",
        "! Look here.",
        "- And there.",
        "",
        f"Public log       1 entry, signed {ago}; nothing waits{key}",
        f"Log of all steps 5 entries, signed never, as far as is known; 3 entries wait, the oldest from {ago}{held}",
        f"Jobs             1 worker; 2 waiting, the oldest due {ago}; 1 under way; 0 failed",
        f"Publication      1 event waits, the oldest from {ago}",
        "Time limits      looked at just now (Monday 23 November 2026, 11:00 Brussels time)",
        "E-mail           nothing waits",
        "Files            3 clean (4.2 MB)",
        "Database         1.5 GB; 3 of at most 100 connections",
        "Disk             75.3 GB of 150.5 GB free (50 %)",
        "Last backup      never, as far as is known",
        f"Failed job       7, x, {ago}: its worker was killed before it could say why",
    ]
    assert "Nothing calls for anybody." in list(lines(Standing(WELL, [], [])))


@pytest.mark.parametrize("code", TROUBLES)
def test_each_trouble_is_seen_by_itself(code: str) -> None:
    assert troubles(WELL) == []
    assert [one.code for one in troubles(replace(WELL, **TROUBLES[code]))] == [code]  # type: ignore[arg-type]


def test_what_moves_with_filings_is_marked_as_such() -> None:
    """What is not marked is seen by administrators who are not cleared for the secure section."""
    open_to_all = {
        code
        for code, what in TROUBLES.items()
        for one in troubles(replace(WELL, **what))
        if not one.queues  # type: ignore[arg-type]
    }
    assert open_to_all == {
        "no-worker", "log-late-public", "log-held-public", "log-held-internal",
        "log-not-signed", "sweep-late", "disk-full", "connections", "no-backup", "backup-old",
    }  # fmt: skip
