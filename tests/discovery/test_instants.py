"""Times with an offset are those that Python's own reader finds, and nothing else is taken for one."""

from datetime import UTC, datetime, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from discovery.dates import UTC_TIME
from discovery.instants import instants
from tests.gate import examples

_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)

parts = st.tuples(
    st.one_of(st.datetimes().map(lambda time: time.isoformat()), st.datetimes().map(lambda time: f"{time:%Y-%m-%d %H:%M:%S}")),
    st.sampled_from(["", ".1", ".25", ".000001", ".1234567", ".999999999", "."]),
    st.sampled_from(["Z", "+0000", "-07:30", "+23:59", "+24:00", "+00:60", "", " Z", "z", "+1:00", "-0000x", "é"]),
)
stamps = st.one_of(
    parts.map("".join),
    st.sampled_from(["2024-02-29T23:59:59Z", "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2025-13-01T00:00:00Z", "2025-06-31T00:00:00Z"]),
    st.sampled_from(
        ["2025-01-01T24:00:00Z", "2025-01-01T00:00:60Z", "2025-1-01T00:00:00ZZ", "", "Z", "2025-01-01T00:00:00", "2025-01-01T00:00:00.1234567Z"]
    ),
    st.text(alphabet="0123456789-T:.Z+ é", max_size=30),
)


def slowly(text: str) -> timedelta | None:
    """Since 1970, None: it is no such time."""
    if not text.isascii() or " " in text[11:] or text[-1:] not in "Z0123456789" or "." in (text[19:20] and text[20:21]) or len(text) < 20:
        return None
    head, tail = text[:19], text[19:]
    digits = tail[1:].rstrip("Z").split("+")[0].split("-")[0] if tail.startswith(".") else ""
    shift = tail.removeprefix("." + digits) if digits else tail
    if digits and not digits.isdigit():
        return None
    if shift != "Z" and not (
        len(shift) in (5, 6) and shift[0] in "+-" and (len(shift) == 5 or shift[3] == ":") and shift[1:].replace(":", "").isdigit()
    ):
        return None
    try:
        time = datetime.strptime(f"{head[:10]}T{head[11:]}.{digits[:6].ljust(6, '0')}{shift}", "%Y-%m-%dT%H:%M:%S.%f%z")
    except ValueError:
        return None
    well = head[4] + head[7] + head[13] + head[16] == "--::" and head[10] in "T " and time.second == int(head[17:])
    return time - _BEGIN if well else None


@examples(300, derandomize=True)
@given(texts=st.lists(st.one_of(stamps, st.none()), max_size=9))
def test_times_are_those_that_python_reads(texts: list[str | None]) -> None:
    micros, known = instants(pl.Series(texts, dtype=pl.String))
    expected = [None if text is None else slowly(text) for text in texts]
    assert known.tolist() == [since is not None for since in expected]
    found = pl.Series(micros).cast(UTC_TIME).to_list()
    assert [time - _BEGIN for time, well in zip(found, known, strict=True) if well] == [since for since in expected if since is not None]
