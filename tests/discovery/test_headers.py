"""The compiled loop cuts a header only where the expression cuts it in the same way, and it does know the usual ones."""

from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery import headers, syslog
from discovery.framing import frame
from tests.gate import examples

PRIORITIES = ("", "", "<34>", "<34> ", "<3>1 ", "<34>12 ", "123 <34>1 ", "42 <34>", "<x>", "<34", "<1345>", "<34>123 ")
TIMES = (
    *(
        "Nov 20 08:00:00",
        "Nov  3 08:00:00",
        "Nov 3 08:00:00.123",
        "2026-11-20T08:00:00Z",
        "2026-11-20 08:00:00,123+0100",
        "2026-11-20T08:00:00.5+01:00",
    ),
    *(
        "Nov 20 2026 08:00:00",
        "Fri Nov 20 08:00:00 2026",
        "nov 20 08:00:00",
        "2026-11-20\t08:00:00",
        "Nov 200 08:00:00",
        "2026-11-20T08:00:00+1",
        "-",
    ),
)
HOSTS = ("fw1", "192.0.2.1", "FW-1.example", "fe80::1", "dead", "dead:", "", "fw1 fw2", "fw1  ", "daemon.info", "INFO", "ab12cd34ef56,MX-64", "ä")
TAGS = (
    *(
        "dnsmasq[77]:",
        "dnsmasq:",
        "postfix/smtpd[12]:",
        "(squid-1):",
        "filterlog[1:2]:",
        "date=2026",
        "CEF:",
        "LEEF:",
        "REEF:",
        "dead:",
        "be ef:",
        "tag[x]:",
    ),
    *(
        "tag[]:",
        "tag:x",
        "tag: :",
        "{json",
        "a={",
        "%ASA-6-1:",
        ": x",
        "-",
        "INFO app:",
        "daemon.notice dns:",
        "x,y:",
        "\ufeffz",
        "app 12 ID -",
        "app - - -x",
    ),
)
MESSAGES = ("query[A] x from y", "", "  x", "a={b", "abc={d", "@cee: {}", "CEF:0|a", "#011x", '- [a b="c"] m', "\ufeffm", "] ", " ")
GAPS = (" ", " ", " ", "  ", ":", ": ", "")

lines_of_headers = st.builds(
    lambda parts, gaps, cut: (parts[0] + "".join(part + gap for part, gap in zip(parts[1:4], gaps, strict=True)) + parts[4])[:cut],
    st.tuples(*map(st.sampled_from, (PRIORITIES, TIMES, HOSTS, TAGS, MESSAGES))),
    st.tuples(*(st.sampled_from(GAPS) for _ in range(3))),
    st.one_of(st.none(), st.integers(0, 60)),
)


@examples(150)
@given(st.lists(lines_of_headers, min_size=1, max_size=40))
def test_both_say_the_same(texts: list[str]) -> None:
    lines = frame("".join(f"{text}\n" for text in texts).encode())
    rest, said = syslog.strip(lines)
    places, _ = headers.cut(lines)
    with mock.patch.object(headers, "cut", return_value=(places, np.zeros(len(lines), np.bool_))):
        others, told = syslog.strip(lines)
    assert said.rows() == told.rows()
    assert rest.text().to_list() == others.text().to_list()


@pytest.mark.parametrize(
    "line",
    [
        "Nov 20 08:00:00 dnsmasq[77]: query[A] one.example from 192.0.2.1",
        "Nov  3 08:00:00 gate unbound: [12:0] info: 192.0.2.1 one.example. A IN",
        "<134>Nov 20 08:00:00 192.0.2.254 (squid-1)[14]: 1795161600.5 12 192.0.2.1 TCP_MISS/200",
        "<190>Nov 20 08:00:00 gate date=2026-11-20 time=08:00:00",
        "2026-11-20T08:00:00.123456+01:00 gate filterlog[81]: 4,,,1000000103,igb0,match,pass,in,4",
        "<166>Nov 20 2026 08:00:00 fw1 : %ASA-6-302013: Built outbound TCP connection",
        "<166>Nov 20 2026 08:00:00: %ASA-6-302013: Built outbound TCP connection",
        '<30>1 2026-11-20T08:00:00Z gate named 914 - - {"a": 1}',
    ],
)
def test_the_usual_ones_need_no_expression(line: str) -> None:
    places, sure = headers.cut(frame(line.encode()))
    assert sure.all()
    assert places[headers.REST, 0] > 0
