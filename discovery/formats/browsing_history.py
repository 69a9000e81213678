"""Histories of browsers: what NirSoft's BrowsingHistoryView and its like export, Google's Takeout, and the browsers' own databases.

https://www.nirsoft.net/utils/browsing_history_view.html; of Chrome and its kin the file `History` (times in microseconds since 1601), of Firefox
`places.sqlite`. Times of an export are those of the computer, in the notation of its locale. The profile is the account of Windows. What a page loads
into its frames on its own is no visit of a person (transitions 3 and 4: https://source.chromium.org, page_transition_types.h; 4 and 8: Firefox).
"""

import polars as pl

from discovery.format import NO_COUNTS, Layout, LogFormat
from discovery.kinds.base import Kind
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.named import Named
from discovery.names import host_of
from discovery.spellings import clock
from discovery.sqlitelog import SqliteTable
from discovery.times import Clock, Epoch, FirstOf

_COLUMNS = {
    "url": ("url",),
    "time": ("visit_time", "visittime", "last_visit_time", "lastvisittime", "visit_date", "last_visited"),
    "date": ("date",),
    "clock": ("time",),
    "told": ("web_browser", "browser", "browser_type", "browsertype", "visit_count", "visitcount", "typed_count", "typedcount", "visit_type"),
    "user": ("user_profile", "user", "username"),
    "type": ("visit_type", "transition"),
}
_CHROME = """
SELECT CAST(v.visit_time / 1000000 - 11644473600 AS TEXT) AS time, CAST(u.url AS TEXT) AS url,
       CASE WHEN v.transition & 255 IN (3, 4) THEN 'auto_subframe' END AS type, NULL AS user
FROM visits v JOIN urls u ON u.id = v.url ORDER BY v.visit_time
"""
_FIREFOX = """
SELECT CAST(v.visit_date / 1000000 AS TEXT) AS time, CAST(p.url AS TEXT) AS url,
       CASE WHEN v.visit_type IN (4, 8) THEN 'auto_subframe' END AS type, NULL AS user
FROM moz_historyvisits v JOIN moz_places p ON p.id = v.place_id ORDER BY v.visit_date
"""
_SITE = pl.col("url").str.contains("(?i)^https?://")


def _layout(name: str, kind: Kind, clock: Clock) -> Layout:
    return Layout(
        name=name,
        kind=kind,
        clock=clock,
        event={"user_name": pl.col("user"), "destination_domain": host_of(pl.when(_SITE).then("url"))},
        skip={"file or page of the browser itself": ~_SITE, "frame of another page": pl.col("type").str.contains("(?i)auto.*frame")},
        channel="name",
    )


FORMAT = LogFormat(
    id="browsing-history",
    title="Browsing history of a computer",
    family="proxy",
    cannot_tell=(
        NO_COUNTS,
        "Which computer it was: the file does not name it.",
        "What was deleted from the history, looked at in private windows, or done by other programs than browsers.",
    ),
    layouts=(
        _layout(
            "CSV",
            Named(_COLUMNS, must=(("url",), ("time", "clock"), ("told",))),
            FirstOf((clock("time"), clock("clock", "date"))),
        ),
        _layout("Takeout", JsonLines(must=("time_usec",), paths={"type": ("page_transition", "page_transition_qualifier")}), Epoch("time_usec")),
        _layout("Chrome", SqliteTable({"urls": ("id", "url"), "visits": ("url", "visit_time", "transition")}, _CHROME), Epoch("time")),
        _layout(
            "Firefox",
            SqliteTable({"moz_places": ("id", "url"), "moz_historyvisits": ("place_id", "visit_date", "visit_type")}, _FIREFOX),
            Epoch("time"),
        ),
    ),
)
