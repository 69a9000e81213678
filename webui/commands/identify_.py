"""`gnomon identify`: which format a log has, and what the columns of an unknown one may be."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from rich.table import Table as Shown

from discovery import records, sightings
from discovery.blocks import Blocks
from discovery.errors import GnomonError, UnreadableLog
from discovery.identify import HEAD, Candidate, candidates, head_events, identify, lease_file, title
from discovery.kinds.records import Content
from discovery.logs import LogFile, find
from discovery.own_formats import ROLES
from discovery.own_formats_guess import guess, preview, propose, teachable
from discovery.own_formats_table import Table, table
from discovery.preflight import notes
from discovery.times import Reading
from discovery.unfold import unfolded
from webui.commands.reading import as_json, told

_SURE, _LIKELY = 0.9, 0.5
_ROWS, _EVENTS = 3, 3
_TEACH = "Save the proposal with --save FILE.toml, correct it there, and look at the events with `gnomon parse LOG --format FILE.toml --limit 10`."


@click.command("identify")
@click.argument("log")
@click.option("--output", type=click.Choice(["text", "json"]), default="text", help="How to answer.")
@click.option(
    "--save", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Of a log that no format understands: write the proposal."
)
def command(log: str, output: str, save: Path | None) -> None:
    """Which format LOG has, how sure that is, and why not the next best.

    Of a log with columns that no format understands, the first lines as a table and what each column may be.

    Example: gnomon identify access.log
    """
    found = [_identify(one) for one in find([log])]
    if output == "json":
        as_json([_plain(one) for one in found] if len(found) > 1 else _plain(found[0]))
    for answer in found if output == "text" else ():
        _say(answer)
    unknown = next((answer for answer in found if answer["format"] is None), None)
    if unknown is None:
        return
    if save is None:
        raise GnomonError(f"{unknown['why']} {_TEACH if unknown['proposal'] else 'The time or the site was not found among its columns.'}")
    if unknown["proposal"] is None:
        raise GnomonError(f"{unknown['path']}: the time or the site was not found among its columns, so there is nothing to save.")
    save.write_text(unknown["proposal"], encoding="utf-8")
    click.echo(f"The proposal is in {save}. `gnomon scan {unknown['path']} --format {save}` reads the log with it.", err=True)


def _identify(log: LogFile) -> dict[str, Any]:
    with log.open() as stream:
        blocks = unfolded(Blocks(stream))
        head = blocks.head(HEAD)
        if those := records.candidates(head):
            with Content(blocks.raw(), None) as content:
                format_, _, _ = records.opened(those, content)
            return _answer(log, format_.id, format_.title, 1.0, "It begins as such a file does and holds such records.")
    beside = lease_file(head) or sightings.recognise(head)
    if beside is not None:
        return _answer(log, beside.id, beside.title, 1.0, "It begins as such a file does.")
    try:
        best = identify(head, Reading())
    except UnreadableLog as error:
        if not teachable(head):
            raise
        return _unknown(log, head, str(error))
    mine = {one.format.id for one in (best, *best.beside)}
    others = [other for other in candidates(head, Reading()) if other.format.id not in mine]
    events = head_events(best, head)
    warned = notes(best.format, events, events.height, events["destination_domain"].count())
    answer = _answer(log, best.format.id, title(best), _share(best), _why(best, others), others, warned)
    return answer | {"formats": [{"format": one.format.id, "share": round(one.share, 3)} for one in (best, *best.beside)]}


def _answer(
    log: LogFile, id_: str, title: str, share: float, why: str, others: Sequence[Candidate] = (), warned: Sequence[str] = ()
) -> dict[str, Any]:
    sure = "sure" if share >= _SURE else "likely" if share >= _LIKELY else "uncertain"
    rest = [{"format": other.format.id, "share": round(other.share, 3)} for other in others[:3]]
    return {
        "path": log.name,
        "format": id_,
        "title": title,
        "share": round(share, 3),
        "sure": sure,
        "why": why,
        "others": rest,
        "notes": list(warned),
    }


def _unknown(log: LogFile, head: bytes, why: str) -> dict[str, Any]:
    """The columns of an unknown log, and what they may be."""
    first = table(head)
    assert first is not None  # noqa: S101 (teachable says so)
    roles = {column: role for role, column in guess(first).items()}
    own = propose(first, Path(log.name).stem[:80] or "log")
    read = own and preview(own, head, Reading())
    columns = [{"column": name, "role": roles.get(name), "examples": first.examples(name)} for name in first.names]
    events = read[1].head(_EVENTS).select("timestamp", "user_name", "source_ip", "destination_domain", "destination_ip").to_dicts() if read else []
    return {"path": log.name, "format": None, "why": why, "columns": columns, "proposal": own and own.as_toml(), "events": events, "_table": first}


def _plain(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key != "_table"}


def _say(answer: dict[str, Any]) -> None:
    if answer["format"] is None:
        _show(answer["_table"], {column["column"]: column["role"] for column in answer["columns"]})
        for event in answer["events"]:
            told.print("  ".join(f"{name}={value}" for name, value in event.items() if value is not None), markup=False)
        return
    ids = ", ".join(dict.fromkeys(one["format"] for one in answer.get("formats", ()))) or answer["format"]
    click.echo(f"{answer['path']}: {answer['title']} ({ids}), {answer['sure']}. {answer['why']}")
    click.echo("".join(f"  {note}\n" for note in answer["notes"]), nl=False)


def _show(first: Table, roles: dict[str, str | None]) -> None:
    """A row for each column: what it may be, what it is called, its first values."""
    shown = Shown(title="No format understands this log. Its columns, and what they may be:", title_justify="left")
    for name in ("Column", "May be", *(f"Line {place}" for place in range(1, min(_ROWS, len(first.rows)) + 1))):
        shown.add_column(name, overflow="fold")
    for at, name in enumerate(first.names):
        role = roles[name]
        shown.add_row(_safe(name), ROLES[role] if role else "", *(_safe(row[at] or "") for row in first.rows[:_ROWS]))
    told.print(shown)


def _safe(text: str) -> str:
    """A text from a log as it may go to a terminal: no control characters, no markup."""
    return "".join(mark if mark.isprintable() else "·" for mark in text[:60]).replace("[", "\\[")


def _share(best: Candidate) -> float:
    """The lines that are understood by any of the formats of a file."""
    return sum(one.share for one in (best, *best.beside))


def _why(best: Candidate, others: list[Candidate]) -> str:
    if best.beside:
        parts = ", ".join(f"{one.share:.0%} {one.format.id}" for one in (best, *best.beside))
        return f"The file holds lines of several logs, and each line goes to the format that understands it: of the first lines {parts}."
    layout = f" ({best.layout.name} layout)" if best.layout.name else ""
    text = f"It understands {best.share:.0%} of the first lines{layout}."
    if not others:
        return f"{text} No other format understands any."
    return f"{text} The next best, {others[0].format.id}, understands {others[0].share:.0%}."
