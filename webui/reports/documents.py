"""The documents of the policy pack: each is one fragment in templates/reports/documents, told to one kind of reader."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from rules.findings import Finding
from rules.items import COSTS
from rules.proposals import choices
from webui import charts, facts, needs, words
from webui.reports.pack import Pack

#: Services, needs and decisions that the short documents tell at most; the annex holds all.
MOST: Final = 8


@dataclass(frozen=True, slots=True)
class Document:
    """One document: its id (and template), title, and for whom it is."""

    id: str
    title: str
    reader: str


DOCUMENTS: Final = (
    Document("one-page", "One page for the owner", "Whoever pays: the situation, what changed, and what to decide, on one page."),
    Document("executive", "Executive report", "Directors: situation, risks in words, gaps, recommendations, coverage. Six pages at most."),
    Document("agenda", "Agenda for the discussion", "Everybody at the table: one need after the other, with the questions to settle."),
    Document("decisions", "Decisions", "Whoever has to act on them: what is decided, on what terms, and what is still open."),
    Document("clauses", "Draft clauses", "The policy's author: clauses that follow from the decisions taken."),
    Document("staff", "Note to staff", "Everybody who works there: why this is done, and what changes."),
    Document("teams", "Team sheets", "Heads of teams: what their team works with. Small groups are not shown."),
    Document("roadmap", "Roadmap and controls", "Whoever plans: what comes when, and which controls it serves."),
    Document("exits", "Exit sheets", "Whoever leaves a service: how to fetch the data and close it."),
    Document("annex", "Annex: evidence and facts", "Whoever doubts a number: domains, logs and facts behind each claim."),
)
BY_ID: Final[Mapping[str, Document]] = {document.id: document for document in DOCUMENTS}
#: What `pack` means.
PACK: Final = tuple(BY_ID)


def template(document: str) -> str:
    """Name of a document's template."""
    return f"reports/documents/{document}.html"


def context(pack: Pack, *, logo: str, proof: Callable[[str], str | None]) -> dict[str, Any]:
    """What the fragments can use.

    Args:
        pack: what is told.
        logo: address or data of the picture; empty where there is none.
        proof: service id -> where its evidence stands; None: nowhere in this document.
    """
    return {
        "pack": pack,
        "words": words,
        "logo": logo,
        "proof": proof,
        "most": MOST,
        "choices": choices(),
        "costs": COSTS,
        "against": against,
        "by_plan": facts.by_plan,
        "of_whole": facts.of_whole,
        "need_of": needs.in_words,
        "levels": charts.stack([(level, pack.by_level.get(level, 0)) for level in words.LEVELS]),
        "main_reasons": charts.main_reasons,
        "lines": _lines(pack),
    }


def against(finding: Finding, most: int = 2) -> list[str]:
    """What raises a service's risk the most, in words."""
    main, _ = charts.main_reasons(finding.risk)
    return [reason.text for reason in main if reason.points > 0][:most]


def _lines(pack: Pack) -> dict[str, int]:
    """The account of all logs: every physical line is an event, skipped or not understood."""
    logs = pack.picture.firm.logs
    found = {"lines": sum(log.lines for log in logs), "events": sum(log.events for log in logs)}
    return found | {"skipped": sum(sum(log.skipped.values()) for log in logs), "rejected": sum(sum(log.rejected.values()) for log in logs)}
