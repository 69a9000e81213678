"""What a log format is: a few declarations. The work is in the kinds and in `discovery.parse`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

import polars as pl
from polars.expr.whenthen import Then

from discovery.answers import Answers
from discovery.kinds.base import Kind
from discovery.times import Clock

Family = Literal["dns", "proxy", "firewall", "generic", "identity"]

#: What many logs cannot tell: those of name servers, those without counts, those of packets, and those that only know devices.
NO_BYTES: Final = "How much was sent or received: DNS only shows that a name was asked for."
NO_COUNTS: Final = "How much was sent or received: this log has no byte counts."
NO_NAMES: Final = "Which site was visited: this log only has addresses."
NO_PERSON: Final = "Which person sat at a device, without leases or a people list."

#: What a header of a syslog relay leaves behind, for formats that need it.
SYSLOG_FIELDS = ("syslog_time", "syslog_host", "syslog_tag")


#: Why the beginning of a session is no request.
STARTED: Final = "start of a session, counted at its end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One way in which a format writes its lines (a product often has several: native, CSV, JSON).

    Attributes:
        kind: how a line holds fields.
        clock: how it writes the time.
        event: event column -> expression over the fields, all of them text.
        only: condition on the fields for a line to be of this layout at all (default: what the kind understands).
        skip: reason in words -> condition on the fields; the first that holds makes the line no request.
        channel: what kind of record an event is: dns, name or bytes (see `events.CHANNELS`); text or expression.
        requests: 1 where the event is a request of its own, 0 where it completes another's (default 1).
        session: what joins the halves of one request, as text (default: none).
        verdict: condition on lines that say what became of a request asked for on an earlier line (the same `session`); they are no requests.
        lasted: milliseconds from the request to the time in the line, where lines are written at the end (default: none).
        answers: what its lines say of answers to DNS questions (default: nothing).
        name: what people call this layout.
    """

    kind: Kind
    clock: Clock
    event: Mapping[str, pl.Expr]
    only: pl.Expr | None = None
    skip: Mapping[str, pl.Expr] = field(default_factory=dict)
    channel: str | pl.Expr = "bytes"
    requests: pl.Expr | None = None
    session: pl.Expr | None = None
    verdict: pl.Expr | None = None
    lasted: pl.Expr | None = None
    answers: Answers | None = None
    name: str = ""

    def wanted(self) -> tuple[str, ...]:
        """The fields the expressions look at."""
        expressions = [
            *self.event.values(),
            *self.skip.values(),
            *(e for e in (self.only, self.requests, self.session, self.verdict, self.lasted) if e is not None),
        ]
        if self.answers is not None:
            expressions.extend(self.answers.looks_at())
        if isinstance(self.channel, pl.Expr):
            expressions.append(self.channel)
        roots = [name for expression in expressions for name in expression.meta.root_names()]
        return tuple(dict.fromkeys([*self.clock.needs, *roots]))


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFormat:
    """A log format.

    Attributes:
        id: short name, for people and programs.
        title: what it is called, in words.
        family: dns, proxy, firewall, generic or identity.
        layouts: the ways it is written, most telling first.
        cannot_tell: which questions such a log leaves open, each a sentence.
        generic: whether a vendor's own format that understands as many lines goes first.
        declines: why such a log is of no use here, as a sentence; None: it is of use.
    """

    id: str
    title: str
    family: Family
    layouts: tuple[Layout, ...]
    cannot_tell: tuple[str, ...] = ()
    generic: bool = False
    declines: str | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """Event columns that such a log can fill, over all layouts."""
        return tuple(dict.fromkeys(["timestamp", *(column for layout in self.layouts for column in layout.event)]))


def with_beginnings(layout: Layout, ended: pl.Expr) -> tuple[Layout, Layout]:
    """A layout that skips beginnings of sessions (`STARTED`), and the one of a log in which no line is an end (`ended`): there they are requests."""
    return layout, counting(layout, STARTED, "beginnings only", ended)


def counting(layout: Layout, reason: str, name: str, unless: pl.Expr) -> Layout:
    """The same layout for a log that has no lines of one sort: lines which it skips because of them are requests there.

    Args:
        layout: of a log that has them.
        reason: why it skips the others.
        name: what to call the new one.
        unless: condition on lines of that sort; a log with one of them is none of the new layout.
    """
    without = (~unless).fill_null(value=True)
    return replace(
        layout,
        name=f"{layout.name}, {name}".removeprefix(", "),
        only=without if layout.only is None else layout.only & without,
        skip={why: condition for why, condition in layout.skip.items() if why != reason},
    )


def event_action(blocked: pl.Expr, allowed: pl.Expr | None = None) -> pl.Expr:
    """What became of a request: "blocked" where that holds, else "allowed"; where `allowed` is given, only where that holds, else null."""
    if allowed is None:
        return pl.when(blocked).then(pl.lit("blocked")).otherwise(pl.lit("allowed"))
    return only_blocked(blocked).when(allowed).then(pl.lit("allowed"))


def only_blocked(blocked: pl.Expr) -> Then:
    """The same of a log that names only what was refused: "blocked" where that holds, else null."""
    return pl.when(blocked).then(pl.lit("blocked"))
