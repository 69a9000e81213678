"""What a firm decided: register, muted alerts, weights, roadmap, clauses and meetings; and the template that a practice hands to all its clients."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from discovery.store.base import Base


class DecisionRow(Base):
    """One decision about a service. Rows are only ever added: the newest that no later row takes back is in force, the others are its history."""

    __tablename__ = "decisions"
    __table_args__ = (Index(None, "client_id", "service", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete="CASCADE"))
    service: Mapped[str] = mapped_column(String(128))  # id in the catalogue
    status: Mapped[str] = mapped_column(String(32))  # see rules.register
    owner: Mapped[str] = mapped_column(Text)  # who owns the risk
    reason: Mapped[str] = mapped_column(Text)
    conditions: Mapped[str] = mapped_column(Text)
    review_by: Mapped[date | None]
    decided_at: Mapped[datetime]
    decided_by: Mapped[str] = mapped_column(Text)  # account that recorded it
    account: Mapped[str] = mapped_column(String(16), server_default="any")  # class of account it stands for, see rules.register
    data_held: Mapped[str] = mapped_column(Text, server_default=text("''"))  # what data the firm keeps there
    snapshot: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # what was known at that moment
    undoes: Mapped[int | None]  # number of the decision that this row takes back; its own status then says nothing


class MuteRow(Base):
    """An alert that somebody does not want to hear again, with the reason; ended where somebody wants to after all."""

    __tablename__ = "mutes"
    __table_args__ = (Index(None, "client_id", "kind", "service"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(32))  # see rules/alerts.toml
    service: Mapped[str] = mapped_column(String(128))  # id in the catalogue
    mark: Mapped[str] = mapped_column(String(64))  # which of its kind: names nobody
    reason: Mapped[str] = mapped_column(Text)
    muted_at: Mapped[datetime]
    muted_by: Mapped[str] = mapped_column(Text)
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(Text)


class WeightRow(Base):
    """One change of the shipped rules of risk for a client. Rows are only ever added: the newest of a kind and key is in force."""

    __tablename__ = "weights"
    __table_args__ = (Index(None, "client_id", "kind", "key", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))  # factor, times, level, service
    key: Mapped[str] = mapped_column(String(128))
    value: Mapped[float | None]  # None: as shipped again
    note: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(Text)


class RoadmapRow(Base):
    """One version of an item of the roadmap. Rows are only ever added: the newest of an item is in force, unless it is `removed`."""

    __tablename__ = "roadmap_items"
    __table_args__ = (Index(None, "client_id", "item", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete="CASCADE"))
    item: Mapped[str] = mapped_column(String(80))  # gap:… or own:…
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    area: Mapped[str] = mapped_column(String(16))
    capability: Mapped[str] = mapped_column(String(64))  # empty: added by hand
    quarter: Mapped[str] = mapped_column(String(8))  # as "2027-Q1"; empty: none
    effort: Mapped[float | None]  # days of work
    cost: Mapped[str] = mapped_column(String(16))
    owner: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    baseline: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # how things stood when it was planned; names nobody
    removed: Mapped[bool]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(Text)


class AnswerRow(Base):
    """What the client says of one finding that was looked at: a person and a service. Which person it was is not kept, only its keyed hash."""

    __tablename__ = "answers"

    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete="CASCADE"), primary_key=True)
    pair: Mapped[str] = mapped_column(String(64), primary_key=True)  # keyed hash of person and service, so that nothing is asked twice
    service: Mapped[str] = mapped_column(String(128))  # id in the catalogue
    answer: Mapped[str] = mapped_column(String(16))  # see rules.spotcheck
    answered_at: Mapped[datetime]
    answered_by: Mapped[str] = mapped_column(Text)


class TemplateRow(Base):
    """One version of what a practice hands to all its clients. The newest applied one is in force; a newer one that is not is the draft."""

    __tablename__ = "practice_templates"

    id: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)  # see rules.practice
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(Text)
    applied_at: Mapped[datetime | None]


class ClauseRow(Base):
    """A clause in the client's own words, in place of the template's or the shipped one of that heading; without text it is left out."""

    __tablename__ = "own_clauses"

    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete="CASCADE"), primary_key=True)
    heading: Mapped[str] = mapped_column(String(100), primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class MeetingRow(Base):
    """A policy discussion. What was decided in it stands in the register; here is only that it took place."""

    __tablename__ = "meetings"

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete="CASCADE"), index=True)
    minutes: Mapped[int]  # how long it may take
    present: Mapped[str] = mapped_column(Text)  # who was there, in their own words
    began_at: Mapped[datetime]
    began_by: Mapped[str] = mapped_column(Text)
    ended_at: Mapped[datetime | None]  # None: it goes on


class MeetingNeedRow(Base):
    """A need on the agenda of a meeting, by its place from 1."""

    __tablename__ = "meeting_needs"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    capability: Mapped[str] = mapped_column(String(64), primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete="CASCADE"), index=True)
    place: Mapped[int]
    note: Mapped[str] = mapped_column(Text)
    seconds: Mapped[int]  # its screen was open


class MeetingDecisionRow(Base):
    """In which meeting a decision was taken, and about which need."""

    __tablename__ = "meeting_decisions"
    __table_args__ = (Index(None, "meeting_id", "capability"),)

    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id", ondelete="CASCADE"), primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete="CASCADE"), index=True)
    capability: Mapped[str] = mapped_column(String(64))
