"""The status page: says in words whether the office works, also without its database, and nothing that moves with what is filed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

import pytest
import time_machine
from django.db import connections
from django.test import Client
from django.urls import reverse

from aioffice.doors import announcing
from aioffice.doors.web import public_status
from aioffice.doors.web.templatetags._dates import long_moment
from aioffice.kernel.db import acting, plumbing
from aioffice.kernel.ledger import statements
from aioffice.kernel.ledger.writing import add
from aioffice.kernel.parties.actor import Actor, service
from aioffice.kernel.parties.models import AuditEntry, Person
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.errors import Invalid, NotAllowed, NotFound
from aioffice.kernel.watching import announcements, faults, state
from aioffice.kernel.watching.rights import OPERATOR
from tests.support.parties import NOW, acting_for, organisation

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(announcing, "REMEMBERED_SECONDS", 0.0)
    monkeypatch.setattr(public_status, "FAILING", public_status._Failing())
    monkeypatch.setattr(announcing.MEMORY, "_known", ())
    announcing.MEMORY.forget()
    with time_machine.travel(NOW, tick=False):
        yield
    announcing.MEMORY.forget()


def said() -> dict[str, object]:
    answer = Client().get("/status.json")
    assert answer.status_code == 200
    return dict(json.loads(answer.content))


def works(part: str) -> object:
    return said()["parts"][part]["works"]  # type: ignore[index]


@contextmanager
def without(alias: str) -> Iterator[None]:
    """The database does not let this role in."""
    connection = connections[alias]
    connection.close()
    password, connection.settings_dict["PASSWORD"] = connection.settings_dict["PASSWORD"], "wrong"
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["PASSWORD"] = password


def staff(*, cleared: bool = False, roles: tuple[Role, ...] = (Role.ADMINISTRATOR,)) -> Actor:
    return acting_for(organisation("AI Office", Capacity.AI_OFFICE, state=""), roles=roles, cleared=cleared)


def test_a_working_office_says_so_and_may_be_kept_for_some_seconds() -> None:
    state.look(NOW)
    answer = Client().get("/en/status/")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "public, max-age=10"
    assert "Everything works." in answer.content.decode()
    assert {part["works"] for part in said()["parts"].values()} == {True}  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_it_is_drawn_while_no_database_answers(language: str) -> None:
    state.look(NOW)
    announcements.post("incident", {"en": "The database is ill."}, starts_at=NOW, actor=OPERATOR, at=NOW)
    announcing.MEMORY.all(NOW)  # as a page some seconds ago
    with without("default"), without("site"):
        answer = Client().get(f"/{language}/status/")
        assert answer.status_code == 200
        assert "The database is ill." in answer.content.decode()
        found = said()
    assert found["status"] == "failing"
    parts = found["parts"]
    assert {name: part["works"] for name, part in parts.items()} == {  # type: ignore[attr-defined]
        "site": False, "search": False, "filing": False, "log": None, "publication": None, "mail": None,
    }  # fmt: skip
    assert parts["site"]["since"] == NOW.isoformat()  # type: ignore[index]


def test_one_role_that_fails_is_one_part_that_fails() -> None:
    state.look(NOW)
    with without("default"):
        assert (works("filing"), works("site"), works("search")) == (False, True, True)


def test_when_nobody_looked_for_long_the_jobs_do_not_work_and_it_says_since_when() -> None:
    state.look(NOW - timedelta(minutes=7))
    for part in ("publication", "mail"):
        assert said()["parts"][part] == {"works": False, "since": (NOW - timedelta(minutes=7)).isoformat()}  # type: ignore[index]
    state.look(NOW)
    assert works("publication") is True


def test_a_mail_server_that_does_not_answer_shows() -> None:
    with mock.patch.object(state, "mailers") as mailers:
        mailers.default.open.side_effect = ConnectionRefusedError
        state.look(NOW - timedelta(minutes=1))
        state.look(NOW)
    assert said()["parts"]["mail"] == {"works": False, "since": (NOW - timedelta(minutes=1)).isoformat()}  # type: ignore[index]


def test_nothing_that_moves_with_a_filing_of_the_secure_section_moves_the_page() -> None:
    """What waits in the internal log, queues, events: whatever happens there, the page is the same to the byte."""

    def everything() -> tuple[bytes, bytes]:
        state.look(NOW)
        return Client().get("/en/status/").content, Client().get("/status.json").content

    before = everything()
    long_ago = NOW - timedelta(hours=3)
    with acting(service("registrar"), NOW):
        add("internal", [(statements.anchor("nobody", b"\0" * 32, long_ago), None)], long_ago)
        with connections["default"].cursor() as cursor:
            cursor.execute(
                "insert into procrastinate_jobs (queue_name, task_name, status) values ('events', 'kernel.deliver_events', 'todo'), "
                "('notices', 'notices.send_notices', 'failed')"
            )
            cursor.execute("update procrastinate_events set at = %s", [long_ago])
            cursor.execute(
                "insert into procedures_outboxevent (id, name, case_id, record_id, recorded_at) "
                "select gen_random_uuid(), 'X', gen_random_uuid(), gen_random_uuid(), %s",
                [long_ago],
            )
    assert everything() == before
    # A public text that waits is everybody's business.
    with acting(service("registrar"), NOW):
        add("public", [(statements.anchor("nobody", b"\0" * 32, long_ago), None)], long_ago)
    state.look(NOW)
    assert works("publication") is False


def test_draining_is_not_open_for_filing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from aioffice.kernel.settings import Settings

    # A place of this test's own: the data folder is that of all workers, whose offices stay open.
    mark = tmp_path / "draining"
    monkeypatch.setattr(Settings, "draining_file", property(lambda _settings: mark))
    mark.touch()
    try:
        assert works("filing") is False
        answer = Client().get("/health")
        assert (answer.status_code, answer.json()["status"]) == (503, "draining")
        assert Client().get("/health/live").status_code == 200
    finally:
        mark.unlink()
    assert Client().get("/health").status_code == 200


# --- announcements ---------------------------------------------------------------------------------------------


def test_what_is_announced_stands_on_every_page_until_it_is_over() -> None:
    one = announcements.post(
        "maintenance",
        {"en": "Filing stops for an hour.", "fr": "Les dépôts s’arrêtent une heure."},
        starts_at=NOW,
        ends_at=NOW + timedelta(hours=1),
        actor=OPERATOR,
        at=NOW,
    )
    for path in ("/en/", "/en/register/", "/en/status/", "/en/account/login/"):
        assert "Filing stops for an hour." in Client().get(path).content.decode(), path
    assert "Les dépôts s’arrêtent" in Client().get("/fr/").content.decode()
    announcements.end(one.id, actor=OPERATOR, at=NOW)
    assert "Filing stops" not in Client().get("/en/").content.decode()
    assert "Filing stops" in Client().get("/en/status/").content.decode(), "the status page remembers"
    with pytest.raises(NotFound):
        announcements.end(one.id, actor=OPERATOR, at=NOW)


def test_planned_work_is_over_by_itself_and_an_incident_is_not() -> None:
    later = NOW + timedelta(hours=1)
    work = announcements.post("maintenance", {"en": "Work."}, starts_at=NOW, ends_at=later, actor=OPERATOR, at=NOW)
    incident = announcements.post("incident", {"en": "Ill."}, starts_at=NOW, ends_at=later, actor=OPERATOR, at=NOW)
    assert (work.stands(NOW), work.stands(later)) == (True, False)
    assert incident.stands(later + timedelta(days=1))


def status_page(language: str = "en") -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", Client().get(f"/{language}/status/").content.decode()).split())


def test_an_announced_incident_is_the_verdict_where_every_part_works() -> None:
    state.look(NOW)
    assert said()["status"] == "ok"
    announcements.post(
        "incident", {"en": "E-mails come late."}, starts_at=NOW + timedelta(hours=1), actor=OPERATOR, at=NOW
    )
    assert said()["status"] == "ok", "it has not begun"
    one = announcements.post(
        "incident", {"en": "Search is slow."}, starts_at=NOW - timedelta(hours=1), actor=OPERATOR, at=NOW
    )
    assert said()["status"] == "incident"
    page = status_page()
    assert "Everything works." not in page
    assert page.count("Search is slow.") == 1, "in the body, and not above it once more"
    announcements.end(one.id, actor=OPERATOR, at=NOW)
    assert said()["status"] == "ok"


def test_what_is_ended_before_it_begins_is_cancelled() -> None:
    begin, end = NOW + timedelta(hours=5), NOW + timedelta(hours=6)
    work = announcements.post("maintenance", {"en": "Work."}, starts_at=begin, ends_at=end, actor=OPERATOR, at=NOW)
    assert (work.stage(NOW), work.stage(begin), work.stage(end)) == ("to-come", "now", "over")
    ended = announcements.end(work.id, actor=OPERATOR, at=NOW)
    assert (ended.stage(NOW), ended.stage(end)) == ("cancelled", "cancelled")
    (line,) = said()["announcements"]  # type: ignore[misc]
    assert (line["stage"], line["stands"]) == ("cancelled", False)  # type: ignore[index]
    assert "Cancelled before it began. Planned: from" in status_page()
    assert "Annulé avant le début" in status_page("fr")


def test_day_and_place_of_the_clock_are_said_once() -> None:
    begin = datetime(2026, 11, 25, 21, tzinfo=UTC)
    announcements.post(
        "maintenance", {"en": "Work."}, starts_at=begin, ends_at=begin + timedelta(hours=1), actor=OPERATOR, at=NOW
    )
    words = " ".join(Client().get("/en/").content.decode().split())
    assert "From Wednesday 25 November 2026, 22:00 to 23:00 Brussels time." in words


@pytest.mark.parametrize(("hours", "words"), [(-1, "Depuis le"), (1, "À partir du")])
def test_french_says_since_of_what_has_begun(hours: int, words: str) -> None:
    announcements.post("incident", {"en": "Ill."}, starts_at=NOW + timedelta(hours=hours), actor=OPERATOR, at=NOW)
    assert words in Client().get("/fr/").content.decode()


@pytest.mark.parametrize(
    ("kind", "texts", "hours", "pointer"),
    [
        ("party", {"en": "x"}, None, "/kind"),
        ("incident", {}, None, "/texts/en"),
        ("incident", {"fr": "x"}, None, "/texts/en"),
        ("incident", {"en": "x" * 1001}, None, "/texts/en"),
        ("incident", {"en": "x", "tlh": "x"}, None, "/texts/tlh"),
        ("maintenance", {"en": "x"}, -1, "/ends_at"),
    ],
)
def test_what_cannot_be_announced_is_said_at_its_place(
    kind: str, texts: dict[str, str], hours: int | None, pointer: str
) -> None:
    end = None if hours is None else NOW + timedelta(hours=hours)
    with pytest.raises(Invalid) as caught:
        announcements.post(kind, texts, starts_at=NOW, ends_at=end, actor=OPERATOR, at=NOW)
    assert pointer in {fault.pointer for fault in caught.value.errors}


@pytest.mark.parametrize("far", ["9999-12-31T23:30+00:00", "0001-01-01T00:00+14:00", "2028-03-01T00:00+00:00"])
def test_what_begins_or_ends_in_another_age_is_not_announced(far: str) -> None:
    moment = datetime.fromisoformat(far)
    for starts, ends, pointer in ((moment, None, "/starts_at"), (NOW, moment, "/ends_at")):
        with pytest.raises(Invalid) as caught:
            announcements.post("incident", {"en": "x"}, starts_at=starts, ends_at=ends, actor=OPERATOR, at=NOW)
        assert [fault.pointer for fault in caught.value.errors] == [pointer]
    assert long_moment(moment)


def test_text_is_text_and_not_markup() -> None:
    announcements.post("incident", {"en": "<script>x</script>"}, starts_at=NOW, actor=OPERATOR, at=NOW)
    assert "<script>x" not in Client().get("/en/").content.decode()


def test_only_administrators_of_the_office_announce_and_it_is_written_down() -> None:
    provider = acting_for(organisation("Provider (fictional)", Capacity.PROVIDER))
    for stranger in (provider, staff(roles=(Role.EDITOR, Role.SIGNATORY)), service("publisher")):
        with pytest.raises(NotAllowed):
            announcements.post("incident", {"en": "x"}, starts_at=NOW, actor=stranger, at=NOW)
    head = acting_for(organisation("AI Office 2", Capacity.AI_OFFICE, state=""))
    announcements.post("incident", {"en": "x"}, starts_at=NOW, actor=head, at=NOW)
    with acting(head, NOW):
        assert AuditEntry.objects.filter(action="announcement.post", actor=head.id).count() == 1


# --- what administrators of the Office see ---------------------------------------------------------------------


def failed_job(task: str = "notices.send_notices", error: Exception | None = None) -> int:
    with acting(OPERATOR, NOW), connections["default"].cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_jobs (queue_name, task_name, status) values ('notices', %s, 'failed') returning id",
            [task],
        )
        (number,) = cursor.fetchone()
    faults.note(number, task, error or ConnectionRefusedError("connection refused"), NOW)
    return int(number)


def test_a_failed_job_is_shown_with_its_reason_and_tried_again() -> None:
    job, cleared = failed_job(), staff(cleared=True)
    (shown,) = faults.failed_jobs(actor=cleared, at=NOW)
    assert (shown.id, shown.task, shown.error) == (
        job,
        "notices.send_notices",
        "ConnectionRefusedError: connection refused",
    )
    faults.retry(job, actor=cleared, at=NOW)
    assert faults.failed_jobs(actor=cleared, at=NOW) == []
    with acting(cleared, NOW):
        assert AuditEntry.objects.filter(action="job.retry", target=f"job:{job}").count() == 1
        with connections["default"].cursor() as cursor:
            cursor.execute("select status from procrastinate_jobs where id = %s", [job])
            assert cursor.fetchone() == ("todo",)
    with pytest.raises(NotFound):
        faults.retry(job, actor=cleared, at=NOW)


def test_of_what_people_filed_no_error_tells() -> None:
    error = RuntimeError('duplicate key value violates "x"\nDETAIL:  Key (name)=(Secret Name) already exists.')
    failed_job(error=error)
    (shown,) = faults.failed_jobs(actor=OPERATOR, at=NOW)
    assert "Secret Name" not in shown.error


@pytest.mark.parametrize("cleared", [False, True])
def test_queues_are_for_those_who_are_cleared(cleared: bool) -> None:
    """They move with what is filed in the secure section: the page of everybody else is the same to the byte."""
    actor = staff(cleared=cleared)
    client = Client()
    with plumbing():
        client.force_login(Person.objects.get(pk=actor.person), backend="django.contrib.auth.backends.ModelBackend")

    def page() -> str:
        text = client.get(reverse("office_operations")).content.decode()
        return _without_tokens(text)

    before = page()
    failed_job()
    assert ("ConnectionRefusedError" in page()) == cleared
    assert (page() == before) == (not cleared)


def _without_tokens(text: str) -> str:
    text = re.sub(r"csrfmiddlewaretoken\" value=\"\w+\"|X-CSRFToken\": \"\w+\"|nonce=\"[^\"]+\"", "", text)
    # free space on this machine moves with whatever else it does
    return re.sub(r"[\d.,\s\xa0]+(MB|GB|kB)", "", text)
