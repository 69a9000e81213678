"""Histories of the browsers of a computer, as NirSoft's BrowsingHistoryView exports them with a header (https://www.nirsoft.net/utils/browsing_history_view.html).

After its documented columns; no sample seen. Times are those of the computer, in the notation of its locale. The profile is the account of Windows.
What a page loads into its frames on its own is no visit of a person.
"""

import polars as pl

from discovery.format import NO_COUNTS, Layout, LogFormat
from discovery.kinds.named import Named
from discovery.names import host_of
from discovery.times import DayMonth

_COLUMNS = {"url": ("url",), "time": ("visit_time",), "browser": ("web_browser",), "user": ("user_profile",), "type": ("visit_type",)}

FORMAT = LogFormat(
    id="browsing-history",
    title="Browsing history of a computer (BrowsingHistoryView)",
    family="proxy",
    cannot_tell=(
        NO_COUNTS,
        "Which computer it was: the file does not name it.",
        "What was deleted from the history, looked at in private windows, or done by other programs than browsers.",
    ),
    layouts=(
        Layout(
            kind=Named(_COLUMNS, must=(("url",), ("time",), ("browser",), ("user",))),
            clock=DayMonth(("time",)),
            event={"user_name": pl.col("user"), "destination_domain": host_of(pl.when(pl.col("url").str.contains("(?i)^https?://")).then("url"))},
            skip={
                "file or page of the browser itself": ~pl.col("url").str.contains("(?i)^https?://"),
                "frame of another page": pl.col("type").str.contains("(?i)auto.*frame"),
            },
            channel="name",
        ),
    ),
)
