"""Names stand where people look for them."""

from __future__ import annotations

from django.utils import translation

from aioffice.desks.admission import vocabulary as admission
from aioffice.kernel.sorting import by_name
from aioffice.register import vocabulary as register


def test_accents_and_capitals_do_not_matter() -> None:
    names = ["Zambie", "États-Unis", "espagne", "Estonie", "Île de Man", "Irlande", "Éthiopie"]
    assert [name for _code, name in by_name([("", name) for name in names])] == [
        "espagne", "Estonie", "États-Unis", "Éthiopie", "Île de Man", "Irlande", "Zambie",
    ]  # fmt: skip


def test_states_and_countries_follow_the_language_of_the_page() -> None:
    with translation.override("en"):
        english = [name for _code, name in register.states()]
        assert english[:5] == ["Austria", "Belgium", "Bulgaria", "Croatia", "Cyprus"]
        assert [name for _code, name in admission.states()] == english
    with translation.override("fr"):
        assert [name for _code, name in register.states()][:2] == ["Allemagne", "Autriche"]
        union, *countries = [name for _code, name in admission.countries()]
        assert union.startswith("Union")
        assert countries.index("Espagne") < countries.index("États-Unis") < countries.index("Finlande")
