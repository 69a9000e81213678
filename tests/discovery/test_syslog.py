"""Headers of syslog relays, as they really come."""

import pytest

from discovery.framing import frame
from discovery.syslog import headed, strip
from discovery.wrappers import HEADER, layers, unwrap, without, wrapper

HEADERS = {
    "Nov 19 09:00:00 gate unbound[914]: ": ("Nov 19 09:00:00", "gate", "unbound"),
    "Nov  9 09:00:00 dnsmasq[812]: ": ("Nov  9 09:00:00", None, "dnsmasq"),
    "<134>Nov 19 09:00:00 192.0.2.1 (squid-1)[14]: ": ("Nov 19 09:00:00", "192.0.2.1", "(squid-1)"),
    "Nov 19 2026 09:00:00 fw1 : ": ("Nov 19 2026 09:00:00", "fw1", None),
    "Nov 19 09:00:00 fw1 ": ("Nov 19 09:00:00", "fw1", None),
    "2026-11-19T09:00:00.123+01:00 host named[4]: ": ("2026-11-19T09:00:00.123+01:00", "host", "named"),
    "<30>1 2026-11-19T09:00:03Z gate unbound 914 - - ": ("2026-11-19T09:00:03Z", "gate", "unbound"),
    '<30>1 2026-11-19T09:00:03Z gate unbound 914 ID [a b="c \\] d"][e] ': ("2026-11-19T09:00:03Z", "gate", "unbound"),
    "Nov 19 09:00:00 gate daemon.info dnsmasq[812]: ": ("Nov 19 09:00:00", "gate", "dnsmasq"),
    "Nov 19 09:00:00 fe80::1 dnsmasq: ": ("Nov 19 09:00:00", "fe80::1", "dnsmasq"),
    "2026-11-19 09:00:00\tLocal0.Info\t192.0.2.1\t": ("2026-11-19 09:00:00", "192.0.2.1", None),
    "<30>Nov 19 09:00:00 gate gate dnsmasq[812]: ": ("Nov 19 09:00:00", "gate", "dnsmasq"),
    "<30>1 2026-11-19T09:00:03Z gate unbound 914 - - \ufeff": ("2026-11-19T09:00:03Z", "gate", "unbound"),
    "<174>Nov 19 09:00:00 gate INFO  uvm[0]:  ": ("Nov 19 09:00:00", "gate", "uvm"),
    "116 <30>1 2026-11-19T09:00:03Z gate unbound 914 - - ": ("2026-11-19T09:00:03Z", "gate", "unbound"),
    "89 <30>Nov 19 09:00:00 gate dnsmasq[812]: ": ("Nov 19 09:00:00", "gate", "dnsmasq"),
    "<189>": (None, None, None),
    "2026-11-19T09:00:00.123456789Z stdout F ": ("2026-11-19T09:00:00.123456789Z", None, None),
    "proxy-1  | ": (None, None, None),
    "déc. 19 09:00:00 gate dnsmasq[812]: ": ("déc. 19 09:00:00", "gate", "dnsmasq"),
    "11月 19 09:00:00 gate dnsmasq[812]: ": ("11月 19 09:00:00", "gate", "dnsmasq"),
    "[Thu Nov 19 09:00:00 2026] ": ("Thu Nov 19 09:00:00 2026", None, None),
    "Original Address=192.0.2.1 ": (None, None, None),
    "dnsmasq[812]: ": (None, None, "dnsmasq"),
    "gate dnsmasq[812]: ": (None, "gate", "dnsmasq"),
}


@pytest.mark.parametrize("header", [header for header in HEADERS if not header.endswith(" : ")])
def test_a_header_is_taken_off_and_read(header: str) -> None:
    lines, said = strip(frame(f"{header}query=1,2 of all\n".encode(), 7))
    assert lines.text().to_list() == ["query=1,2 of all"]
    assert said.rows() == [HEADERS[header]]
    assert lines.first == 7


def test_lines_without_header_stay_as_they_are() -> None:
    for line in ("1795078800.5 12 192.0.2.1 TCP_MISS/200", '{"a":1}', "19-Nov-2026 09:00:00.1 client", ""):
        lines, said = strip(frame(line.encode() + b"\n"))
        assert lines.text().to_list() == [line]
        assert said.rows() == [(None, None, None)]
    assert strip(frame(b'<30>Mar 12 09:00:01 gw app[5]: @cee: {"a":"b"}\n'))[0].text().to_list() == ['{"a":"b"}']
    assert headed(frame(b"").text()) == 0
    assert headed(frame(b"<1>a\nb\n").text()) == 0.5


