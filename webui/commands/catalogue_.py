"""`gnomon catalogue`: counts, check, search, signed updates and what they change."""

import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from discovery import catalogue as known
from discovery import catalogue_diff, catalogue_edition, shipped
from discovery.catalogue_diff import Change
from webui.commands.reading import as_json, told
from webui.words import plural


@click.group("catalogue")
def command() -> None:
    """The catalogue of services.

    Example: gnomon catalogue search dropbox
    """


@command.command("stats")
@click.option("--output", type=click.Choice(["text", "json"]), default="text", help="How to answer.")
def stats(output: str) -> None:
    """Version and age, services by category and capability, and how many of them each fact is known for."""
    catalogue = known.load()
    numbers = {**catalogue.stats(), "age_days": catalogue.age(datetime.now(UTC).date()), "origin": catalogue_edition.origin()}
    if output == "json":
        as_json(numbers)
        return
    age = "" if numbers["age_days"] is None else f", {plural(numbers['age_days'], 'day')} old"
    told.print(f"version {catalogue.version}{age}, {numbers['origin']}")
    for name in ("services", "written_by_hand", "with_both_plans", "probably", "all_facts", "verified_facts"):
        told.print(f"{name.replace('_', ' ')}: {numbers[name]:,}")
    for name in ("by_category", "by_capability", "domains", "roles"):
        told.print(_columns(name, numbers[name], "{:,}"))
    told.print(_columns("share of the services written by hand for which a fact is known", numbers["facts_written_by_hand"], "{:.1%}"))
    told.print(_columns("share of all services", numbers["facts"], "{:.1%}"))


def _columns(title: str, counts: Mapping[str, float], form: str) -> str:
    """A title and one line a number, under one another."""
    width = max(map(len, counts), default=0)
    return "\n".join([f"{title.replace('_', ' ')}:", *(f"  {name:<{width}} {form.format(count):>8}" for name, count in counts.items())])


@command.command("check")
def check() -> None:
    """Every mistake with its file and line; exit status 2 if there is one."""
    problems = known.check()
    for problem in problems:
        click.echo(problem)
    click.echo(f"{len(problems)} mistakes." if problems else "The catalogue is sound.", err=True)
    sys.exit(2 if problems else 0)


@command.command("search")
@click.argument("text")
def search(text: str) -> None:
    """Services whose name, vendor, alias or domain holds TEXT, the closest first.

    Example: gnomon catalogue search whiteboard
    """
    catalogue = known.load()
    found = catalogue.search(text)
    for service in found:
        need = ("probably " if service.probably else "") + catalogue.capabilities.get(service.capability, service.capability)
        hosts = [host for role in known.ROLES for host in service.domains.get(role, ())]
        click.echo(f"{service.id}  {service.name} ({service.vendor}), {need}: {', '.join(hosts[:_HOSTS])}")
    if not found:
        click.echo(f"Nothing in the catalogue looks like “{text}”.", err=True)


_HOSTS = 4  # enough to recognise it


@command.command("diff")
@click.argument("old", type=click.Path(exists=True, path_type=Path))
@click.argument("new", type=click.Path(exists=True, path_type=Path))
@click.option("--output", type=click.Choice(["text", "json"]), default="text", help="How to answer.")
def diff(old: Path, new: Path, output: str) -> None:
    """What changes from OLD to NEW: services, hosts and facts. Each is a data folder with a catalogue, or a compiled catalogue.

    Example: gnomon catalogue diff data.before data
    """
    changes = catalogue_diff.diff(old, new)
    if output == "json":
        as_json({"summary": catalogue_diff.summary(changes), "changes": [change.as_row() for change in changes]})
        return
    for change in changes:
        click.echo(str(change))
    _say_changes(changes)


def _say_changes(changes: Sequence[Change]) -> None:
    counts = ", ".join(f"{count} × {kind}" for kind, count in catalogue_diff.summary(list(changes)).items())
    click.echo(f"{len(changes)} changes: {counts}." if changes else "Nothing changes.", err=True)


@command.command("update")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--trust", metavar="KEY", type=click.Path(path_type=Path), help="A public key to trust from now on, for this update and later ones.")
@click.option("--revert", is_flag=True, help="Go back to the catalogue that came with Gnomon.")
def update(file: Path | None, trust: Path | None, revert: bool) -> None:
    """Take a signed update of the catalogue in from FILE; no network is needed. Refused if changed, older or signed by nobody you trust.

    Example: gnomon catalogue update gnomon-catalogue-2027-01-15.update
    """
    if revert == (file is not None) or (revert and trust):
        raise click.UsageError("Give either the file of an update or --revert.")
    from discovery import catalogue_update  # noqa: PLC0415 (reads the signature library, which the other commands do not need)

    if file is None:
        before = catalogue_update.give_up()
        click.echo("The catalogue that came with Gnomon is in use again." if before else "There is no update to go back from.", err=True)
        return
    changes = catalogue_update.take_in(file, trust)
    click.echo(f"The catalogue of {catalogue_edition.day(file)} is in use.", err=True)
    _say_changes(changes)


@command.command("sign")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--key", required=True, metavar="FILE", type=click.Path(path_type=Path), help="Your private key; made first if it is not there.")
@click.option("--data", metavar="FOLDER", type=click.Path(exists=True, file_okay=False, path_type=Path), help="A data folder (else the shipped one).")
def sign(out: Path, key: Path, data: Path | None) -> None:
    """For maintainers: write a signed update of the catalogue to OUT.

    A key that is not there is made: FILE for you alone, FILE.pub for those who shall trust you.

    Example: gnomon catalogue sign gnomon-catalogue.update --key ~/gnomon-signing.key
    """
    from discovery import catalogue_update  # noqa: PLC0415

    if not key.exists():
        click.echo(f"Made the key {catalogue_update.new_key(key)}: keep {key} to yourself, hand out {key}.pub.", err=True)
    out.write_bytes(catalogue_update.sign(data or shipped.path(), key))
    click.echo(
        f"{out}: the catalogue of {catalogue_edition.day(out)}, signed with key {catalogue_edition.unfold(out.read_bytes(), out).key}.", err=True
    )
