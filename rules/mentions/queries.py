"""What people wrote about a client, searched for somebody's name. Only the texts that name them are given, not what stands beside."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Text, select

from discovery.store import Client, Store
from rules.tables import ClauseRow, DecisionRow, MeetingNeedRow, MeetingRow, MuteRow, RoadmapRow, WeightRow

#: Tables in which people write, and what they are called.
WRITTEN: Final[dict[type[Any], str]] = {
    DecisionRow: "decision",
    MuteRow: "muted alert",
    WeightRow: "weight",
    RoadmapRow: "roadmap item",
    ClauseRow: "clause",
    MeetingRow: "meeting",
    MeetingNeedRow: "need talked about in a meeting",
}
_ABOUT: Final = ("service", "item", "heading", "capability")


@dataclass(frozen=True, slots=True)
class Mention:
    """A text that names somebody: in what it stands, what that is about, which part of it, and the text."""

    kept_in: str
    about: str
    part: str
    text: str


def mentions(store: Store, client: Client, names: Callable[[str], bool]) -> list[Mention]:
    """Every text of a client that names somebody, in the order it was written."""
    found = []
    with store.read() as session:
        for table, title in WRITTEN.items():
            written = [column.name for column in table.__table__.columns if isinstance(column.type, Text)]
            for row in session.scalars(select(table).where(table.client_id == client.id).order_by(*table.__table__.primary_key)):
                about = next((str(getattr(row, name)) for name in _ABOUT if hasattr(row, name)), "")
                found += [Mention(title, about, part, text) for part in written if (text := getattr(row, part)) and names(text)]
    return found
