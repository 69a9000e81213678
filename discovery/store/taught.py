"""The formats that were taught for a client: TOML files of their own in the store's folder, which say what columns are and nothing of anybody."""

import shutil
from pathlib import Path

from discovery.blocks import Blocks
from discovery.errors import UnreadableLog
from discovery.identify import HEAD, Candidate, candidates, identify
from discovery.logs import LogFile
from discovery.own_formats import OwnFormat, load
from discovery.store.home import private_folder
from discovery.store.store import Store
from discovery.store.tables import Client
from discovery.times import Reading
from discovery.unfold import unfolded


def taught_formats(store: Store, client: Client) -> dict[Path, OwnFormat]:
    """File -> format, by title."""
    found = {path: load(path) for path in _folder(store, client).glob("*.toml")}
    return dict(sorted(found.items(), key=lambda one: one[1].title.lower()))


def teach_format(store: Store, client: Client, own: OwnFormat) -> Path:
    """Keep a format; one of the same name is replaced. Returns its file, which goes as `format_id`."""
    path = private_folder(_folder(store, client)) / f"{own.id}.toml"
    path.write_text(own.as_toml(), encoding="utf-8")
    return path


def forget_format(store: Store, client: Client, format_id: str) -> bool:
    """Remove a format; what was read with it stays. Returns whether there was one."""
    path = next((path for path, own in taught_formats(store, client).items() if own.id == format_id), None)
    if path is not None:
        path.unlink()
    return path is not None


def forget_formats(store: Store, client: Client) -> None:
    """Remove all formats of a client."""
    shutil.rmtree(_folder(store, client), ignore_errors=True)


def taught_format_of(store: Store, client: Client, log: LogFile) -> str | None:
    """The file of the taught format that understands a log, where no shipped format of a vendor does; None: read it as any other."""
    known = taught_formats(store, client)
    if not known:
        return None
    with log.open() as stream:
        head = unfolded(Blocks(stream)).head(HEAD)
    shipped = _shipped(head)
    if shipped is not None and not shipped.format.generic:
        return None
    ranked = [
        (best[0].share, path) for path, own in known.items() if (best := candidates(head, Reading(), known=[own.as_format()])) and best[0].enough
    ]
    share, path = max(ranked, default=(0.0, None))
    return None if path is None or (shipped is not None and shipped.share > share) else str(path)


def _shipped(head: bytes) -> Candidate | None:
    try:
        return identify(head, Reading())
    except UnreadableLog:
        return None


def _folder(store: Store, client: Client) -> Path:
    return Path(store.folder) / "formats" / client.vault
