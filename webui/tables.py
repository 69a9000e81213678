"""Who may see the pages: accounts, and their sign-ins, which end on the server and not only in the browser.

Beside them tokens of programs, kept views, how reports look and when they were handed over, and what the portfolio shows of each client.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from discovery.store.base import Base


class Account(Base):
    """Someone who may sign in. `key` is the name folded for comparison, so that "Ann" and "ann" are one account."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    password: Mapped[str] = mapped_column(Text)  # argon2id, with its parameters and salt; empty: not chosen yet, nobody can sign in
    role: Mapped[str] = mapped_column(String(16))  # viewer, analyst, administrator
    limited: Mapped[bool] = mapped_column(default=False, server_default=false())  # to its rows in `account_clients`
    invitation: Mapped[str | None] = mapped_column(String(64), index=True, unique=True)  # SHA-256 of the code of an open link, hex
    invited_until: Mapped[datetime | None]
    invited_by: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))  # who made the newest link
    joined_by: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))  # who made the link that gave the password; empty: none did
    joined_at: Mapped[datetime | None]  # when it gave it
    created: Mapped[datetime]


class AccountClient(Base):
    """A client that a limited account sees. Without any it sees none: a client that is removed opens no other."""

    __tablename__ = "account_clients"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete="CASCADE"), primary_key=True)


class SignIn(Base):
    """One sign-in of one browser. Only a hash of its token is kept: the database alone lets nobody in."""

    __tablename__ = "sign_ins"

    token: Mapped[str] = mapped_column(String(64), primary_key=True)  # SHA-256 of the token in the cookie, hex
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    started: Mapped[datetime]


class ApiToken(Base):
    """What a program shows to read one client's data. Only a hash of the token is kept."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(Text)  # what it is for
    token: Mapped[str] = mapped_column(String(64), unique=True)  # SHA-256, hex
    created: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(Text)


class RevealStep(Base):
    """A step on the way to a name, or of a look at it: only ever added. Each row holds the digest of the one before, so that a change shows."""

    __tablename__ = "reveal_steps"

    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # from 1
    request: Mapped[int]  # number of the step that asked; 0: the setting for everybody
    step: Mapped[str] = mapped_column(String(16))  # see webui.reveals.STEPS
    person: Mapped[str] = mapped_column(String(64))  # keyed hash; empty: everybody
    pseudonym: Mapped[str] = mapped_column(String(64))
    purpose: Mapped[str] = mapped_column(String(32))  # see rules/reveal.toml
    reason: Mapped[str] = mapped_column(Text)
    ticket: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(Text)  # account
    at: Mapped[datetime]
    before: Mapped[str] = mapped_column(String(64))  # digest of the row before; zeros for the first
    digest: Mapped[str] = mapped_column(String(64))  # SHA-256 of this row with `before`


class ReportLook(Base):
    """How a client's reports look. Without a row they look as the practice's do."""

    __tablename__ = "report_looks"

    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(Text)  # of whoever makes the reports
    colour: Mapped[str] = mapped_column(String(7))  # #rrggbb
    logo: Mapped[bytes] = mapped_column(LargeBinary)  # PNG or JPEG; empty: none


class PracticeLook(Base):
    """How the reports of all clients look that have no look of their own: one row, number 1. Without it they look like Gnomon's."""

    __tablename__ = "practice_look"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    colour: Mapped[str] = mapped_column(String(7))
    logo: Mapped[bytes] = mapped_column(LargeBinary)


class ReportGiven(Base):
    """Up to which day of the data somebody was told, so that the next report says what changed since."""

    __tablename__ = "reports_given"

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete="CASCADE"), index=True)
    until: Mapped[date]
    given_at: Mapped[datetime]
    given_by: Mapped[str] = mapped_column(Text)


class ClientSummary(Base):
    """What the portfolio shows of a client, worked out before anybody asks; names nobody."""

    __tablename__ = "client_summaries"

    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete="CASCADE"), primary_key=True)
    basis: Mapped[str] = mapped_column(String(200))  # versions of data, catalogue and rules that it rests on
    content: Mapped[dict[str, Any]] = mapped_column(JSON)  # see webui.portfolio


class Review(Base):
    """Up to which day of the data a client was reviewed, so that the next review says what changed since."""

    __tablename__ = "reviews"

    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete="CASCADE"), primary_key=True)
    until: Mapped[date] = mapped_column(primary_key=True)
    reviewed_at: Mapped[datetime]


class SavedView(Base):
    """A page with its filter and order, under a name."""

    __tablename__ = "saved_views"

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(Text)
    endpoint: Mapped[str] = mapped_column(String(64))  # the page, as Flask names it
    args: Mapped[dict[str, str]] = mapped_column(JSON)  # of its address
    made_by: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]  # None: on the list


class PreparedReport(Base):
    """A report that is made in the background, with its file once it is ready."""

    __tablename__ = "prepared_reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete="CASCADE"), index=True)
    document: Mapped[str] = mapped_column(String(128))  # pack, or ids of documents, see webui.reports.files.chosen
    args: Mapped[dict[str, str]] = mapped_column(JSON)  # the period, as in addresses of pages
    state: Mapped[str] = mapped_column(String(16))  # waiting, running, ready, failed
    message: Mapped[str] = mapped_column(Text, default="")  # why it failed
    asked_by: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    content: Mapped[bytes | None] = mapped_column(LargeBinary)  # the PDF
    due: Mapped[date | None]  # the day of the schedule that it was made for; None: somebody asked for it


class ReportSchedule(Base):
    """When a client's pack is made by itself. Without a row it never is."""

    __tablename__ = "report_schedules"

    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete="CASCADE"), primary_key=True)
    every: Mapped[str] = mapped_column(String(8))  # month, quarter
    day: Mapped[int]  # of the month, or of a quarter's first month
    documents: Mapped[list[str]] = mapped_column(JSON)  # ids
    set_on: Mapped[date]  # nothing is due before
    made_for: Mapped[date | None]  # the day for which the last one was made
    set_by: Mapped[str] = mapped_column(Text)
