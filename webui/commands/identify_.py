"""`gnomon identify`: which format a log has."""

import click

from discovery import leases, sqlitelog
from discovery.blocks import Blocks
from discovery.identify import HEAD, Candidate, candidates, identify
from discovery.logs import LogFile, find
from discovery.times import Reading
from webui.commands.reading import as_json

_SURE, _LIKELY = 0.9, 0.5


@click.command("identify")
@click.argument("log")
@click.option("--output", type=click.Choice(["text", "json"]), default="text", help="How to answer.")
def command(log: str, output: str) -> None:
    """Which format LOG has, how sure that is, and why not the next best.

    Example: gnomon identify access.log
    """
    found = [_identify(one) for one in find([log])]
    if output == "json":
        as_json(found[0] if len(found) == 1 else found)
        return
    for answer in found:
        click.echo(f"{answer['path']}: {answer['title']} ({answer['format']}), {answer['sure']}. {answer['why']}")


def _identify(log: LogFile) -> dict[str, object]:
    with log.open() as stream:
        head = Blocks(stream).head(HEAD)
    if head.startswith(sqlitelog.MAGIC):
        format_, _, _ = sqlitelog.read(log.path)
        return _answer(log, format_.id, format_.title, 1.0, "It is a database with the tables of this program.")
    lease = leases.recognise(head)
    if lease is not None:
        return _answer(log, lease.id, lease.title, 1.0, "It begins as such a file does.")
    best = identify(head, Reading())
    others = [other for other in candidates(head, Reading()) if other.format.id != best.format.id]
    return _answer(log, best.format.id, best.format.title, best.share, _why(best, others), others)


def _answer(log: LogFile, id_: str, title: str, share: float, why: str, others: list[Candidate] | None = None) -> dict[str, object]:
    sure = "sure" if share >= _SURE else "likely" if share >= _LIKELY else "uncertain"
    rest = [{"format": other.format.id, "share": round(other.share, 3)} for other in (others or [])[:3]]
    return {"path": log.name, "format": id_, "title": title, "share": round(share, 3), "sure": sure, "why": why, "others": rest}


def _why(best: Candidate, others: list[Candidate]) -> str:
    layout = f" ({best.layout.name} layout)" if best.layout.name else ""
    text = f"It understands {best.share:.0%} of the first lines{layout}."
    if not others:
        return f"{text} No other format understands any."
    return f"{text} The next best, {others[0].format.id}, understands {others[0].share:.0%}."
