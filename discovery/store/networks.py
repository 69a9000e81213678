"""The network ranges of a client, and what they mean for a log that comes in."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from ipaddress import ip_network

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from discovery.networks import Range, read_ranges, without_guests
from discovery.pipeline import LogResult
from discovery.shelf import Shelf
from discovery.store.base import Sessions
from discovery.store.clients import changed
from discovery.store.tables import Client, NetworkRange

_REQUESTS = ("requests", "request")


def ranges_of(session: Session, client_id: int) -> list[Range]:
    """The ranges of a client."""
    rows = session.execute(select(NetworkRange.cidr, NetworkRange.kind).where(NetworkRange.client_id == client_id).order_by(NetworkRange.cidr))
    return [Range(ip_network(cidr), kind) for cidr, kind in rows]


def network_ranges(store: Sessions, client: Client) -> list[Range]:
    """The same, for pages."""
    with store.read() as session:
        return ranges_of(session, client.id)


def keep_ranges(store: Sessions, client: Client, texts: Mapping[str, str], *, count_guests: bool) -> int:
    """Replace a client's ranges by those of some lines, by kind (see `networks.read_ranges`); they hold for logs taken in from now on.

    Returns:
        how many there are.
    """
    ranges = read_ranges(texts)
    with store.write(durable=True) as session:
        session.execute(delete(NetworkRange).where(NetworkRange.client_id == client.id))
        if ranges:
            session.execute(insert(NetworkRange), [{"client_id": client.id, "cidr": str(one.network), "kind": one.kind} for one in ranges])
        session.execute(update(Client).where(Client.id == client.id).values(count_guests=count_guests))
        changed(session, client.id, data=False)
    return len(ranges)


def for_this_firm(result: LogResult, ranges: list[Range], *, count_guests: bool) -> LogResult:
    """A log without the requests of guests, unless the firm counts them; its account says how many there were."""
    if count_guests or not ranges or result.account.family == "identity":
        return result
    usage = result.usage.each(partial(without_guests, ranges=ranges))
    answers = without_guests(result.told.answers, ranges)
    left_out = _hits(result.usage) - _hits(usage)
    if not left_out and answers.height == result.told.answers.height:
        return result
    said = f"Left out, as the settings ask: {left_out:,} {_REQUESTS[left_out == 1]} from guest networks." if left_out else ""
    account = replace(result.account, warnings=tuple(filter(None, (*result.account.warnings, said))))
    return replace(result, usage=usage, account=account, told=replace(result.told, answers=answers))


def _hits(usage: Shelf) -> int:
    return sum(int(piece["hits"].sum()) for piece in usage.pieces("hits"))
