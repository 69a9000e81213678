"""Queries and responses of clients, one refused, one whose query is not there, and what the server asks others."""

import dns.rcode

from tests.formats import packets as made

asked, refused = made.query("files.example", 1), made.query("games.example", 2)
CONTENT = made.dnstap(
    [
        made.tapped(5, "192.0.2.10", asked),
        made.tapped(3, "198.51.100.1", asked),
        made.tapped(4, "198.51.100.1", made.answer(asked)),
        made.tapped(6, "192.0.2.10", made.answer(asked), second=1),
        made.tapped(5, "192.0.2.10", refused, second=2),
        made.tapped(6, "192.0.2.10", made.answer(refused, dns.rcode.REFUSED), second=3),
        made.tapped(6, "2001:db8::11", made.answer(made.query("unasked.example", 3)), second=4),
        b"\xff\xff",
        made.tapped(5, "192.0.2.12", b"\0"),
    ]
)
