"""Alerts hold the last days of a client against that client's own earlier days."""

from pathlib import Path

from flask import Flask

from discovery import store as kept
from discovery.store.tables import Client
from webui.desk import Desk


def with_log(desk: Desk, folder: Path, name: str, *, days: tuple[int, ...]) -> Client:
    """A client with one log, of some days."""
    client, log = kept.create_client(desk.store, name), folder / f"{name}.log"
    moments = [1_780_000_000 + day * 86_400 + n * 30 for day in days for n in range(20)]
    line = "{}.123 187 192.0.2.7 TCP_TUNNEL/200 48211 CONNECT www.dropbox.com:443 ada HIER_DIRECT/203.0.113.9 -\n"
    log.write_text("".join(map(line.format, moments)), encoding="ascii")
    assert kept.import_log(desk.store, client, log).state == "published"
    return kept.get_client(desk.store, client.slug)


def test_the_next_client_gets_the_number_and_not_the_earlier_days(app: Flask, tmp_path: Path) -> None:
    desk: Desk = app.extensions["gnomon"]
    first = with_log(desk, tmp_path, "First", days=(0, 60))
    seen = desk.lookout.seen(first)
    assert seen
    assert seen.before
    kept.delete_client(desk.store, first)
    second = with_log(desk, tmp_path, "Second", days=(60,))
    assert (second.id, second.data_version) == (first.id, first.data_version)
    seen = desk.lookout.seen(second)
    assert seen
    assert seen.before is None
