"""The duties of operators: by which provision, on whom, when, since when, and what shows that they are fulfilled.

In the order of the Act. `when` holds the role and what the duty presupposes; whether the Act applies at all is asked before.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from aioffice.act.reasoning.expressions import Expression, Reading, Regime, all_of, any_of, holds, one_of, rule
from aioffice.act.reasoning.facts import Fact
from aioffice.act.reasoning.timetable import Since, Timetable, timetable
from aioffice.act.rules import annex_iii, article_02, article_05, article_06, article_25, article_50, article_51
from aioffice.act.rules import article_113 as dates
from aioffice.act.rules import duty_dates as since
from aioffice.act.rules import duty_facts as facts


class Bearer(StrEnum):
    """Whom a duty binds."""

    PROVIDER = "provider"
    DEPLOYER = "deployer"
    IMPORTER = "importer"
    DISTRIBUTOR = "distributor"
    AUTHORISED_REPRESENTATIVE = "authorised_representative"
    INITIAL_PROVIDER = "initial_provider"
    SUPPLIER = "supplier"
    """Who supplies what is built into a high-risk system of somebody else (25(4))."""
    TESTER = "tester"
    """A provider, or somebody about to be one, who tests in real-world conditions before the market (60)."""
    MODEL_PROVIDER = "model_provider"
    MODEL_REPRESENTATIVE = "model_representative"
    OPERATOR = "operator"
    """Whoever develops, supplies or uses it."""


@dataclass(frozen=True, slots=True)
class Duty:
    """What somebody has to do."""

    provision: str
    bearer: Bearer
    when: Expression
    amended: Timetable
    enacted: Timetable
    new: bool = False
    """Whether the text of 2024 does not have it."""

    @property
    def key(self) -> str:
        """Key of the text that says what to do."""
        return f"duty.{self.provision}"

    @property
    def shown_by_key(self) -> str:
        """Key of the text that says what shows that it is done."""
        return f"duty.{self.provision}.shown_by"

    def timetable(self, regime: Regime) -> Timetable:
        """Since when it binds, under that text."""
        return self.amended if regime is Regime.AMENDED else self.enacted


_provider: Expression = article_25.provider
_deployer: Expression = article_02.deployer

_high_risk = rule(
    "8; 27",
    "The system is high-risk, and Chapter III binds it in full.",
    any_of(article_06.high_risk_section_a, all_of(article_06.high_risk_annex_iii, ~article_06.high_risk_section_b)),
)
"""Under Section B of Annex I only 6(1), 60a and 102 to 112 apply (2(2))."""

_annex_iii = all_of(_high_risk, article_06.high_risk_annex_iii)
_point = {point.provision: point for point in annex_iii.points}
_infrastructure = _point["Annex III 2"]
_registered = rule(
    "49(1); 49(3)",
    "A use of Annex III other than critical infrastructure",
    any_of(*(point for point in annex_iii.points if point is not _infrastructure)),
    unless=article_06.derogation,
)
_outside_the_database = rule(
    "49(2); 49(5)",
    "A use in critical infrastructure alone, which the EU database does not take",
    all_of(_infrastructure, Reading("49(2)", "area_excluded")),
    unless=any_of(*(point for point in annex_iii.points if point is not _infrastructure)),
)
_authority = one_of(facts.class_of_body, "public_authority")
_authority_or_on_its_behalf = one_of(facts.class_of_body, "public_authority", "acts_for_authority")
"""49(3) names persons acting on behalf of an authority, 26(8) does not."""

_by_annex_iii = article_06.high_risk_annex_iii
_testable = rule(
    "60(1)",
    "A system that may be tested in real-world conditions outside sandboxes",
    any_of(_by_annex_iii, article_06.high_risk_section_a),
    enacted=_by_annex_iii,
)


def _system(provision: str, bearer: Bearer, *when: Expression | Fact) -> Duty:
    """A duty of Sections 1 to 3 of Chapter III."""
    return Duty(provision, bearer, all_of(_high_risk, *when), since.CHAPTER_III, since.CHAPTER_III_ENACTED)


def _chain(provision: str, bearer: Bearer, role: Fact) -> Duty:
    """A duty of Section 3 on somebody along the chain who is neither provider nor deployer."""
    return Duty(provision, bearer, all_of(_high_risk, role), since.OF_THE_CHAIN, since.OF_THE_CHAIN_ENACTED)


def _built(provision: str, bearer: Bearer, *when: Expression | Fact) -> Duty:
    """A duty elsewhere in the Act that presupposes a high-risk system (OQ1)."""
    return Duty(provision, bearer, all_of(_high_risk, *when), since.BUILT_ON_CHAPTER_III, since.CHAPTER_III_ENACTED)


def _placed(provision: str, *when: Expression | Fact) -> Duty:
    """A duty of the provider that a placing on the market or a putting into service gives, which a test is not (3(57))."""
    return _built(provision, Bearer.PROVIDER, _provider, *when, ~holds(article_02.only_before_market))


def _test(provision: str) -> Duty:
    """A duty of whoever tests in real-world conditions, outside sandboxes. There is nothing earlier that 111(2) could spare."""
    testing = all_of(_high_risk, article_02.is_provider, article_02.tested_in_real_world, _testable)
    return Duty(provision, Bearer.TESTER, testing, since.TESTING, since.TESTING_ENACTED)


def _model(provision: str, when: Expression) -> Duty:
    return Duty(provision, Bearer.MODEL_PROVIDER, all_of(article_02.is_provider, when), dates.models, dates.models)


_P, _D = Bearer.PROVIDER, Bearer.DEPLOYER

GENERAL = (
    Duty(
        "4",
        Bearer.OPERATOR,
        any_of(article_02.is_provider, _deployer),
        since.SINCE_2025,
        since.SINCE_2025,
    ),
    Duty("4a", Bearer.OPERATOR, holds(facts.processes_special_data), since.BIAS, since.BIAS, new=True),
    Duty(
        "5",
        Bearer.OPERATOR,
        holds(article_05.prohibited),
        timetable(
            Since(dates.CHAPTERS_I_AND_II, "113(a)", any_of(*(point for point in article_05.points if not point.new))),
            Since(dates.NEW_PROHIBITIONS, "113(a)"),
        ),
        since.SINCE_2025,
    ),
    Duty(
        "5(2) to (4)",
        Bearer.DEPLOYER,
        all_of(_deployer, annex_iii.in_law_enforcement, article_05.in_real_time_in_public, ~article_05.opted_out),
        since.SINCE_2025,
        since.SINCE_2025,
    ),
)

_exempt_of_provider = all_of(_provider, article_06.exempt, ~holds(article_02.only_before_market))

EXEMPT = (
    Duty("6(4)", _P, _exempt_of_provider, since.EXEMPT_REGISTRATION, dates.exempt_enacted),
    Duty(
        "49(2)",
        _P,
        all_of(_exempt_of_provider, ~_outside_the_database),
        since.EXEMPT_REGISTRATION,
        dates.exempt_enacted,
    ),
    Duty(
        "49(5) exempt",
        _P,
        all_of(_exempt_of_provider, _outside_the_database),
        since.EXEMPT_REGISTRATION,
        dates.exempt_enacted,
    ),
)

PROVIDER = (
    _system("9", _P, _provider),
    _system("10", _P, _provider),
    _system("11", _P, _provider),
    _system("12", _P, _provider),
    _system("13", _P, _provider),
    _system("14", _P, _provider),
    _system("15", _P, _provider),
    _system("16(b)", _P, _provider),
    _system("16(l)", _P, _provider),
    _system("17", _P, _provider),
    _system("18", _P, _provider),
    _system("19", _P, _provider),
    _system("20", _P, _provider),
    _system("21", _P, _provider),
    _system("22", _P, _provider, ~holds(article_02.established_in_union)),
    _system("25(4)", _P, _provider, facts.supplies_components),
    _placed("43"),
    _placed("47"),
    _placed("48"),
    _placed("49(1)", _registered),
    _placed("49(5)", _infrastructure, ~holds(article_06.derogation)),
    _placed("72"),
    _built("73", _P, _provider),
)

TESTS = (
    _test("60(4)"),
    _test("60(5)"),
    _test("60(7)"),
    _test("60(8)"),
    _test("61"),
)

CHAIN = (
    _system("25(2)", Bearer.INITIAL_PROVIDER, article_25.first_provider),
    _system(
        "25(4) suppliers",
        Bearer.SUPPLIER,
        article_02.supplies_for_system,
        ~holds(facts.offers_it_openly) | holds(facts.supplies_gpai_model),
    ),
    _chain("22(3)", Bearer.AUTHORISED_REPRESENTATIVE, article_02.is_authorised_representative),
    _chain("23", Bearer.IMPORTER, article_02.is_importer),
    _chain("24", Bearer.DISTRIBUTOR, article_02.is_distributor),
)

DEPLOYER = (
    _system("26(1)", _D, _deployer),
    _system("26(2)", _D, _deployer),
    _system("26(4)", _D, _deployer, facts.controls_input),
    _system("26(5)", _D, _deployer),
    _system("26(6)", _D, _deployer),
    _system("26(7)", _D, _deployer, facts.employer),
    _system("26(8)", _D, _deployer, _authority, _registered),
    _system("26(9)", _D, _deployer),
    _system(
        "26(10) authorisation",
        _D,
        _deployer,
        facts.searches_for_suspect,
        ~holds(facts.only_first_identification),
        ~article_05.opted_out,
    ),
    _system("26(10) use", _D, _deployer, facts.post_identification, ~article_05.opted_out),
    _system("26(11)", _D, _deployer, facts.decides_on_people, _annex_iii, ~holds(annex_iii.in_law_enforcement)),
    _system("26(11) police", _D, _deployer, facts.decides_on_people, _annex_iii, annex_iii.in_law_enforcement),
    _system("26(12)", _D, _deployer),
    _system(
        "27",
        _D,
        _deployer,
        _registered,
        any_of(
            one_of(facts.class_of_body, "public_authority", "acts_for_authority", "public_law", "public_services"),
            _point["Annex III 5(b)"],
            _point["Annex III 5(c)"],
        ),
    ),
    _built("49(3)", _D, _deployer, _authority_or_on_its_behalf, _registered),
    _built("86", _D, _deployer, facts.decides_on_people, _registered),
)

_told = {point.provision: point for point in article_50.points}

TRANSPARENCY = (
    Duty("50(1)", _P, _told["50(1)"], dates.transparency, dates.transparency),
    Duty("50(2)", _P, _told["50(2)"], dates.marking, dates.transparency),
    Duty("50(3)", _D, _told["50(3)"], dates.transparency, dates.transparency),
    Duty("50(4) deep fakes", _D, _told["50(4) deep fakes"], dates.transparency, dates.transparency),
    Duty("50(4) texts", _D, _told["50(4) texts"], dates.transparency, dates.transparency),
)

_documented = all_of(article_51.gpai, ~article_51.open_source_relief)

MODELS = (
    _model("53(1)(a)", _documented),
    _model("53(1)(b)", _documented),
    _model("53(1)(c)", article_51.gpai),
    _model("53(1)(d)", article_51.gpai),
    _model("53(3)", article_51.gpai),
    _model("54", all_of(_documented, ~holds(article_02.established_in_union))),
    Duty(
        "54(3) to (5)",
        Bearer.MODEL_REPRESENTATIVE,
        all_of(article_02.is_authorised_representative, _documented),
        dates.models,
        dates.models,
    ),
    _model("52(1)", all_of(article_51.gpai, article_51.meets_51_1_a)),
    _model("55(1)(a)", article_51.systemic),
    _model("55(1)(b)", article_51.systemic),
    _model("55(1)(c)", article_51.systemic),
    _model("55(1)(d)", article_51.systemic),
)

DUTIES = (*GENERAL, *EXEMPT, *PROVIDER, *TESTS, *CHAIN, *DEPLOYER, *TRANSPARENCY, *MODELS)
"""All duties that have a rule, in the order of the Act within each group."""
