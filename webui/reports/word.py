"""Agenda and draft clauses as a Word document, for whoever goes on writing in them."""

import io
import re
import zipfile
from datetime import UTC, datetime, time
from typing import Final

import docx
from docx.document import Document as Paper

from rules.proposals import choices
from webui import needs, words
from webui.reports.documents import MOST
from webui.reports.pack import Pack, Topic

#: What XML cannot carry, and signs that turn the direction of text.
_UNFIT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
#: The time of every part of the file, so that the same data give the same bytes.
_ALWAYS: Final = (1980, 1, 1, 0, 0, 0)


def word(pack: Pack) -> bytes:
    """The document."""
    paper = docx.Document()
    _agenda(paper, pack)
    paper.add_page_break()  # type: ignore[no-untyped-call]
    write_clauses(paper, pack)
    return as_file(paper, pack, f"Agenda and draft clauses: {pack.firm}")


def as_file(paper: Paper, pack: Pack, title: str) -> bytes:
    """A document as a file that depends on nothing but what it says."""
    made = datetime.combine(pack.until, time(), UTC) if pack.until else datetime(2000, 1, 1, tzinfo=UTC)
    about = paper.core_properties
    about.author, about.title, about.comments = pack.look.name or "Gnomon", fit(title)[:255], ""
    about.created = about.modified = made.replace(tzinfo=None)
    file = io.BytesIO()
    paper.save(file)
    return _settled(file.getvalue())


def fit(text: str) -> str:
    """A text as the document can hold it."""
    return _UNFIT.sub("\ufffd", text)


def _agenda(paper: Paper, pack: Pack) -> None:
    paper.add_heading(fit(f"Agenda for the discussion: {pack.firm}"), 0)
    paper.add_paragraph(fit(f"{words.span(pack.since, pack.until)}. The question is what people need, not who did what."))
    paper.add_heading("What can be decided, and what follows", 1)
    for status, text in choices().items():
        paper.add_paragraph(f"{words.STATUSES[status]}: {text}", style="List Bullet")
    for number, topic in enumerate(pack.topics[:MOST], 1):
        _topic(paper, pack, number, topic)
    if not pack.topics:
        paper.add_paragraph("No need waits for a decision.")


def _topic(paper: Paper, pack: Pack, number: int, topic: Topic) -> None:
    gap = topic.gap
    paper.add_heading(fit(f"{number}. {needs.in_words(gap.capability, gap.title)}"), 1)
    provided = f"Provided: {words.listed(gap.toolset)}." if gap.toolset else "Nothing is provided for it."
    who = f"{words.people(gap.people, pack.situation.whole)} on {words.plural(gap.days, 'day')}"
    teams = f"; teams: {words.listed(topic.teams)}" if topic.teams else ""
    paper.add_paragraph(fit(f"{who[:1].upper()}{who[1:]}{teams}. {provided}"))
    for point in topic.points:
        level = point.finding.risk.level.lower()
        said = f"{point.finding.name} ({level} risk, {words.people(point.finding.active_people)}): {point.proposal.text}"
        paper.add_paragraph(fit(said), style="List Bullet")
    paper.add_paragraph(fit(f"Questions to settle: {gap.question} Whose data could be in it? Who owns the answer, and until when does it hold?"))
    paper.add_paragraph("Decision:\t\t\t\tOwner:\t\t\tUntil:")


def write_clauses(paper: Paper, pack: Pack) -> None:
    """The draft clauses, into a document."""
    paper.add_heading("Draft clauses for the acceptable-use policy", 0)
    paper.add_paragraph("A draft that follows from the decisions taken. Read it over, and have it checked where the law is touched.")
    for number, clause in enumerate(pack.clauses, 1):
        paper.add_heading(fit(f"{number}. {clause.heading}"), 1)
        for sentence in clause.sentences:
            paper.add_paragraph(fit(sentence))


def _settled(content: bytes) -> bytes:
    """The same file with one time on every part."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(target, "w") as after:
        for name in before.namelist():
            part = zipfile.ZipInfo(name, _ALWAYS)
            part.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(part, before.read(name))
    return target.getvalue()
