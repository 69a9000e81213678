"""Tables as CSV that stays text: whichever program opens it, with whichever separator, no cell becomes a formula.

Triggers and separators as OWASP's note on CSV injection lists them, with their full-width forms.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain
from typing import Final

Cell = str | int | float | bool | date | datetime | None

#: A sign that starts a formula, at the start of a cell or of what another separator would read as a cell.
_START: Final = re.compile(r"""(^|[,;\t|"'])([\s"'\ufeff]*)(?=[=+\-@＝＋－＠])""")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


def text_of(cell: Cell) -> str:
    """The text of one cell: absent is empty, a formula's sign gets an apostrophe before it, control characters become spaces."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int | float) and cell >= 0:
        return str(cell)
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%dT%H:%M:%SZ")
    return _START.sub(r"\1\2'", _CONTROL.sub(" ", str(cell)))


def lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """A table as lines of CSV, with a byte order mark so that spreadsheets read it as UTF-8."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    yield "\ufeff"
    for row in chain([header], rows):
        writer.writerow([text_of(cell) for cell in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
