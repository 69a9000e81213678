"""What the interface takes and gives, as its description says it. The filters are those of the pages."""

from apiflask import Schema
from apiflask.fields import Date, Dict, Integer, List, Nested, String
from apiflask.validators import OneOf

from webui import words
from webui.exports.base import KINDS
from webui.filters import ACTIVITIES, PERIODS, STATUSES

__all__ = ["Choice", "ListKind", "Rows"]


class Choice(Schema):
    """Which days, and which services."""

    period = String(
        validate=OneOf(list(PERIODS)), metadata={"description": "Days counted back from the last event; `since` and `until` go before it."}
    )
    since = Date(metadata={"description": "First day."})
    until = Date(metadata={"description": "Last day."})
    team = String(metadata={"description": "A team by name."})
    capability = String(metadata={"description": "What it is used for: a code such as file_transfer."})
    category = String(metadata={"description": "A category by title."})
    level = String(validate=OneOf(words.LEVELS), metadata={"description": "Level of risk here."})
    status = String(validate=OneOf(list(STATUSES)), metadata={"description": "The register's decision; `undecided`: nobody has come to one."})
    activity = String(validate=OneOf(list(ACTIVITIES)), metadata={"description": "Kind of use; `active` where none is given."})
    search = String(metadata={"description": "Part of a name, vendor, category or host."})


class Days(Schema):
    """First and last day; null without events."""

    since = Date(allow_none=True)
    until = Date(allow_none=True)


class Rows(Schema):
    """All rows of a choice. Numbers that are not known are null."""

    client = String()
    shown = String(metadata={"description": "The choice in words."})
    period = Nested(Days)
    total = Integer()
    rows = List(Dict())


class ListKind(Schema):
    """Which list."""

    kind = String(validate=OneOf(KINDS), load_default="block")
