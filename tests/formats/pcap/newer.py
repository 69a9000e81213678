"""A pcapng of a loopback interface, written on a machine of the other byte order, with QUIC, and cut short."""

from tests.formats import packets as made

loopback = [b"\0\0\0\x02" + made.udp("192.0.2.10", 40_000, "192.0.2.1", 53, made.query(name)) for name in ("one.example", "two.example")]
pieces = made.crypto(made.hello("three.example", padding=1_500)[5:], 700)
quic = [b"\0\0\0\x02" + made.udp("192.0.2.10", 40_001, "198.51.100.1", 443, made.initial(piece, n)) for n, piece in enumerate(pieces[::-1])]
CONTENT = made.pcapng([*loopback, *quic], made.LOOPBACK, ">") + made.block(6, bytes(90))[:40]
