"""The sample firm: made-up people and thirteen weeks of made-up logs that travel with Gnomon, to look around in before one's own logs are at hand."""

import shutil
from pathlib import Path
from typing import Final

from discovery import shipped
from discovery import store as kept
from discovery.store import Store
from discovery.store.tables import Client
from webui.desk import Desk
from webui.sample_register import SLUG

NAME: Final = "Fennick & Rowe Interiors"
ZONE: Final = "Europe/London"
PEOPLE: Final = 41
LOGS: Final = ("dhcpd.leases", "squid-access.log.gz", "pihole.log.gz", "fortigate.log.gz")


def logs() -> list[Path]:
    """The logs of the sample firm, leases first."""
    return [shipped.path("demo", name) for name in LOGS]


def create(store: Store) -> Client:
    """The sample firm with its people list in force, without logs; the one that is there already, if it is."""
    try:
        return kept.get_client(store, SLUG)
    except kept.UnknownClient:
        client = kept.create_client(
            store, NAME, slug=SLUG, zone=ZONE, people_expected=PEOPLE, toolset=shipped.path("demo", "toolset.toml").read_text(encoding="utf-8")
        )
    kept.import_people(store, client, shipped.path("demo", "people.csv"))
    return kept.get_client(store, SLUG)


def load(desk: Desk) -> Client:
    """The sample firm with its logs in line for the worker."""
    client = create(desk.store)
    if not any(row.state in {"staging", "published"} for row in kept.imports(desk.store, client)):
        for log in logs():
            copy = desk.jobs.new_spool_file()
            shutil.copyfile(log, copy)
            desk.jobs.submit(client, copy, log.name)
    return client
