"""Which hosts stand behind a service's public pages."""

import polars as pl

from discovery.behind import behind
from discovery.catalogue import Catalogue, Entry
from discovery.matching import Matcher

ENTRIES = [
    ("tool.com", "tool", "visit"),
    ("board.tool.com", "tool", "use"),
    ("api.tool.com", "tool", "use"),
    ("relay.tool.com", "tool", "use"),
    ("www.tool.com", "tool", "use"),
    ("front.com", "front", "use"),
    ("app.front.com", "front", "use"),
    ("mail.many.com", "mail", "use"),
    ("many.com", "many", "visit"),
]
MATCHER = Matcher(Catalogue("test", {}, {}, {name: Entry("service", service, role, None, "test.jsonl", 1) for name, service, role in ENTRIES}))


def test_hosts_behind_public_pages() -> None:
    told = {
        "board.tool.com": True,  # named by the catalogue
        "my.tool.com": True,  # its name says that people work there
        "eu3.relay.tool.com": False,  # one of many
        "api.tool.com": False,  # programs call it
        "www.tool.com": False,  # for visitors by its name
        "tool.com": False,
        "app.front.com": False,  # its front page is a place to work as well
        "mail.many.com": False,  # the front page is another service's
        "unknown.example": False,
    }
    hosts = MATCHER.match_all(pl.Series(list(told))).rename({"domain": "destination_domain"})
    assert dict(zip(hosts["destination_domain"], behind(MATCHER.match_all, hosts), strict=True)) == told


def test_nothing_stands_behind_nothing() -> None:
    hosts = MATCHER.match_all(pl.Series([], dtype=pl.String)).rename({"domain": "destination_domain"})
    assert behind(MATCHER.match_all, hosts).to_list() == []
