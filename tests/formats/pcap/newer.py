"""A pcapng of a loopback interface, written on a machine of the other byte order, and cut short."""

from tests.formats import packets as made

loopback = [b"\0\0\0\x02" + made.udp("192.0.2.10", 40_000, "192.0.2.1", 53, made.query(name)) for name in ("one.example", "two.example")]
CONTENT = made.pcapng(loopback, made.LOOPBACK, ">") + made.block(6, bytes(90))[:40]
