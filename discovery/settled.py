"""Events as people are shown them: in the order of their lines, each once, and with the verdict that a later line may bring.

A line judges another at most so many lines before it (`stitch.LOOKS_BACK`), so no more events than that wait at a time, however long the log is.
"""

from collections import deque
from collections.abc import Callable
from typing import Final

import polars as pl

from discovery.events import EVENT
from discovery.stitch import LOOKS_BACK

#: Columns of what is given on.
_SHOWN: Final = (*EVENT, "format")


class Settled:
    """Takes in the tables of a log's events (a sink of `pipeline.read_log`), and gives on those that no later line can judge."""

    def __init__(self, give: Callable[[pl.DataFrame], None]) -> None:
        self._give = give
        self._waiting: deque[pl.DataFrame] = deque()
        self._verdicts = pl.DataFrame(schema={"line": EVENT["line"], "_verdict": EVENT["event_action"]})
        self._newest = 0  # the last line so far

    def __call__(self, events: pl.DataFrame) -> None:
        """Take in the next events."""
        if not events.height:
            return
        self._verdicts = pl.concat([self._verdicts, events.filter(pl.col("requests") == 0).select("line", _verdict="event_action")])
        self._waiting.append(
            events.filter(pl.col("line") > self._newest).select(_SHOWN).unique("line", keep="first", maintain_order=True).sort("line")
        )
        self._newest = max(self._newest, int(events["line"].max()))  # type: ignore[arg-type]
        self._release(self._newest - LOOKS_BACK if events["judged"].any() else self._newest)

    def rest(self) -> None:
        """Give on what still waits: the log has ended."""
        self._release(self._newest)

    def _release(self, until: int) -> None:
        """Give on the tables whose lines end at one or before it."""
        given = 0
        while self._waiting and (not self._waiting[0].height or self._waiting[0]["line"][-1] <= until):
            table = self._waiting.popleft()
            if table.height:
                given = table["line"][-1]
                self._give(_with(table, self._verdicts))
        self._verdicts = self._verdicts.filter(pl.col("line") > given)


def _with(events: pl.DataFrame, verdicts: pl.DataFrame) -> pl.DataFrame:
    """Events with what a later line decided; the last verdict on each holds."""
    told = verdicts.filter(pl.col("line") <= events["line"][-1]).unique("line", keep="last", maintain_order=True)
    if not told.height:
        return events
    joined = events.join(told, on="line", how="left", maintain_order="left")
    return joined.with_columns(event_action=pl.coalesce("_verdict", "event_action")).drop("_verdict")
