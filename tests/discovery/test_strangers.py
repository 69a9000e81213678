"""Files that people take for a log of visits are told what they are."""

import pytest

from discovery.errors import UnreadableLog
from discovery.strangers import sentence
from tests.formats.reading import read_bytes

LINES = {
    "mail server": (
        "Nov 19 09:00:01 mx postfix/smtpd[411]: connect from mail.example.org[192.0.2.7]",
        "2026-11-19 09:00:01 1abcde-000123-AB => ann@own.example R=local_user T=mail_spool",
    ),
    "sign-ins": (
        "Nov 19 09:00:01 srv sshd[411]: Failed password for ann from 192.0.2.7 port 51234 ssh2",
        "type=USER_LOGIN msg=audit(1795078800.123:456): pid=1 uid=0 res=failed",
    ),
    "errors": (
        "2026/11/19 09:00:01 [error] 12#12: *57 open() failed (2: No such file), client: 192.0.2.7, host: www.own.example",
        "[Thu Nov 19 09:00:01.123456 2026] [core:error] [pid 12:tid 14] [client 192.0.2.7:51234] AH00126: Invalid URI",
    ),
    "load balancer": (
        'https 2026-11-19T09:00:01.123456Z app/web/50dc 192.0.2.7:51234 10.0.0.4:80 0.001 0.012 0.000 200 200 300 5120 "GET https://www.own.example:443/"',
        '[2026-11-19T09:00:01.310Z] "GET /a HTTP/2" 200 - 154 0 226 100 "192.0.2.7" "Browser/1.0" "cc21d9b0" "www.own.example" "10.0.0.4:80"',
        '{"timestamp":1795078800000,"webaclId":"a","action":"ALLOW","httpRequest":{"clientIp":"192.0.2.7","uri":"/"}}',
    ),
    "own access log": ('{"remote_addr":"192.0.2.7","request":"GET / HTTP/1.1","status":"200","body_bytes_sent":"5120"}',),
    "VPN or Wi-Fi": (
        "Nov 19 09:00:01 ap1 hostapd: wlan0: STA 02:00:00:00:00:01 IEEE 802.11: associated (aid 1)",
        "Thu Nov 19 09:00:01 2026 : Auth: (12) Login OK: [ann] (from client ap1 port 0 cli 02-00-00-00-00-01)",
        '{"LogTimestamp":"Thu Nov 19 09:00:01 2026","ConnectionStatus":"close","IPProtocol":6,"DoubleEncryption":0,"Host":"own.example"}',
    ),
    "no dates": ("192.0.2.10:57089: GET https://files.example/ HTTP/2.0", "[09:15:22.123][192.0.2.10:57089] client connect"),
    "database": ("2026-11-19 09:00:01.123 UTC [12] shop@shop ERROR:  relation does not exist at character 15",),
    "names to block": ("0.0.0.0 ads.example.com", "||tracker.example.net^$third-party"),
    "web page": ('<html lang="en"><head><title>Shop</title></head>',),
    "XML file": (
        '<Event a="b"> <Provider a="b"/> <EventID>4624</EventID> <Time c="d"/> <Computer>a/b</Computer> <e/> <f/> <g/> <h/> <i/> <j/> </Event>',
    ),
    "mailbox": ("Received: from mail.example.org by mx.own.example; Thu, 19 Nov 2026 09:00:01 +0000",),
}


@pytest.mark.parametrize(("kind", "line"), [(kind, line) for kind, lines in LINES.items() for line in lines])
def test_it_is_told_by_its_lines(kind: str, line: str) -> None:
    with pytest.raises(UnreadableLog) as refused:
        read_bytes(f"{line}\n".encode() * 3)
    assert kind in str(refused.value)
    assert str(refused.value) == sentence(line.encode())


def test_one_such_line_among_others_says_nothing() -> None:
    assert sentence(b"one\ntwo\nNov 19 09:00:01 srv sshd[411]: Failed password\n") is None
    assert sentence(b"") is None


def test_the_clicks_on_a_newsletter_are_no_visits() -> None:
    with pytest.raises(UnreadableLog):
        read_bytes(b"Timestamp,Email,Link,Clicks,IP\n2026-11-19 09:00:01,ann@own.example,https://chatgpt.com/,2,192.0.2.7\n" * 3)
