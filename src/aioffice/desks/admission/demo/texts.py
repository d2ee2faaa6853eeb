"""What the demo's filings say, each in the language of whoever filed it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

RANKER_NEW_PURPOSE = (
    "Ranks and groups applications for a vacancy by how well they match the job description, as a basis for deciding whom to "
    "invite. A recruiter reads every application before anybody is turned down."
)
RIGHTS_ASSESSMENT = (
    "Families with irregular income were found to be sorted for manual review more often. Case workers therefore see the "
    "reasons, review every case sorted out, and a monthly sample is checked by the ombudsperson's office."
)
DATA_PROTECTION_ASSESSMENT = (
    "Income data are taken from the tax register only for the months applied for, and deleted a year later."
)
HELD_RIGHTS_ASSESSMENT = "Children with special needs are placed by a commission, never by the system."


@dataclass(frozen=True, slots=True)
class SystemText:
    """One system: where it belongs, and what its filing says of it."""

    name: str
    point: str
    language: str
    states: tuple[str, ...]
    purpose: str
    logic: str = ""
    area: str = "other"
    status: str = "on_market_or_in_service"
    conditions: tuple[str, ...] = ()
    more: str = ""


def section_a(text: SystemText, provider: dict[str, str]) -> dict[str, Any]:
    """The words of a Section A filing; what this system's route does not ask is left out."""
    words = {"information_and_logic": text.logic, "more_information": text.more}
    return {
        "routing": _routing(text),
        "provider": provider,
        "trade_name": text.name,
        "intended_purpose": text.purpose,
        "status": text.status,
        "member_states": list(text.states),
        **{name: value for name, value in words.items() if value},
    }


def section_b(text: SystemText, provider: dict[str, str]) -> dict[str, Any]:
    """A Section B filing."""
    return {
        "routing": _routing(text),
        "provider": provider,
        "trade_name": text.name,
        "intended_purpose": text.purpose,
        "conditions": list(text.conditions),
        "status": text.status,
    }


def _routing(text: SystemText) -> dict[str, str]:
    return {
        "filer_capacity": "provider",
        "annex_iii_point": text.point,
        "area_of_use": text.area,
        "language": text.language,
    }


RANKER = SystemText(
    name="Candidate Ranker",
    point="4(a)",
    language="en",
    states=("AT", "SI"),
    purpose="Ranks applications for a vacancy by how well they match the job description, as a basis for deciding whom to invite.",
    logic="Reads curricula vitae and the vacancy; a language model compares skills and experience and gives a score with reasons. "
    "Name, age, sex and photograph are removed before.",
    more="https://kolibri.example/ranker",
)
BENEFITS = SystemText(
    name="Benefit Navigator",
    point="5(a)",
    language="sl",
    states=("SI",),
    purpose="Pomaga občinskim uradnikom presoditi, ali oseba izpolnjuje pogoje za denarno socialno pomoč, in predlaga, katere vloge "
    "naj pregledajo najprej.",
    logic="Podatke iz vloge primerja s pogoji iz zakona; model oceni, kateri podatki manjkajo. Odločitev vedno sprejme uradnik.",
)
SCREENING = SystemText(
    name="HireFlow Screening",
    point="4(a)",
    language="en",
    states=("DE", "IE", "PT"),
    purpose="Screens video interviews of applicants for customer service and summarises the answers for the recruiter.",
    logic="Transcribes what is said and groups the answers by question. Faces and voices are not analysed; only the transcript is used.",
    more="https://overseas.example/hireflow",
)
ESSAYS = SystemText(
    name="Avaliador de Redações",
    point="3(b)",
    language="pt",
    states=("PT",),
    purpose="Sugere uma classificação e comentários para redações de alunos do ensino secundário, que o professor confirma ou altera.",
    logic="Um modelo de linguagem compara a redação com os critérios do exame e com redações já classificadas por professores.",
)
EXAM_WATCH = SystemText(
    name="Vigia de Exames",
    point="3(d)",
    language="pt",
    states=("ES", "PT"),
    purpose="Assinala comportamentos proibidos durante exames feitos à distância, para revisão por um vigilante.",
    logic="Analisa a imagem da câmara e a actividade do ecrã; assinala momentos a rever, sem decidir.",
    status="no_longer_on_market_or_in_service",
)
CREDIT = SystemText(
    name="Score Solvabilité",
    point="5(b)",
    language="fr",
    states=("BE", "FR", "LU"),
    purpose="Évalue la solvabilité des personnes qui demandent un crédit à la consommation, à l’appui de la décision d’un conseiller.",
    logic="Un modèle statistique utilise les revenus, les charges et l’historique de remboursement ; ni le quartier ni la nationalité.",
    more="https://nereide.example/score",
)
EMOTIONS = SystemText(
    name="Queue Mood Monitor",
    point="1(c)",
    language="en",
    states=("IE", "NL"),
    purpose="Estimates from voices on a telephone line whether callers grow impatient, so that staff can be moved between lines.",
    logic="A model trained on acted speech gives a value for each minute of a line as a whole; nothing is kept of a single caller.",
)
BORDER = SystemText(
    name="Gannet Lattice",
    point="7(d)",
    language="en",
    states=("NL", "PT"),
    purpose="Compares travellers at a border crossing with documents issued to them, to find documents used by somebody else.",
    area="migration_asylum_border",
)
EVIDENCE = SystemText(
    name="Petrel Ledger",
    point="6(c)",
    language="en",
    states=("PT",),
    purpose="Rates how reliable digital images are as evidence in criminal investigations.",
    area="law_enforcement",
)
LAYOUT = SystemText(
    name="Layout Helper",
    point="4(a)",
    language="en",
    states=(),
    purpose="Brings curricula vitae into one layout before a recruiter reads them. It neither scores nor sorts.",
    conditions=("a", "d"),
)
DEVIATIONS = SystemText(
    name="Détecteur d’écarts",
    point="5(b)",
    language="fr",
    states=(),
    purpose="Signale après coup les décisions de crédit qui s’écartent de la pratique habituelle, pour relecture par un conseiller.",
    conditions=("c",),
)
