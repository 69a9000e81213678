"""A small real firm: weeks of a log read by the real pipeline, decisions, a plan and an unreadable log, so that every page has something to show.

Everything is made up; the sites are those of the catalogue, so that they are found.
"""

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from test_teaching_page import door

from discovery import store as kept
from discovery.store import Store
from discovery.store.tables import Client
from rules.meeting import queries as meetings
from rules.queries import decide
from webui.api.queries import make_token
from webui.desk import Desk

SITES = (
    "chatgpt.com", "www.dropbox.com", "wetransfer.com", "smallpdf.com", "trello.com", "www.canva.com", "web.whatsapp.com",
    "www.notion.so", "app.ledger.example", "login.evil-dropbox.com",
)  # fmt: skip
PEOPLE = "person,team,user\nAda Example,Sales,ada\nBob Example,Studio,bob\nCy Example,Sales,cy\n"
WHO = (("192.0.2.7", "ada"), ("192.0.2.8", "bob"), ("192.0.2.9", "cy"), ("192.0.2.77", "-"))
BEGIN = datetime(2026, 10, 26, 8, tzinfo=UTC)


def squid() -> str:
    """Working days, on each of which everybody sits down to two or three sites."""
    return "".join(sorted(_lines()))


def _lines() -> Iterator[str]:
    for day in (n for n in range(26) if n % 7 < 5):
        for number, (address, user) in enumerate(WHO):
            for turn in range(3):
                site = SITES[(day * 3 + number * 2 + turn * 5) % len(SITES)]
                start = BEGIN + timedelta(days=day, hours=2 * turn, minutes=11 * number + day % 5)
                for n in range(8):
                    at = (start + timedelta(seconds=41 * n + 3 * n * n)).timestamp()
                    yield f"{at:.3f} 187 {address} TCP_TUNNEL/200 48211 CONNECT {site}:443 {user} HIER_DIRECT/203.0.113.9 -\n"


def settle(desk: Desk, folder: Path) -> Client:
    """Read the logs for the client `example`, and leave something on every list."""
    store, client = desk.store, kept.get_client(desk.store, "example")
    log, people, taught = folder / "access.log.gz", folder / "people.csv", folder / "door.log"
    log.write_bytes(gzip.compress(squid().encode()))
    people.write_text(PEOPLE, encoding="utf-8")
    taught.write_bytes(door())
    kept.import_people(store, client, people)
    assert kept.import_log(store, client, log).state == "published"
    desk.jobs.submit(client, taught, "door.log")
    desk.jobs.work_off()
    _decide(store, client)
    return client


def _decide(store: Store, client: Client) -> None:
    decide(store, client, "trello", "approved", decided_by="Ada", owner="Cy", reason="The project office runs it.")
    decide(store, client, "whatsapp", "not_approved", decided_by="Ada", reason="Client data belongs in Teams.")
    decide(store, client, "canva", "tolerated", decided_by="Ada", review_by=(BEGIN + timedelta(days=9)).date(), conditions="No logos of clients.")
    make_token(store, client, "Monthly figures", "Ada")
    for over in (True, False):
        held = meetings.begin(store, client, ("file_transfer", "ai_assistant"), minutes=45, by="Ada")
        meetings.end(store, client, held.number, over=over)
