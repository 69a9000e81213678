"""Minutes and draft clauses as a Word document, for whoever goes on writing in them."""

from typing import TYPE_CHECKING

import docx
from docx.document import Document as Paper

from webui import words
from webui.reports.pack import Pack
from webui.reports.word import as_file, fit, write_clauses

if TYPE_CHECKING:
    from webui.reports.minutes import Group, Minutes, Settled


def word(pack: Pack, minutes: "Minutes") -> bytes:
    """The document."""
    meeting, paper = minutes.meeting, docx.Document()
    title = f"Minutes of the meeting of {words.local_day(meeting.began_at, pack.zone)}"
    paper.add_heading(fit(f"{title}: {pack.firm}"), 0)
    paper.add_paragraph(fit(f"Present: {meeting.present or 'not noted'}"))
    paper.add_paragraph(fit(f"Began {words.moment(meeting.began_at, pack.zone)}, recorded by {meeting.began_by}"))
    for number, need in enumerate(minutes.needs, 1):
        _need(paper, number, need, pack.zone)
    _ends(paper, minutes)
    paper.add_page_break()  # type: ignore[no-untyped-call]
    write_clauses(paper, pack)
    return as_file(paper, pack, f"{title}: {pack.firm}")


def _need(paper: Paper, number: int, need: "Settled", zone: str) -> None:
    paper.add_heading(fit(f"{number}. {need.need}"), 1)
    for group in need.groups:
        paper.add_paragraph(fit(_said(group, zone)), style="List Bullet")
    if need.note:
        paper.add_paragraph(fit(need.note))
    if need.open:
        paper.add_paragraph(fit(f"Still open: {words.listed([one.name for one in need.open])}."))
    elif not need.rulings and not need.note:
        paper.add_paragraph("Nothing was decided.")


def _said(group: "Group", zone: str) -> str:
    """Decisions on the same terms in one paragraph; as the template of the minutes."""
    one = group.decision
    scope = f" ({words.SCOPES[one.account]})" if one.account != "any" else ""
    parts = [f"{words.listed(group.names)}{scope}: {words.STATUSES[one.status]}."]
    parts += [words.stopped(one.reason)] if one.reason else []
    parts += [f"Conditions: {words.stopped(one.conditions)}"] if one.conditions else []
    parts += [f"Data: {words.stopped(one.data_held)}"] if one.data_held else []
    parts.append(f"Owner: {words.stopped(one.owner or 'nobody yet')}")
    if one.review_by:
        parts.append(f"{'To be looked at again by' if one.status == 'not_approved' else 'Until'} {words.day(one.review_by)}.")
    if group.now:
        parts.append(f"The register says since {words.local_day(group.now.decided_at, zone)}: {words.STATUSES[group.now.status].lower()}.")
    return " ".join(filter(None, parts))


def _ends(paper: Paper, minutes: "Minutes") -> None:
    if minutes.dates:
        paper.add_heading("What holds until when", 1)
    for day, ruled in minutes.dates.items():
        paper.add_paragraph(fit(f"{words.day(day)}: {words.listed([one.name for one in ruled])}"), style="List Bullet")
    if minutes.unowned:
        paper.add_heading("Nobody answers for it yet", 1)
        paper.add_paragraph(fit(words.listed([one.name for one in minutes.unowned])))
