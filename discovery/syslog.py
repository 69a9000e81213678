"""The headers that syslog relays put before a line: RFC 3164 (with or without host, with an ISO time), RFC 5424, tabs, or a bare priority."""

from typing import Final

import numpy as np
import polars as pl

from discovery import headers
from discovery.framing import Flags, Lines, Offsets, lines_of

#: Most relays that a line can have passed.
DEEPEST: Final = 2

_TIME: Final = (
    r"(?:(?:[A-Za-zÀ-žА-я]{3,5}\.?|\d{1,2}[月월]) {1,2}\d{1,2}(?: \d{4})? \d\d:\d\d:\d\d(?:\.\d+)?"  # of any language: journalctl
    r"|[A-Z][a-z]{2} [A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d \d{4}"  # as C's ctime() writes it: logread of OpenWrt
    r"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?)"
)
_TAG: Final = r"[A-Za-z0-9_./()-]+"
#: How long the message is, which stands before it where messages are told apart so (RFC 6587, section 3.4.1).
_LENGTH: Final = r"(?:\d{1,6} )?"
_RFC5424: Final = _LENGTH + r"<\d{1,3}>\d{1,2} (?P<time5>\S+) (?P<host5>\S+) (?P<tag5>\S+) \S+ \S+ (?:-|(?:\[(?:[^\]\\]|\\.)*\])+) ?\ufeff?"
_HOST: Final = r"[A-Za-z0-9_.-]+|[0-9A-Fa-f:.]+"
_SEVERITY: Final = r"(?: (?:[a-z0-9]+\.(?:emerg|alert|crit|err|error|warn|warning|notice|info|debug)|INFO|WARN|ERROR))?"
_RFC3164: Final = (
    rf"(?:{_LENGTH}<\d{{1,3}}> ?)?(?P<time3>{_TIME}):?"
    rf"(?:(?: {{1,2}}(?P<host3>{_HOST}))?{_SEVERITY} +(?P<tag3>{_TAG})(?:\[[\d:]+\])?:|(?P<bare> (?:{_HOST})))? +"
)
_PRIORITY: Final = r"<\d{1,3}>"
#: Says that the message is JSON (Common Event Expression; rsyslog and syslog-ng write it).
_COOKIE: Final = "@cee: ?"
#: A name that some templates give the object behind the header.
_NAME: Final = r"(?:(?P<_name>[A-Za-z]+=)\{)?"
_TAB: Final = "#011"
#: Words that look like a program's tag and are none: with them the device's own line begins.
_MARKS: Final = ("CEF", "LEEF")
#: Begins a line that a relay passed on.
HEADER: Final = rf"^(?P<_header>(?:{_RFC5424}|{_RFC3164}|{_PRIORITY})(?:{_COOKIE})?){_NAME}"

_SAID: Final = {"syslog_time": headers.TIME, "syslog_host": headers.HOST, "syslog_tag": headers.TAG}

# Headers that few devices and collectors write, looked for apart: the host's name twice; the device's hardware address and model behind it; a
# name without colon, behind two blanks, before JSON; the stream of a container (Kubernetes' CRI log format). Then Wazuh's archive of all it
# received, and files of NX-OS; the tabs of Kiwi Syslog Server's files; a container's name (docker compose logs); Fluentd's tag between tabs;
# the kernel's messages with their time (dmesg -T); the sender's address, before what a relay that hides it passes on; a program and its process
# alone, as collectors that keep the time elsewhere leave them.
_YEAR_FIRST: Final = r"^(\d{4}) ([A-Z][a-z]{2} +\d+)"
_RARE: Final = (
    rf"^(?P<_header>(?:<\d{{1,3}}> ?)?(?P<time3>{_TIME}) (?P<host3>{_HOST}) (?:{_HOST}) (?P<tag3>{_TAG})\[\d+\]: +)",
    rf"^(?P<_header>(?:<\d{{1,3}}> ?)?(?P<time3>{_TIME}) (?P<host3>{_HOST}) [0-9a-f]{{12}},[\w.+-]+:? +(?:: +)?(?P<tag3>{_TAG})(?:\[\d+\])?: +)",
    rf"^(?P<_header>(?:<\d{{1,3}}> ?)?(?P<time3>{_TIME}) (?P<host3>{_HOST}) {{2,}}(?P<tag3>{_TAG}) )\{{",
    rf"^(?P<_header>(?P<time3>{_TIME}) (?:stdout|stderr) [FP] )(?P<host3>)(?P<tag3>)",
    rf"^(?P<_header>(?P<time3>\d{{4}} [A-Z][a-z]{{2}} {{1,2}}\d{{1,2}} \d\d:\d\d:\d\d) (?:\([^)]+\) )?(?P<host3>{_HOST})(?:->\S+)? (?P<tag3>))",
    rf"^(?P<_header>(?P<time3>\d{{4}}-\d\d-\d\d[ \t]\d\d:\d\d:\d\d)\t[A-Za-z0-9]+\.[A-Za-z]+\t(?P<host3>{_HOST})(?P<tag3>)\t)",
    r"^(?P<_header>[a-z0-9][a-z0-9_.-]* +\| )(?P<time3>)(?P<host3>)(?P<tag3>)",
    rf"^(?P<_header>(?P<time3>{_TIME})\t(?P<host3>)(?P<tag3>[\w.-]+)\t)\{{",
    rf"^(?P<_header>\[(?P<time3>{_TIME})\] )(?P<host3>)(?P<tag3>)",
    r"^(?P<_header>Original Address=\S+ )(?P<time3>)(?P<host3>)(?P<tag3>)",
    rf"^(?P<_header>(?P<time3>)(?:(?P<host3>{_HOST}) )?(?P<tag3>[A-Za-z][\w.-]*)\[\d+\]: +)",
)
#: How many of them the usual pattern takes for a header without a tag; the others for none.
_BARE: Final = 4


