"""DNS over UDP and TCP, a refusal, hellos in one segment and in two, HTTP, and packets without names, behind tags and without."""

import dns.rcode

from tests.formats import packets as made

DESK, PHONE, SERVER = "192.0.2.10", "2001:db8::11", "198.51.100.1"
asked, refused = made.query("Files.Example", 1), made.query("games.example", 2)
both = made.prefixed(made.query("chat.example", 3)) + made.prefixed(made.query("mail.example", 4))
long_hello = made.hello("late.example", padding=1_400)

CONTENT = made.pcap(
    [
        made.ethernet(made.udp(DESK, 40_000, SERVER, 53, asked)),
        made.ethernet(made.udp(SERVER, 53, DESK, 40_000, made.answer(asked))),
        made.ethernet(made.udp(DESK, 40_001, SERVER, 53, refused), 7),
        made.ethernet(made.udp(SERVER, 53, DESK, 40_001, made.answer(refused, dns.rcode.REFUSED)), 7),
        made.ethernet(made.udp("2001:db8::1", 53, PHONE, 40_002, made.answer(made.query("unasked.example", 5)))),
        made.ethernet(made.tcp(DESK, 40_003, SERVER, 53, both[:40], sequence=100)),
        made.ethernet(made.tcp(DESK, 40_003, SERVER, 53, both[40:], sequence=140)),
        made.ethernet(made.tcp(PHONE, 40_004, "2001:db8::2", 443, made.hello("shop.example"))),
        made.ethernet(made.tcp(DESK, 40_005, SERVER, 443, long_hello[:1_200], sequence=4_294_967_000)),
        made.ethernet(made.tcp(DESK, 40_005, SERVER, 443, long_hello[1_200:], sequence=904)),
        made.ethernet(made.tcp(DESK, 40_006, SERVER, 443, made.hello(None))),
        made.ethernet(made.tcp(DESK, 40_007, SERVER, 80, b"GET / HTTP/1.1\r\nHost: old.example:80\r\nCookie: no\r\n\r\n")),
        made.ethernet(made.tcp(DESK, 40_008, SERVER, 3128, b"CONNECT box.example:443 HTTP/1.1\r\n\r\n")),
        made.ethernet(made.udp(DESK, 40_009, SERVER, 123, bytes(48))),
        made.ethernet(made.ip(DESK, SERVER, 1, b"ping")),
        b"\0" * 5,
    ]
)
