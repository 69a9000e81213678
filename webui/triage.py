"""What page and command share about unknown domains: the words for what they may be, and the list as a table."""

from collections.abc import Sequence
from typing import Final

from rules.findings import UnknownDomain
from webui.csvs import Cell

KINDS: Final = {"tool": "May be a tool", "unclear": "Not clear", "website": "A website"}

_HEADER: Final = [
    *("domain", "belongs to", "kind", "people", "person-days", "days", "requests", "uploaded bytes", "downloaded bytes"),
    *("what its names suggest", "looks like", "why", "set aside"),
]


def as_table(rows: Sequence[UnknownDomain]) -> tuple[list[str], list[list[Cell]]]:
    """The list as a table for export, what is set aside included."""
    table: list[list[Cell]] = [
        [
            *(row.domain, row.group[0] if row.group else row.domain, KINDS[row.kind], row.people, row.person_days, row.days, row.hits),
            *(row.uploaded_bytes, row.downloaded_bytes, row.guess),
            *((row.looks_like.name, row.looks_like.why) if row.looks_like else ("", "")),
            row.set_aside,
        ]
        for row in rows
    ]
    return _HEADER, table