def strip(lines: Lines) -> tuple[Lines, pl.DataFrame]:
    """The lines behind one header, and what it said: syslog_time, syslog_host, syslog_tag (null where a line has no header)."""
    places, sure = headers.cut(lines)
    rows = np.flatnonzero(~sure)
    places[:, rows] = -1
    said = pl.DataFrame([lines.column(places[at], places[at + 1]).alias(name) for name, at in _SAID.items()])
    length = places[headers.REST] - lines.starts
    if len(rows):
        length[rows], others = _unusual(Lines(lines.buffer, lines.starts[rows], lines.ends[rows], lines.first))
        which = np.arange(len(lines))
        which[rows] = np.arange(len(rows)) + len(lines)
        said = pl.concat([said, others])[which]
    return _with_tabs(lines.after(length)), said


def _unusual(lines: Lines) -> tuple[Offsets, pl.DataFrame]:
    """How long the header of each line is, and what it says."""
    text = lines.text()
    groups = _with_rare(text, _without_marks(text.str.extract_groups(HEADER).struct.unnest()))
    length = (groups["_header"] + groups["_name"].fill_null("")).str.len_bytes().fill_null(0).to_numpy().astype(np.int64)
    length[_nothing_else(groups["_header"], length, lines)] = 0
    said = groups.select(
        pl.coalesce("time5", "time3").alias("syslog_time"),
        pl.coalesce("host5", "host3", pl.col("bare").str.strip_chars()).alias("syslog_host"),
        pl.coalesce("tag5", "tag3").alias("syslog_tag"),
    )
    return length, said


def _with_tabs(lines: Lines) -> Lines:
    """Lines with tabs where a relay wrote `#011` for them, as rsyslog does with every control character."""
    if _TAB.encode() not in lines.buffer.tobytes():
        return lines
    text = lines.text()
    written = pl.when(text.str.count_matches(_TAB, literal=True) > 1).then(text.str.replace_all(_TAB, "\t", literal=True)).otherwise(text)
    return lines_of(pl.select(written).to_series(), lines.first)


def _nothing_else(header: pl.Series, length: Offsets, lines: Lines) -> Flags:
    """Lines that say all they say in the structured data of their header."""
    whole = (length > 0) & (length == lines.ends - lines.starts)
    return np.asarray(whole & header.str.contains(r"\] ?$").fill_null(value=False).to_numpy()) if whole.any() else whole


def without_priority(lines: Lines) -> Lines:
    """The lines behind a bare priority: what follows it may look like a header and be the device's own."""
    length = lines.text().str.extract(f"^({_PRIORITY} ?)", 1).str.len_bytes().fill_null(0).to_numpy().astype(np.int64)
    return lines.after(length)


def prioritised(text: pl.Series) -> bool:
    """Whether lines begin with a priority and a date that may be the device's own."""
    return text.str.contains(rf"^{_PRIORITY} ?{_TIME}").any()


def _without_marks(groups: pl.DataFrame) -> pl.DataFrame:
    """Headers that end before `CEF: 0|…`."""
    marked = pl.col("tag3").is_in(_MARKS)
    if not groups.select(marked.any()).item():
        return groups
    end = rf"(?:{'|'.join(_MARKS)}): +$"
    return groups.with_columns(
        pl.when(marked).then(pl.col("_header").str.replace(end, "")).otherwise("_header").alias("_header"),
        pl.when(~marked).then("tag3").alias("tag3"),
    )


def _with_rare(text: pl.Series, groups: pl.DataFrame) -> pl.DataFrame:
    """The same with the rare headers, which the usual pattern takes for one without a tag, or for none."""
    bare = groups["bare"].is_not_null()
    for place, pattern in enumerate(_RARE):
        perhaps = bare if place < _BARE else groups["_header"].is_null()
        if perhaps.any() and text.filter(perhaps).str.contains(pattern).any():
            found = (
                text.str.extract_groups(pattern)
                .struct.unnest()
                .with_columns(pl.col("time3").str.replace("\t", " ").str.replace(_YEAR_FIRST, "$2 $1"))
                .with_columns(pl.col("time3", "host3", "tag3").replace("", None))
            )
            there = found["_header"].is_not_null() & perhaps
            groups = groups.with_columns(column.zip_with(there, groups[column.name]).alias(column.name) for column in found.get_columns())
            groups = groups.with_columns(pl.when(~there).then("bare").alias("bare"))
    return groups


def headed(text: pl.Series) -> float:
    """Share of lines that begin with a header, 0 to 1."""
    begins = text.str.contains(HEADER)
    for header in _RARE[_BARE:]:
        begins |= text.str.contains(header)
    return float(begins.sum()) / len(text) if len(text) else 0.0
