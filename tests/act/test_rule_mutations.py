"""Each small mistake in the rules is noticed by some case; the few that are not are explained."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import yaml

from tests.support.act_cases import cases
from tests.support.act_mutations import Trial, mutations

EXPLAINED = Path(__file__).with_name("rule_mutations_explained.yaml")


def test_every_mistake_in_the_rules_is_noticed_or_explained() -> None:
    explained = {row["mistake"]: row["why"] for row in yaml.safe_load(EXPLAINED.read_text())}
    trial = Trial(cases())
    found = list(mutations())
    twice = [name for name, times in Counter(mutation.name for mutation in found).items() if times > 1]
    assert not twice, f"Two mistakes have one name: {twice}"
    unnoticed = [mutation.name for mutation in found if trial.notices(mutation) is None]
    new = [name for name in unnoticed if name not in explained]
    assert not new, "No case notices:\n" + "\n".join(new)
    stale = sorted(explained.keys() - set(unnoticed))
    assert not stale, f"Explained, but some case notices, or the rule is gone: {stale}"
    assert len(found) > 500
