"""Reverse DNS against a real server on this machine: only when asked for, each address once, within limits."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dns.message
import dns.resolver
import dns.reversename
import dns.rrset
import polars as pl
import pytest

from discovery import naming
from discovery.resolve import Reverse
from discovery.shelf import Shelf
from tests.discovery.test_naming import ANN, connections, flows, scanned
from tests.discovery.test_naming import dns as dns_log

NAMES = {"8.8.8.8": "www.files.com.", "9.9.9.9": "host.odd.example."}


class Server(threading.Thread):
    """Answers PTR questions over UDP; keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.asked: list[str] = []
        self.silent = False

    def run(self) -> None:
        known = {dns.reversename.from_address(address): name for address, name in NAMES.items()}
        while True:
            try:
                data, peer = self.socket.recvfrom(4096)
            except OSError:
                return
            if not data:
                return
            question = dns.message.from_wire(data)
            name = question.question[0].name
            self.asked.append(dns.reversename.to_address(name) or "")
            answer = dns.message.make_response(question)
            if name in known:
                answer.answer.append(dns.rrset.from_text(name, 60, "IN", "PTR", known[name]))
            else:
                answer.set_rcode(dns.rcode.NXDOMAIN)
            if not self.silent:
                self.socket.sendto(answer.to_wire(), peer)

    def reverse(self, **limits: float) -> Reverse:
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], self.socket.getsockname()[1]
        return Reverse(resolver=resolver, **limits)  # type: ignore[arg-type]


@contextmanager
def _running() -> Iterator[Server]:
    server = Server()
    server.start()
    try:
        yield server
    finally:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", server.socket.getsockname())
        server.join(5)
        server.socket.close()


@pytest.fixture
def server() -> Iterator[Server]:
    with _running() as one:
        yield one


def test_names_of_addresses_that_nothing_else_names(tmp_path: Path, server: Server) -> None:
    told = dns_log((1, ANN, "notes.com", ["9.9.9.9"]))
    gone = flows((5, ANN, "8.8.8.8"), (6, ANN, "8.8.8.8"), (7, ANN, "9.9.9.9"), (8, ANN, "1.1.1.1"), (9, ANN, "192.168.0.1"))
    found = scanned(tmp_path, gone, told, reverse=server.reverse())
    assert connections(found) == [(ANN, "notes.com", "notes", naming.OWN, 1), (ANN, "www.files.com", "files", naming.REVERSE, 2)]
    assert sorted(server.asked) == ["1.1.1.1", "8.8.8.8"]  # neither what is named already nor what is private
    assert "40% were named by reverse DNS" in " ".join(found.coverage.sources)


def test_addresses_stay_numbers_beside_names_from_reverse_dns() -> None:
    """Usage may be laid aside on disk (see `shelf`), where no text is to stand."""
    asked = {"destination_domain": [None, None], "destination_ip": ["8.8.8.8", "1.1.1.1"], "hits": [2, 1]}
    kinds = {"destination_domain": pl.Categorical(), "destination_ip": pl.Categorical(), "hits": pl.Int64()}
    (found,) = naming.reversed_([Shelf([pl.DataFrame(asked, schema=kinds)])], lambda _: {"8.8.8.8": "www.files.com"})
    assert found.whole().select("destination_ip", "destination_domain").rows() == [("8.8.8.8", "www.files.com"), ("1.1.1.1", None)]
    assert pl.String not in found.nothing.schema.values()


def test_nobody_is_asked_unless_it_was_asked_for(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dns.resolver.Resolver, "resolve", lambda *_, **__: pytest.fail("a query was sent"))
    assert connections(scanned(tmp_path, flows((5, ANN, "8.8.8.8")))) == []
    assert server.asked == []


def test_each_address_is_asked_for_once_and_only_so_many(server: Server) -> None:
    reverse = server.reverse(most=2)
    assert reverse.names(["8.8.8.8", "1.1.1.1", "9.9.9.9", "8.8.8.8"]) == {"8.8.8.8": "www.files.com"}
    assert reverse.names(["9.9.9.9", "8.8.8.8"]) == {"8.8.8.8": "www.files.com"}
    assert sorted(server.asked) == ["1.1.1.1", "8.8.8.8"]


def test_a_server_that_is_silent_is_not_waited_for(server: Server) -> None:
    server.silent = True
    assert server.reverse(patience=0.2, seconds=0.5).names([f"8.8.4.{n}" for n in range(100)]) == {}
    assert len(set(server.asked)) < 100


def test_addresses_in_words_without_answers() -> None:
    assert naming.in_words(Shelf([pl.DataFrame({"hits": [1]})])) == ""
