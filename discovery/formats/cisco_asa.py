"""Cisco ASA, PIX and FWSM messages (Cisco, “Secure Firewall ASA Series Syslog Messages”)."""

from discovery.format import LogFormat
from discovery.layouts.lina import engine_messages, engine_records

FORMAT = LogFormat(
    id="cisco-asa",
    title="Cisco ASA firewall log",
    family="firewall",
    cannot_tell=(
        "Which site was visited, except over plain HTTP: this log only has addresses. A DNS log of the same days has names.",
        "How much was sent and how much received: this log only has the sum of both.",
        "How often exactly a site was visited: where sessions and URLs are both logged, a visit is counted by each.",
    ),
    layouts=(engine_messages("ASA", "PIX", "FWSM"), engine_records("ASA")),
)
