"""Webhooks by page, API and command line: the same may do the same, and a secret is shown once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from django.utils.translation import gettext_lazy
from typer.testing import CliRunner, Result

from aioffice.doors.cli import app
from aioffice.kernel.db import plumbing
from aioffice.kernel.outside import Answer
from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.webhooks.models import Webhook
from aioffice.kernel.webhooks.signing import secret_of
from aioffice.register.procedure import RegisterHighRisk
from tests.support.api import Machine as ApiMachine
from tests.support.api import token_of
from tests.support.desk import Seen, Somebody, somebody
from tests.support.filings import section_a
from tests.support.parties import NOW, acting_for, organisation
from tests.support.webhooks import URL, Machine, fresh, go, queued, tell, through

pytestmark = pytest.mark.django_db
LIST = "organisation/webhooks/"


@pytest.fixture(autouse=True)
def outside() -> Iterator[Machine]:
    made = Machine()
    with through(made):
        yield made


@pytest.fixture
def company() -> Organisation:
    return organisation("Kolibri d.o.o.", Capacity.PROVIDER, state="SI")


@pytest.fixture
def ana(company: Organisation) -> Somebody:
    return somebody(company, name="Ana Novak")


def shown_secret(page: Seen) -> str:
    found = re.search(r"whsec_[A-Za-z0-9+/=]{44}", page.text)
    assert found is not None, page.text
    return found.group()


def added(ana: Somebody, **data: object) -> tuple[Webhook, str, str]:
    """Add one by page; return it, its page and its secret."""
    answer = ana.send(LIST + "new/", {"name": "Pipeline", "url": URL, **data})
    assert answer.status == 200, answer.text
    (path,) = set(re.findall(r"/en/office/organisation/webhooks/[0-9a-f-]{36}/", answer.html))
    return _of(path), path, shown_secret(answer)


def _of(path: str) -> Webhook:
    from uuid import UUID

    return fresh(Webhook(pk=UUID(path.rstrip("/").rpartition("/")[2])))


def test_a_webhook_is_added_by_page_and_its_secret_shown_once(ana: Somebody) -> None:
    assert "No webhooks." in ana.see(LIST).text
    made, path, secret = added(ana, procedures=["high-risk-registration"])
    assert secret == secret_of(made)
    assert made.procedures == ["high-risk-registration"]
    for place in (LIST, path, path + "change/"):
        page = ana.see(place)
        assert page.status == 200
        assert "whsec_" not in page.html
    assert "Pipeline Switched on" in ana.see(LIST).text


def test_what_will_not_do_is_said_at_the_field_and_what_was_typed_stays(ana: Somebody) -> None:
    wrong = ana.send(LIST + "new/", {"name": "Pipeline", "url": "https://10.0.0.1/x", "procedures": ["mandate"]})
    assert wrong.status == 422
    assert "“10.0.0.1” leads to no machine on the public internet." in wrong.text
    assert wrong.value("url") == "https://10.0.0.1/x"
    assert wrong.value("name") == "Pipeline"
    assert re.search(r'value="mandate"\s+checked', wrong.html)


def test_it_is_changed_switched_off_renewed_and_removed(ana: Somebody) -> None:
    made, path, secret = added(ana)
    form = ana.see(path + "change/")
    assert form.value("url") == URL
    assert ana.send(path + "change/", {"name": "Other", "url": URL}).leads_to == path
    assert not fresh(made).active
    assert "Switched off" in ana.see(path).text
    assert "Send a test" not in ana.see(path).text
    assert ana.send(path + "test/", {}).status == 409
    ana.send(path + "change/", {"name": "Other", "url": URL, "active": "true"})
    assert fresh(made).active
    renewed = ana.send(path + "secret/", {})
    assert shown_secret(renewed) != secret
    assert "signed with the old secret too until" in renewed.text
    assert ana.send(path + "remove/", {}).leads_to == "/en/office/" + LIST
    assert ana.see(path).status == 404


def test_a_test_is_sent_and_its_answer_shown_to_administrators_as_text(ana: Somebody, outside: Machine) -> None:
    made, path, _secret = added(ana)
    outside.always(Answer(418, b"<script>alert(1)</script>" + b"x" * 900))
    assert ana.send(path + "test/", {}).leads_to == path
    assert "Waiting" in ana.see(path).text
    go(made, at=NOW.replace(year=2100))
    page = ana.see(path)
    assert "Given up Answer 418 Answered with an error 1 attempt" in page.text
    assert "<script>alert" not in page.html
    assert "&lt;script&gt;alert(1)" in page.html
    assert "x" * 176 not in page.html, "the first 200 characters and no more"
    again = re.search(rf'action="({path}deliveries/[0-9a-f-]+/send-again/)"', page.html)
    assert again is not None
    outside.always(Answer(204, b""))
    assert ana.send(again[1], {}).leads_to == path
    go(made, at=NOW.replace(year=2100))
    assert "Delivered Answer 204 1 attempt" in ana.see(path).text
    assert len({headers["webhook-id"] for _url, headers, _body in outside.sent}) == 1


def test_a_message_is_named_as_in_the_inbox_in_the_readers_language(ana: Somebody, company: Organisation) -> None:
    made, path, _secret = added(ana)
    filer = acting_for(organisation("Example Systems", Capacity.PROVIDER))
    case = perform(RegisterHighRisk.file, None, actor=filer, data=section_a(filer), at=NOW).case
    title = gettext_lazy("An authority asks you about your registration")
    queued(tell(case, filer, company.pk, at=made.since, title=title), at=made.since)
    go(made, at=made.since)
    assert "An authority asks you about your registration EU-A-2026-000001 Delivered Answer 204" in ana.see(path).text
    assert "Une autorité" in ana.see(path.replace("/en/", "/fr/")).text


def test_members_who_do_not_administer_see_neither_list_nor_link(company: Organisation, ana: Somebody) -> None:
    _made, path, _secret = added(ana)
    bor = somebody(company, Role.SIGNATORY, Role.EDITOR, email="bor@kolibri.example")
    assert LIST not in bor.see("organisation/").html
    for place in (LIST, path, LIST + "new/"):
        assert bor.see(place).status == 403
    assert LIST in ana.see("organisation/").html


def test_a_machine_does_the_same_by_api(company: Organisation, outside: Machine) -> None:
    machine = ApiMachine(token_of(company))
    answer = machine.post("/webhooks", {"name": "Pipeline", "url": URL})
    assert answer.status == 201
    made = answer.json
    assert answer.headers["location"].endswith(f"/api/v1/webhooks/{made['id']}")
    assert made["secret"].startswith("whsec_")
    one = f"/webhooks/{made['id']}"
    shown = machine.get(one).json
    assert shown == {name: value for name, value in made.items() if name != "secret"}
    assert machine.get("/webhooks").json == {"items": [shown]}
    assert machine.send("PATCH", one, {"procedures": ["mandate"], "active": False}).json == {
        **shown,
        "procedures": ["mandate"],
        "active": False,
    }
    assert machine.post(f"{one}/test").problem(422, "refused")["detail"].startswith("This webhook is switched off")
    machine.send("PATCH", one, {"active": True})
    assert machine.post(f"{one}/secret").json["secret"] != made["secret"]
    tested = machine.post(f"{one}/test")
    assert tested.status == 202
    go(_of(one), at=NOW.replace(year=2100))
    (line,) = machine.get(f"{one}/deliveries").json["items"]
    assert (line["id"], line["state"], line["status"], line["test"]) == (tested.json["id"], "delivered", 204, True)
    again = machine.post(f"{one}/deliveries/{line['id']}/send-again")
    assert (again.status, again.json["state"], again.json["message_id"]) == (202, "waiting", line["message_id"])
    assert machine.send("DELETE", one).status == 200
    machine.get(one).problem(404, "not-found")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"url": URL}, "/name"),
        ({"name": "x"}, "/url"),
        ({"name": "x", "url": "https://192.168.0.1/"}, "/url"),
        ({"name": "x", "url": URL, "procedures": "mandate"}, "/procedures"),
        ({"name": "x", "url": URL, "procedures": [1]}, "/procedures/0"),
        ({"name": "x", "url": URL, "more": 1}, "/more"),
        ({"name": 1, "url": URL}, "/name"),
    ],
)
def test_what_the_api_cannot_take_is_named_by_pointer(
    company: Organisation, body: dict[str, object], pointer: str
) -> None:
    problem = ApiMachine(token_of(company)).post("/webhooks", body).problem(422, "invalid")
    assert [error["pointer"] for error in problem["errors"]] == [pointer]


def test_a_machine_that_may_only_edit_is_told_who_may(company: Organisation) -> None:
    machine = ApiMachine(token_of(company, roles=[Role.EDITOR, Role.READER]))
    for method, path in (("GET", "/webhooks"), ("POST", "/webhooks")):
        problem = machine.send(method, path, {} if method == "POST" else None).problem(403, "not-allowed")
        assert "the role of signatory" in problem["detail"]


def test_the_document_says_what_is_sent() -> None:
    document = ApiMachine().get("/openapi.json").json
    told = document["webhooks"]["message"]["post"]
    assert {one["name"] for one in told["parameters"]} == {"webhook-id", "webhook-timestamp", "webhook-signature"}
    schema = told["requestBody"]["content"]["application/json"]["schema"]
    assert document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]["required"] == [
        "type",
        "timestamp",
        "data",
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("server_stays")
class TestCommands:
    """`aioffice webhook`, as an administrator with a password."""

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(app, ["webhook", *words], env={"AIOFFICE_PASSWORD": "correct horse battery"})

    def test_the_same_by_command(self, company: Organisation, outside: Machine) -> None:
        ana, bor = (
            somebody(company, email="ana@kolibri.example"),
            somebody(company, Role.SIGNATORY, email="b@k.example"),
        )
        with plumbing():
            for one in (ana, bor):
                one.person.set_password("correct horse battery")
                one.person.save()
        me = ("--email", "ana@kolibri.example")
        refused = self.run("add", "Pipeline", "https://127.0.0.1/", *me)
        assert refused.exit_code == 6
        assert "/url: “127.0.0.1” leads to no machine on the public internet." in refused.stderr
        made = json.loads(self.run("add", "Pipeline", URL, *me, "--procedure", "mandate", "--json").stdout)
        assert made["secret"].startswith("whsec_")
        listed = self.run("list", *me)
        assert "Pipeline" in listed.stdout
        assert "whsec_" not in listed.stdout
        assert self.run("list", "--email", "b@k.example").exit_code == 5
        one = made["id"]
        assert self.run("change", one, *me).exit_code == 2, "nothing to change"
        assert self.run("change", one, "--procedure", "mandate", "--everything", *me).exit_code == 2
        off = self.run("change", one, "--off", *me)
        assert off.stdout == f"Webhook {one} changed. It is switched off.\n"
        assert self.run("test", one, *me).exit_code == 7
        back = json.loads(self.run("change", one, "--on", "--name", "Other", "--everything", *me, "--json").stdout)
        assert (back["name"], back["url"], back["procedures"], back["active"]) == ("Other", URL, [], True)
        assert self.run("test", one, *me).exit_code == 0
        go(_of(one), at=NOW.replace(year=2100))
        (line,) = json.loads(self.run("deliveries", one, *me, "--json").stdout)["items"]
        assert (line["state"], line["status"]) == ("delivered", 204)
        again = self.run("send-again", one, line["id"], *me)
        assert again.stdout == f"Message {line['message_id']} is sent once more.\n"
        assert self.run("send-again", one, line["id"], *me).exit_code == 7, "it waits already"
        renewed = self.run("rotate", one, *me)
        assert renewed.stdout.startswith("whsec_")
        assert renewed.stdout.strip() != made["secret"]
        assert self.run("remove", one, *me).exit_code == 0
        assert self.run("deliveries", one, *me).exit_code == 4
