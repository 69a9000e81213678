"""Any proxy's log in W3C's Extended Log File Format, by the names in its `#Fields` directive (https://www.w3.org/TR/WD-logfile.html)."""

import polars as pl

from discovery.format import Layout, LogFormat, event_action
from discovery.kinds.extended import PROXY_EVENT, UTC_CLOCK, WEB_SERVER, Extended

_SAID = pl.coalesce("sc-filter-result", "s-action", "sc-action", "x-action", "cs-action", "action")

FORMAT = LogFormat(
    id="w3c-elff",
    title="Proxy log, W3C extended",
    family="generic",
    generic=True,
    layouts=(
        Layout(
            kind=Extended(
                must=(
                    ("date", "timestamp", "x-timestamp-unix"),
                    ("c-ip", "cs-ip", "cs-username", "cs-user", "cs-userdn"),
                    ("cs-host", "cs(host)", "cs-uri-host", "cs-uri", "cs-url", "r-host", "r-dns", "r-ip"),
                ),
                never=WEB_SERVER,
            ),
            clock=UTC_CLOCK,
            event={
                **PROXY_EVENT,
                "event_action": event_action(_SAID.str.contains("(?i)den(?:y|ied)|block|drop|refus|reject"), _SAID.is_not_null()),
            },
        ),
    ),
)
