"""Suricata's EVE records, wherever they stand: at the top of a JSON line, or inside the envelope of a product built on Suricata.

Fields after https://docs.suricata.io/en/latest/output/eve/eve-json-format.html. Questions of DNS are `query` with one name (versions 1 and 2)
or `request` with a list (version 3). Of one connection the http, tls and quic records are the visits; its flow record, written
at the end under the same `flow_id`, completes them with bytes.
"""

from dataclasses import dataclass

import polars as pl

from discovery.answers import Answers, within
from discovery.format import only_blocked
from discovery.kinds.reach import answers as from_server
from discovery.kinds.reach import from_outside
from discovery.names import host_of

_AUTHORITY = r'"name": ?":authority", ?"value": ?"([^"]+)"'
_PORT_OF_DNS = "53"
_ADDRESS_OR_ALIAS = r'"rrtype": ?"(?:A|AAAA|CNAME)"[^{}]*?"rdata": ?"([^"]+)"'


@dataclass(frozen=True, slots=True)
class Eve:
    """Expressions over the fields of EVE records.

    Attributes:
        at: what stands before every field (`event.` inside an envelope).
    """

    at: str = ""

    def field(self, name: str) -> pl.Expr:
        """A field of the record, as text."""
        return pl.col(self.at + name)

    def kind(self, *names: str) -> pl.Expr:
        """Whether the record is of one of these types."""
        return self.field("event_type").is_in(names)

    def only(self) -> pl.Expr:
        """Whether it is an EVE record at all."""
        named = self.field("event_type").str.contains("^[a-z][a-z0-9_]+$") & self.field("timestamp").str.contains(r"^\d{4}-\d\d-\d\dT")
        return named & (self.field("src_ip").is_not_null() | self.field("event_type").is_in(["stats", "engine"]))

    def domain(self) -> pl.Expr:
        """The name asked for or spoken to."""
        asked = pl.coalesce(self.field("dns.rrname"), self.field("dns.queries").str.json_path_match("$[0].rrname"))
        spoken = pl.coalesce(
            host_of(self.field("http.hostname")),
            host_of(self.field("http.request_headers").str.extract(_AUTHORITY, 1)),
            self.field("tls.sni"),
            self.field("quic.sni"),
        )
        return pl.when(self.kind("dns")).then(asked).otherwise(spoken)

    def client(self) -> pl.Expr:
        """Who asked: the side of the flow's opening, where the record says which."""
        return pl.when(self.turned()).then(self.field("dest_ip")).otherwise(self.field("src_ip"))

    def server(self) -> pl.Expr:
        """Who was asked; null for a question of DNS, where it is only the resolver."""
        return pl.when(~self.kind("dns")).then(pl.when(self.turned()).then(self.field("src_ip")).otherwise(self.field("dest_ip")))

    def turned(self) -> pl.Expr:
        """Whether the record is of a packet that the server sent."""
        opened = self.field("flow.src_ip")
        said = self.field("direction") == "to_client"
        return self.kind("alert") & pl.coalesce(opened == self.field("dest_ip"), said, from_server(self.field("src_port"), self.field("dest_port")))

    def answer(self) -> pl.Expr:
        """Whether it is the answer to a question of DNS."""
        return self.kind("dns") & ~self.field("dns.type").is_in(["query", "request"])

    def answers(self) -> Answers:
        """What answers of DNS say; versions differ in which side of the packet they name first."""
        told = self.field("dns.answers")
        turned = (self.field("src_port") == _PORT_OF_DNS) & (self.field("dest_port") != _PORT_OF_DNS)
        return Answers(
            said=pl.when(told.is_null()).then(pl.concat_list(self.field("dns.rdata"))).otherwise(within(told, _ADDRESS_OR_ALIAS)),
            asked=self.domain(),
            client=pl.when(turned).then(self.field("dest_ip")).otherwise(self.field("src_ip")),
            when=self.answer() & (told.is_not_null() | self.field("dns.rrtype").is_in(["A", "AAAA", "CNAME"])),
        )

    def flow_of_dns(self) -> pl.Expr:
        """Whether it is the connection under a question of DNS."""
        return self.kind("flow", "netflow") & (
            (self.field("app_proto") == "dns") | (self.field("dest_port") == _PORT_OF_DNS) | (self.field("src_port") == _PORT_OF_DNS)
        )

    def nameless_alert(self) -> pl.Expr:
        """Whether it is an alert that names no site."""
        return self.kind("alert") & self.domain().is_null()

    def inbound(self) -> pl.Expr:
        """Whether somebody outside visited a server inside."""
        return from_outside(self.client(), self.server())

    def refused(self) -> pl.Expr:
        """The verdict of an inline sensor."""
        blocked = (self.kind("alert") & (self.field("alert.action") == "blocked")) | (self.field("flow.action") == "drop")
        return only_blocked(blocked)
