"""The duties of operators: by which provision, on whom, when, since when, and what shows that they are fulfilled.

In the order of the Act. `when` holds the role and what the duty presupposes; whether the Act applies at all is asked before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from aioffice.act.reasoning.expressions import Expression, Reading, Regime, all_of, any_of, before, holds, one_of, rule
from aioffice.act.reasoning.facts import Fact, choice, yes_no
from aioffice.act.reasoning.timetable import Since, Timetable, timetable
from aioffice.act.rules import annex_iii, article_02, article_05, article_06, article_25, article_50, article_51
from aioffice.act.rules import article_113 as dates


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


class_of_body = choice(
    "class_of_body",
    "26(8); 27(1); 49(3)",
    "What kind of body uses the system?",
    {
        "public_authority": "A public authority, or an institution, body, office or agency of the Union",
        "acts_for_authority": "Somebody acting on behalf of one of these",
        "public_law": "Another body governed by public law",
        "public_services": "A private body that provides public services",
        "private": "Another private body",
    },
)
employer = yes_no("employer", "26(7)", "Do you use it at a workplace as the employer?", within=article_02.is_deployer)
controls_input = yes_no(
    "controls_input", "26(4)", "Do you control the data that go into it?", within=article_02.is_deployer
)
decides_on_people = yes_no(
    "decides_on_people",
    "26(11)",
    "Does it make, or help to make, decisions about natural persons?",
    within=article_02.is_deployer,
)
post_identification = yes_no(
    "post_identification",
    "26(10)",
    "Do you use it to identify people from recordings, not in real time?",
    within=annex_iii.remote_identification,
)
searches_for_suspect = yes_no(
    "searches_for_suspect",
    "26(10)",
    "Is that to search for somebody suspected or convicted of a crime, in an investigation?",
    within=post_identification,
)
only_first_identification = yes_no(
    "only_first_identification",
    "26(10)",
    "Is it only the first identification of a possible suspect, from objective and verifiable facts directly linked to the crime?",
    within=searches_for_suspect,
)
supplies_components = yes_no(
    "supplies_components",
    "25(4)",
    "Do others supply systems, models, tools or components that are built into your system?",
)
offers_it_openly = yes_no(
    "offers_it_openly",
    "25(4)",
    "Do you make what you supply accessible to the public under a free and open-source licence?",
    within=article_02.supplies_for_system,
)
supplies_gpai_model = yes_no(
    "supplies_gpai_model",
    "25(4)",
    "Is what you supply a general-purpose AI model?",
    within=article_02.supplies_for_system,
)
processes_special_data = yes_no(
    "processes_special_data", "4a", "Do you process special categories of personal data to find or correct bias?"
)
financial_institution = yes_no(
    "financial_institution",
    "17(4); 26(5)",
    "Are you a financial institution under the rules of Union law on financial services?",
)

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
_authority = one_of(class_of_body, "public_authority")
_authority_or_on_its_behalf = one_of(class_of_body, "public_authority", "acts_for_authority")
"""49(3) names persons acting on behalf of an authority, 26(8) does not."""

_BY_THE_LETTER = "113, by the letter"
_FROM_APPLICATION = Reading("OQ1", "from_application")
_EXEMPT_FROM_APPLICATION = Reading("OQ2", "from_application")


@dataclass(frozen=True, slots=True)
class _Route:
    """When Sections 1 to 3 of Chapter III apply to one route, and before which day a system counts as earlier."""

    applies: date
    cut_off: date
    basis: str


def _chapter_iii(annex_iii_route: _Route, annex_i_route: _Route, *, for_authorities: bool = True) -> Timetable:
    """By route, with the transition of Article 111. A system on both routes is bound from the earlier day. The second sentence of 111(2)
    (`for_authorities`) names providers and deployers alone."""
    by_iii = article_06.high_risk_annex_iii
    earlier = any_of(
        all_of(by_iii, dates.high_risk_before(annex_iii_route.cut_off)),
        all_of(~by_iii, dates.high_risk_before(annex_i_route.cut_off)),
    )
    return timetable(
        dates.in_annex_x,
        Since(annex_iii_route.applies, annex_iii_route.basis, dates.changed & by_iii),
        Since(annex_i_route.applies, annex_i_route.basis, dates.changed),
        *_spared(earlier, for_authorities=for_authorities),
        Since(annex_iii_route.applies, annex_iii_route.basis, by_iii),
        Since(annex_i_route.applies, annex_i_route.basis),
    )


def _spared(earlier: Expression, *, for_authorities: bool = True) -> tuple[Since, ...]:
    """What 111(2) says of systems that were there before and have not changed."""
    if not for_authorities:
        return (Since(None, "111(2)", earlier),)
    return (
        Since(dates.PUBLIC_AUTHORITIES, "111(2)", earlier & holds(dates.for_public_authorities)),
        Since(None, "111(2)", earlier & ~holds(dates.for_public_authorities)),
    )


_AMENDED = (_Route(dates.ANNEX_III, dates.ANNEX_III, "113(c)(i)"), _Route(dates.ANNEX_I, dates.ANNEX_I, "113(c)(ii)"))
_ENACTED = (_Route(dates.GENERAL, dates.GENERAL, "113"), _Route(dates.ANNEX_I_ENACTED, dates.GENERAL, "113(c)"))

CHAPTER_III = _chapter_iii(*_AMENDED)
CHAPTER_III_ENACTED = _chapter_iii(*_ENACTED)
OF_THE_CHAIN = _chapter_iii(*_AMENDED, for_authorities=False)
OF_THE_CHAIN_ENACTED = _chapter_iii(*_ENACTED, for_authorities=False)
"""Of importers, distributors and representatives."""

BUILT_ON_CHAPTER_III = timetable(
    dates.in_annex_x,
    Since(dates.GENERAL, _BY_THE_LETTER, _FROM_APPLICATION & dates.changed),
    *_spared(_FROM_APPLICATION & dates.high_risk_before(dates.GENERAL)),
    Since(dates.GENERAL, _BY_THE_LETTER, _FROM_APPLICATION),
    *CHAPTER_III.entries[1:],
)
"""Duties outside Sections 1 to 3 that presuppose a high-risk system (OQ1): a reading moves the day of application, Article 111 stays."""
EXEMPT_REGISTRATION = timetable(
    dates.in_annex_x,
    Since(None, "6(4)", _EXEMPT_FROM_APPLICATION & before(dates.first_placed_on, dates.GENERAL)),
    Since(dates.GENERAL, _BY_THE_LETTER, _EXEMPT_FROM_APPLICATION),
    *dates.exempt.entries[1:],
)
_by_annex_iii = article_06.high_risk_annex_iii
_TESTING = timetable(
    Since(dates.GENERAL, _BY_THE_LETTER, _FROM_APPLICATION),
    Since(dates.ANNEX_III, "113(c)(i)", _by_annex_iii),
    Since(dates.ANNEX_I, "113(c)(ii)"),
)
_TESTING_ENACTED = timetable(Since(dates.GENERAL, "113"))
_testable = rule(
    "60(1)",
    "A system that may be tested in real-world conditions outside sandboxes",
    any_of(_by_annex_iii, article_06.high_risk_section_a),
    enacted=_by_annex_iii,
)
_SINCE_2025 = timetable(Since(dates.CHAPTERS_I_AND_II, "113(a)"))
_BIAS = timetable(Since(dates.AMENDMENT, "2026/1744, Article 4"))


def _system(provision: str, bearer: Bearer, *when: Expression | Fact) -> Duty:
    """A duty of Sections 1 to 3 of Chapter III."""
    return Duty(provision, bearer, all_of(_high_risk, *when), CHAPTER_III, CHAPTER_III_ENACTED)


def _chain(provision: str, bearer: Bearer, role: Fact) -> Duty:
    """A duty of Section 3 on somebody along the chain who is neither provider nor deployer."""
    return Duty(provision, bearer, all_of(_high_risk, role), OF_THE_CHAIN, OF_THE_CHAIN_ENACTED)


def _built(provision: str, bearer: Bearer, *when: Expression | Fact) -> Duty:
    """A duty elsewhere in the Act that presupposes a high-risk system (OQ1)."""
    return Duty(provision, bearer, all_of(_high_risk, *when), BUILT_ON_CHAPTER_III, CHAPTER_III_ENACTED)


def _placed(provision: str, *when: Expression | Fact) -> Duty:
    """A duty of the provider that a placing on the market or a putting into service gives, which a test is not (3(57))."""
    return _built(provision, Bearer.PROVIDER, _provider, *when, ~holds(article_02.only_before_market))


def _test(provision: str) -> Duty:
    """A duty of whoever tests in real-world conditions, outside sandboxes. There is nothing earlier that 111(2) could spare."""
    testing = all_of(_high_risk, article_02.is_provider, article_02.tested_in_real_world, _testable)
    return Duty(provision, Bearer.TESTER, testing, _TESTING, _TESTING_ENACTED)


def _model(provision: str, when: Expression) -> Duty:
    return Duty(provision, Bearer.MODEL_PROVIDER, all_of(article_02.is_provider, when), dates.models, dates.models)


_P, _D = Bearer.PROVIDER, Bearer.DEPLOYER

GENERAL = (
    Duty(
        "4",
        Bearer.OPERATOR,
        any_of(article_02.is_provider, _deployer),
        _SINCE_2025,
        _SINCE_2025,
    ),
    Duty("4a", Bearer.OPERATOR, holds(processes_special_data), _BIAS, _BIAS, new=True),
    Duty(
        "5",
        Bearer.OPERATOR,
        holds(article_05.prohibited),
        timetable(
            Since(dates.CHAPTERS_I_AND_II, "113(a)", any_of(*(point for point in article_05.points if not point.new))),
            Since(dates.NEW_PROHIBITIONS, "113(a)"),
        ),
        _SINCE_2025,
    ),
    Duty(
        "5(2) to (4)",
        Bearer.DEPLOYER,
        all_of(_deployer, annex_iii.in_law_enforcement, article_05.in_real_time_in_public, ~article_05.opted_out),
        _SINCE_2025,
        _SINCE_2025,
    ),
)

_exempt_of_provider = all_of(_provider, article_06.exempt, ~holds(article_02.only_before_market))

EXEMPT = (
    Duty("6(4)", _P, _exempt_of_provider, EXEMPT_REGISTRATION, dates.exempt_enacted),
    Duty("49(2)", _P, all_of(_exempt_of_provider, ~_outside_the_database), EXEMPT_REGISTRATION, dates.exempt_enacted),
    Duty(
        "49(5) exempt",
        _P,
        all_of(_exempt_of_provider, _outside_the_database),
        EXEMPT_REGISTRATION,
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
    _system("25(4)", _P, _provider, supplies_components),
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
        ~holds(offers_it_openly) | holds(supplies_gpai_model),
    ),
    _chain("22(3)", Bearer.AUTHORISED_REPRESENTATIVE, article_02.is_authorised_representative),
    _chain("23", Bearer.IMPORTER, article_02.is_importer),
    _chain("24", Bearer.DISTRIBUTOR, article_02.is_distributor),
)

DEPLOYER = (
    _system("26(1)", _D, _deployer),
    _system("26(2)", _D, _deployer),
    _system("26(4)", _D, _deployer, controls_input),
    _system("26(5)", _D, _deployer),
    _system("26(6)", _D, _deployer),
    _system("26(7)", _D, _deployer, employer),
    _system("26(8)", _D, _deployer, _authority, _registered),
    _system("26(9)", _D, _deployer),
    _system(
        "26(10) authorisation",
        _D,
        _deployer,
        searches_for_suspect,
        ~holds(only_first_identification),
        ~article_05.opted_out,
    ),
    _system("26(10) use", _D, _deployer, post_identification, ~article_05.opted_out),
    _system("26(11)", _D, _deployer, decides_on_people, _annex_iii, ~holds(annex_iii.in_law_enforcement)),
    _system("26(11) police", _D, _deployer, decides_on_people, _annex_iii, annex_iii.in_law_enforcement),
    _system("26(12)", _D, _deployer),
    _system(
        "27",
        _D,
        _deployer,
        _registered,
        any_of(
            one_of(class_of_body, "public_authority", "acts_for_authority", "public_law", "public_services"),
            _point["Annex III 5(b)"],
            _point["Annex III 5(c)"],
        ),
    ),
    _built("49(3)", _D, _deployer, _authority_or_on_its_behalf, _registered),
    _built("86", _D, _deployer, decides_on_people, _registered),
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