def test_a_line_inside_an_object_is_taken_out() -> None:
    lines = frame(b'{"message":"date=1 a=\\"b\\"\\n c","x":1}\nplain\n{"message":5}\n{bad\n')
    path = wrapper(lines)
    assert path == "message"
    assert unwrap(lines, path).text().to_list() == ['date=1 a="b"  c', "plain", "5", "{bad"]
    assert wrapper(frame(b'{"QH":"a.example"}\n')) is None
    assert wrapper(frame(b'{"event":"query a.example","time":"1"}\n')) == "event"
    assert wrapper(frame(b'{"event":{"query":"a.example"}}\n')) is None
    assert wrapper(frame(b'{"log":{"original":"query a.example"}}\n')) == "log.original"
    assert wrapper(frame(b'{"agent":{"id":"000"},"full_log":"query a.example"}\n')) == "full_log"
    assert wrapper(frame(b'{"labels":{"job":"dns"},"line":"query a.example"}\n')) == "line"
    assert unwrap(frame(b'{"msg":" query a.example","programname":"dns"}\n'), "msg").text().to_list() == ["query a.example"]


@pytest.mark.parametrize(
    ("beside", "said"),
    [
        ('"EventTime":"2026-11-19 09:00:00","Hostname":"gw","SourceName":"dns","Message":', ("2026-11-19 09:00:00", "gw", "dns")),  # NXLog
        ('"DATE":"Nov 19 09:00:00","HOST":"gw","PROGRAM":"dns","MESSAGE":', ("Nov 19 09:00:00", "gw", "dns")),  # syslog-ng
        ('"timestamp":"2026-11-19T09:00:00Z","hostname":"gw","appname":"dns","message":', ("2026-11-19T09:00:00Z", "gw", "dns")),  # Vector
        ('"timereported":"2026-11-19T09:00:00Z","hostname":"gw","programname":"dns","msg":', ("2026-11-19T09:00:00Z", "gw", "dns")),  # rsyslog
        ('"date":1795078800.5,"host":"gw","ident":"dns","message":', ("1795078800.5", None, "dns")),  # Fluent Bit
        ('"@timestamp":1795078800000,"@rawstring":', ("1795078800000", None, None)),  # LogScale
        ('"_time":"2026-11-19T09:00:00Z","_stream":"{}","_msg":', ("2026-11-19T09:00:00Z", None, None)),  # VictoriaLogs
        ('"@t":"2026-11-19T09:00:00Z","@m":', ("2026-11-19T09:00:00Z", None, None)),  # Seq
        ('"TimeGenerated":"2026-11-19T09:00:00Z","RawData":', ("2026-11-19T09:00:00Z", None, None)),  # custom tables of Log Analytics
    ],
)
def test_what_stood_beside_a_line_is_told_with_it(beside: str, said: tuple[str, ...]) -> None:
    lines = frame(f'{{{beside}"query a.example from b"}}\n'.encode())
    [path] = layers(lines)
    inner, found = without(lines, path)
    assert inner.text().to_list() == ["query a.example from b"]
    assert found.rows() == [said]


def test_the_record_of_an_event_collector_is_taken_out() -> None:
    lines = frame(b'{"time":1795078800,"sourcetype":"dns","event":{"QH":"a.example","CP":""}}\n{"event":"plain"}\n')
    assert layers(lines)[0] == "event{}"
    assert unwrap(lines, "event{}").text().to_list() == ['{"QH":"a.example","CP":""}', '{"event":"plain"}']


def test_objects_behind_a_header_are_taken_out() -> None:
    lines = frame(
        b'<30>Nov 19 09:00:01 gw shipper: {"message":"query a.example from b"}\n'
        b'2026-11-19T09:00:02+01:00\tdns.queries\t{"message":"query c.example from d","host":"gw"}\n'
        b"plain\n"
    )
    assert layers(lines) == (HEADER, "message")
    inner, said = without(lines, HEADER)
    assert unwrap(inner, "message").text().to_list() == ["query a.example from b", "query c.example from d", "plain"]
    assert said["syslog_time"].to_list() == ["Nov 19 09:00:01", "2026-11-19T09:00:02+01:00", None]
    assert layers(frame(b'<30>Nov 19 09:00:01 gw app: {"QH":"a.example"}\n')) == ()
    assert layers(frame(b'<30>Nov 19 09:00:01 gw app: query {"a": 1}\n')) == ()
