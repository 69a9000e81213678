"""What a file is that no format reads: no text at all, or lines that people often take for a log of visits. One sentence says why it is none."""

import re
from typing import Final

_LINES, _LONGEST, _ENOUGH = 60, 400, 0.5

_CONTROL: Final = bytes(n for n in range(32) if n not in b"\t\n\r\x1b")
_FOREIGN: Final = {
    b"\xff\xd8\xff": "a JPEG picture",
    b"\x89PNG": "a PNG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF document",
    b"MZ": "a Windows program",
    b"\x7fELF": "a Linux program",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"ElfFile": "a Windows event log in binary form (export it as text or CSV)",
    b"PAR1": "a Parquet file",
    b"ID3": "a sound file",
    b"PK\x03\x04": "an archive inside an archive (unpack the outer one)",
    b"\x1f\x8b": "a file that was compressed twice (unpack it once)",
}

_OWN_SITE: Final = "it shows who visited a site of yours, not which services your people use."
_NO_VISITS: Final = "it does not show which services your people use."

#: What to say, and what the lines look like of which it is said.
_KINDS: Final = {
    "This is a mail server's log: it shows messages, not which services your people use.": (
        r"postfix/\w+\[\d+\]:|dovecot(?:\[\d+\])?: |sendmail\[\d+\]:| exim\[\d+\]:|#Log-type: Message Tracking",
        r"\d\d:\d\d:\d\d [\w-]{16,24} (?:<=|=>|->|\*\*|Completed)",
    ),
    f"This is a computer's log of sign-ins and commands: {_NO_VISITS}": (
        r"\bsshd(?:-session)?\[\d+\]:|pam_unix\(|\bsudo(?:\[\d+\])?: |systemd-logind\[\d+\]:|\bCRON\[\d+\]:|^type=[A-Z_]+ msg=audit\(",
    ),
    f"This is a web server's log of errors: {_OWN_SITE}": (
        r"^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d \[\w+\] \d+#\d+: |ModSecurity: ",
        r"^\[\w{3} \w{3} \d\d [\d:.]+ \d{4}\] \[[\w-]*:\w+\] \[pid ",
    ),
    f"This is the log of a load balancer, content network or shield before a site: {_OWN_SITE}": (
        r"^(?:https?|h2|grpcs?|wss?) \d{4}-\d\d-\d\dT\S+ \S+ \S+:\d+ ",
        r"^\d{4}-\d\d-\d\dT\S+ \S+ [\d.]+:\d+ [\d.]+:\d+ (?:[\d.-]+ ){3}(?:\d+ ){4}\"",
        r"^\S+ \S+ \[\d\d/\w{3}/\d{4}:[^\]]+\] \S+ \S+ \S+ (?:REST|SOAP|WEBSITE|BATCH)\.\S+ ",
        r'^\[\d{4}-\d\d-\d\dT[\d:.]+Z\] "(?!CONNECT )[A-Z-]+ \S+ (?:HTTP/[\d.]+|-)" \d{1,3} ',
        r'"webaclId":|"EdgeResponseStatus":|"logger":"http\.log\.access|"requested_server_name":|"ApplicationGatewayAccessLog"|LoadBalancerLogEntry',
    ),
    f"This is a web server's own access log: {_OWN_SITE}": (
        r'^\{(?=.*"remote_addr":)(?=.*"(?:request|uri|request_uri)":)(?=.*"(?:status|body_bytes_sent)":)',
    ),
    f"This is a log of connections to your own network (VPN or Wi-Fi): {_NO_VISITS}": (
        r"\bopenvpn\[\d+\]:|\bcharon: |: wireguard: |\bhostapd: |: Auth: \(\d+\) Login ",
        r"TLS: Initial packet from \[AF_INET|Peer Connection Initiated with|: MULTI: Learn: ",
        r'^\{"nodeId":.*"(?:virtual|subnet|exit|physical)Traffic":',
        r'"ConnectionStatus":.*"DoubleEncryption":',
    ),
    "This is what mitmproxy prints, which has no dates: have it save the flows as HAR (hardump).": (
        r"^(?:\[[\d:.]+\])?\[?[\d.]+:\d+\]?:? (?:(?:client|server) (?:dis)?connect|[A-Z]+ https?://\S+ HTTP/[\d.]+$)|^<< HTTP/[\d.]+ \d{3} ",
    ),
    f"This is a database's log: {_NO_VISITS}": (
        r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? \w+ \[\d+\] (?:\S+@\S+ )?(?:LOG|ERROR|FATAL|STATEMENT|DETAIL|WARNING|HINT): ",
        r"^\d{4}-\d\d-\d\dT\S+\s+\d+ (?:\[\w+\] \[MY-|Connect\s|Query\s|Quit\s)",
    ),
    "This is a list of names to block, not a log of visits.": (r"^(?:0\.0\.0\.0|127\.0\.0\.1|::1?) +[\w.-]+\.\w+\s*$|^(?:@@)?\|\|[\w.*-]+\^",),
    "This is a web page or an XML file, not a log in lines of text.": (
        r"^\s*(?:<!DOCTYPE html|<html|<head|<body|<\?xml|<rss|<div|<p[ >]|<a |<Event[ >s])",
    ),
    "This is a mailbox or a message, not a log.": (r"^(?:From \S+@\S+ \w{3} |Received: from |Return-Path: |Message-ID: |MIME-Version: )",),
}


def no_text(head: bytes) -> str | None:
    """What a file is that holds no text; None where it does."""
    foreign = next((what for magic, what in _FOREIGN.items() if head.startswith(magic)), None)
    if foreign:
        return f"This is {foreign}, not a log."
    if len(head) - len(head.translate(None, _CONTROL)) > len(head) // 100:
        return "This is a binary file, not a log in text form."
    return None


def sentence(head: bytes) -> str | None:
    """What the first lines of a file seem to be of; None where they are of nothing known."""
    lines = [line.strip()[:_LONGEST] for line in head[: _LINES * _LONGEST].decode(errors="replace").splitlines() if line.strip()][:_LINES]
    alike = {said: sum(any(re.search(pattern, line) for pattern in patterns) for line in lines) for said, patterns in _KINDS.items()}
    best = max(alike, key=alike.__getitem__)
    return best if lines and alike[best] >= len(lines) * _ENOUGH else None
