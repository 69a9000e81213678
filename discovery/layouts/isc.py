"""Lines of ISC's name server, which other products build upon: what stands before a client's question, and what it notes besides.

After `ns_client_log` in BIND's source and the ARM's chapter on logging: date, category and severity are options (`print-time` local, ISO 8601 or
ISO 8601 in UTC), then the client's object, address and port, the key that signed the message, the name asked for, the view.
"""

from typing import Final

import polars as pl

from discovery.times import SYSLOG, FirstOf, Iso, Stamp

_DATE: Final = r"\d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d(?:\.\d+)?|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?"
_ORIGIN: Final = r"(?:[a-z0-9-]+(?: \d+)?: )*"
#: An own date, category and severity, then who asked; groups date, client, port.
CLIENT: Final = (
    rf"{_ORIGIN}(?:(?P<date>{_DATE}):? )?{_ORIGIN}(?:\d+:)?client (?:@0x[0-9A-Fa-f]+ )?(?P<client>[0-9A-Fa-f.:]+)(?:%\w+)?#(?P<port>\d+)"
    r"(?:/key [^ (:]+)?(?: \([^)]*\))?:?(?: view [^:]+:)? "
)
#: The clock of such lines.
CLOCK: Final = FirstOf((Stamp(("date",), ("%d-%b-%Y %H:%M:%S%.f",)), Iso("date"), SYSLOG))
#: A note of the server on its own business, where a header of syslog names the server; group said. Zone requests (ZRQ) are another
#: product's.
NOTE: Final = (
    rf"{_ORIGIN}(?P<said>[^'#]*\bresolving |validating |(?:managed-keys-)?zone \S+ (?:[^Z]|Z[^R])|transfer of '|"
    r"received |(?:\(?re\)?)?loading |resolver |"
    r"automatic empty zone|(?:command channel |no longer )?listening on |starting |running|shutting down|stopping |exiting|using |all zones |"
    r"any newly |Recursion c|sending notifies|(?:stop )?limit(?:ing)? |rpz: |clients-per-query|checkhints|built |adjusted |found \d|set |"
    r"reading |generating |sizing |configuring |obtaining |none:\d|/\S+:\d+: ).*"
)
#: Lines that do not claim to be such a note, or rightly do.
KNOWN: Final = pl.col("said").is_null() | pl.col("syslog_tag").str.starts_with("named").fill_null(value=False)
