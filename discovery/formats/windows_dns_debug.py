"""The debug log of the Windows DNS server, one line a packet (details switched off or on).

Only a packet received (`Rcv`) with a question and without the R column is a client's request; `Snd` is the server asking or answering.
Names are label-coded, as (3)www(7)example(3)com(0). Dates follow the server's locale. Windows Server 2003 wrote neither the packet's
address in memory nor the type of the question. The JSON is that of NXLog's parser (https://docs.nxlog.co/refman/v5.5/xm/msdns.html).
"""

import polars as pl

from discovery.format import NO_BYTES, NO_PERSON, Layout, LogFormat
from discovery.kinds.jsonlines import JsonLines
from discovery.kinds.pattern import Pattern
from discovery.times import DayMonth, Iso

_LINE = (
    r"(?P<date>\d{1,4}[-./]? ?\d{1,2}[-./]? ?\d{1,4}\.?) (?P<time>\d{1,2}[:.]\d\d[:.]\d\d(?:[ \x{a0}\x{202f}][AaPp]\.? ?[Mm]\.?)?) +"
    r"(?P<thread>[0-9A-Fa-f]{3,8}) +(?:"
    r"PACKET +(?:[0-9A-Fa-f]{8,16} +)?(?:UDP|TCP) +(?P<way>Rcv|Snd) +(?P<client>\S+) +[0-9a-fA-F]{4} +"
    r"(?:(?P<reply>R) +)?(?P<opcode>[QNU?]) \[(?P<flags>[^\]]*)\] (?:(?P<type>\S+) +)?(?P<name>\S+)"
    r"|(?P<event>[A-Z][A-Za-z-]+:? .*))"
)
_HEADER = (
    (
        "header or details of a packet",
        r"^(?:\s|DNS Server log|Log file wrap|Message logging key|UDP (?:question|response)|TCP (?:question|response))",
    ),
)
_SENT, _ANSWER, _OTHER = "sent by the server", "an answer to the server", "no question"

FORMAT = LogFormat(
    id="windows-dns-debug",
    title="Windows DNS server debug log",
    family="dns",
    cannot_tell=(NO_BYTES, NO_PERSON),
    layouts=(
        Layout(
            kind=Pattern(_LINE, comment=_HEADER),
            clock=DayMonth(("date", "time")),
            event={
                "source_ip": pl.col("client"),
                "destination_domain": pl.col("name").str.replace_all(r"\[[0-9A-Fa-f]{4}\]", "").str.replace_all(r"\(\d+\)", ".").str.strip_chars("."),
            },
            skip={
                "event of the server": pl.col("event").is_not_null(),
                _SENT: pl.col("way") == "Snd",
                _ANSWER: pl.col("reply") == "R",
                _OTHER: pl.col("opcode") != "Q",
            },
            channel="dns",
        ),
        Layout(
            name="JSON of a collector",
            kind=JsonLines(must=("SendReceiveIndicator",)),
            clock=Iso("EventTime"),
            event={"source_ip": pl.col("RemoteIP"), "destination_domain": pl.col("QuestionName").str.strip_chars(".")},
            skip={
                _SENT: pl.col("SendReceiveIndicator") == "Snd",
                _ANSWER: pl.col("QueryResponseIndicator").str.starts_with("R"),
                _OTHER: ~pl.col("Opcode").str.contains("^(?:Q$|Standard)"),
            },
            channel="dns",
        ),
    ),
)
