"""Settings are checked at the start and never change."""

from __future__ import annotations

import stat
from multiprocessing.pool import ThreadPool
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from aioffice.kernel import secrets
from aioffice.kernel.ledger.keys import COSIGNATURE, generate_key
from aioffice.kernel.settings import Settings


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "8123")
    monkeypatch.setenv("AIOFFICE_DATA_DIR", "/srv/office")
    monkeypatch.setenv("AIOFFICE_ALLOWED_HOSTS", "office.example, www.office.example")
    settings = Settings()
    assert settings.port == 8123
    assert settings.data_dir == Path("/srv/office")
    assert settings.allowed_hosts == ("office.example", "www.office.example")
    assert settings.base_url == "http://localhost:8123"


def test_regions_are_named_by_member_state() -> None:
    settings = Settings(regions="DE:BY, ES:MD")  # type: ignore[arg-type]  # as the environment writes it
    assert settings.regions == ("DE:BY", "ES:MD")
    assert (settings.region_of("DE"), settings.region_of("FR")) == ("BY", "")


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().port = 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"port": 70000}, "less than or equal to 65535"),
        ({"log_format": "xml"}, "auto"),
        ({"office_url": "postgresql://a@h/d"}, "AIOFFICE_SITE_URL"),
        ({"oidc_server_url": "https://login.example"}, "AIOFFICE_OIDC_CLIENT_ID"),
        ({"regions": "BY"}, "not a known Member State"),
        ({"regions": "DE"}, "such as DE:BY"),
        ({"regions": "DE:XX"}, "known are BB, "),
        ({"regions": "LU:LU"}, "it has none"),
        ({"regions": "DE:BY,DE:BE"}, "one region a Member State"),
        ({"database_url": "foo"}, "no address of a PostgreSQL database: write postgresql://"),
        ({"site_url": "", "office_url": "postgresql://a@h/d"}, "This is empty: write postgresql://"),
        ({"ledger_key": "foo"}, "This is no key of a log: a secret key is written PRIVATE"),
        ({"ledger_internal_key_next": "foo"}, "This is no key of a log"),
        (
            {"ledger_witness_key": generate_key("office.example/ledger").secret},
            "key of type 1; .* a witness one of type 4",
        ),
        (
            {"ledger_key": generate_key("w.example/w", COSIGNATURE).secret},
            "key of type 4; the log of an office has one of type 1",
        ),
    ],
)
def test_a_setting_without_meaning_is_refused_by_name(given: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Settings(**given)


def test_a_secret_that_is_refused_is_not_repeated() -> None:
    for name in ("ledger_key", "database_url"):
        with pytest.raises(ValidationError) as caught:
            Settings(**{name: "PRIVATE+KEY+hidden"})
        assert all("hidden" not in each["msg"] for each in caught.value.errors()), "what commands print"


def test_an_empty_key_is_none() -> None:
    assert Settings(ledger_key_next="").ledger_key_next == SecretStr("")


def test_the_demo_never_goes_into_a_database_that_someone_else_runs_unless_asked() -> None:
    assert Settings().wants_demo
    assert not Settings(database_url="postgresql://a@h/d").wants_demo
    assert Settings(database_url="postgresql://a@h/d", demo=True).wants_demo
    assert not Settings(demo=False).wants_demo


def test_passwords_do_not_show_when_settings_are_printed() -> None:
    assert "hidden" not in repr(Settings(database_url="postgresql://a:hidden@h/d", secret_key="hidden"))


def test_secrets_are_made_once_even_when_several_processes_start(tmp_path: Path) -> None:
    with ThreadPool(8) as pool:
        answers = pool.map(lambda _: secrets.ensure(tmp_path / "data"), range(8))
    assert all(answer == answers[0] for answer in answers)
    assert set(answers[0]) == set(secrets.NAMES)
    assert len(set(answers[0].values())) == len(secrets.NAMES)
    assert stat.S_IMODE((tmp_path / "data" / "secrets.json").stat().st_mode) == 0o600
