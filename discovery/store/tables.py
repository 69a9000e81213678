"""What is kept of each firm: the one declaration of the tables of observations.

No column holds the name of a person, device or address: `user_name`, `source_ip`, `source_mac`, `host_name`, `person` and `team` hold keyed
hashes (see vault.py); the names are sealed in `identities`. Every row belongs to a client.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from discovery.store.base import Base

KEY: Final = String(64)  # hex of HMAC-SHA-256
OWNED: Final = "CASCADE"  # whatever belongs to a client or an import goes with it


class Client(Base):
    """A firm that is looked after, with its settings."""

    __tablename__ = "clients"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)  # its name in URLs and commands
    name: Mapped[str] = mapped_column(Text)
    zone: Mapped[str] = mapped_column(String(64))  # IANA name; a day is a day in this zone
    people_expected: Mapped[int | None]  # people in the firm; None: not known
    show_names: Mapped[bool]  # those who may see people see names instead of pseudonyms
    toolset: Mapped[str] = mapped_column(Text)  # what the firm provides, as TOML
    people_days: Mapped[int | None]  # for how many days it is kept who used what; None: until the log is removed
    count_guests: Mapped[bool] = mapped_column(default=False, server_default=false())  # whether requests from guest networks are kept
    vault: Mapped[str] = mapped_column(String(32), unique=True)  # which key files are this client's
    version: Mapped[int] = mapped_column(default=1)  # grows with every change of its data, settings or decisions
    data_version: Mapped[int] = mapped_column(default=1)  # grows with every change of what was observed
    created: Mapped[datetime]


class Import(Base):
    """One log taken in, with its honest account. Only rows of published imports are ever read.

    `state`: staging (being read; waiting for a worker while `worker` is None), published, failed, removed, or already (the same content is
    published under another import, and this one holds nothing).
    """

    __tablename__ = "imports"
    __table_args__ = (
        Index(
            "uq_imports_published",
            "client_id",
            "fingerprint",
            unique=True,
            sqlite_where=text("state = 'published'"),
            postgresql_where=text("state = 'published'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete=OWNED), index=True)
    state: Mapped[str] = mapped_column(String(16), default="staging")
    message: Mapped[str] = mapped_column(Text, default="")  # the sentence the user reads about its end
    name: Mapped[str] = mapped_column(Text)  # of the log, as the user knows it
    source: Mapped[str] = mapped_column(Text, default="")  # label of the log source
    sighting: Mapped[str] = mapped_column(String(16), default="traffic")  # kind of sighting
    fingerprint: Mapped[str | None] = mapped_column(String(64))  # SHA-256 of the decompressed content
    format: Mapped[str] = mapped_column(String(64), default="")
    family: Mapped[str] = mapped_column(String(16), default="")
    # the account of its lines
    bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    lines: Mapped[int] = mapped_column(BigInteger, default=0)
    events: Mapped[int] = mapped_column(BigInteger, default=0)
    skipped: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)  # reason -> lines
    rejected: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)  # reason -> lines
    samples: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # reason -> [[line, masked shape], …]
    first: Mapped[datetime | None]
    last: Mapped[datetime | None]
    zone: Mapped[str] = mapped_column(String(64), default="")  # used for times without one
    zone_basis: Mapped[str] = mapped_column(Text, default="")
    warnings: Mapped[list[str]] = mapped_column(JSON, default=list)
    cannot_tell: Mapped[list[str]] = mapped_column(JSON, default=list)
    partial: Mapped[bool] = mapped_column(default=False)
    formats: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)  # of a mixture: format -> lines
    silences: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)  # [since, until, working hours, format]
    clock_jumps: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)  # [line, from, to]
    # its run
    worker: Mapped[str | None] = mapped_column(String(255))  # machine that runs it; None: nobody yet
    created: Mapped[datetime]
    finished: Mapped[datetime | None]
    seen: Mapped[datetime]  # when its worker last said that it is alive
    bytes_done: Mapped[int] = mapped_column(BigInteger, default=0)
    bytes_total: Mapped[int | None] = mapped_column(BigInteger)
    lines_done: Mapped[int] = mapped_column(BigInteger, default=0)
    seconds: Mapped[float] = mapped_column(default=0.0)  # since reading began


class Domain(Base):
    """A domain seen at a client, named once."""

    __tablename__ = "domains"
    __table_args__ = (UniqueConstraint("client_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete=OWNED))
    name: Mapped[str] = mapped_column(Text)


class Subject(Base):
    """Who a log says it was: any of user, address, MAC and host, as keyed hashes."""

    __tablename__ = "subjects"
    __table_args__ = (UniqueConstraint("client_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete=OWNED))
    key: Mapped[str] = mapped_column(KEY)  # keyed hash of the four together
    user_name: Mapped[str | None] = mapped_column(KEY)
    source_ip: Mapped[str | None] = mapped_column(KEY)
    source_mac: Mapped[str | None] = mapped_column(KEY)
    host_name: Mapped[str | None] = mapped_column(KEY)


class Identity(Base):
    """The sealed name behind a keyed hash, and the pseudonym it is shown under."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("client_id", "pseudonym"),)

    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete=OWNED), primary_key=True)
    key: Mapped[str] = mapped_column(KEY, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))  # user_name, source_ip, source_mac, host_name, person, team
    pseudonym: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)  # AES-256-GCM


class Usage(Base):
    """A block of usage rows of one import: a Parquet table with the columns of `blocks.BLOCK`.

    Usage is written once, read as a whole and removed with its import; in columns that costs a tenth of the space and a thirtieth of the time
    of one database row each.
    """

    __tablename__ = "usage"

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete=OWNED), index=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete=OWNED), index=True)
    rows: Mapped[int]
    since: Mapped[datetime]  # first hour in it
    until: Mapped[datetime]  # last hour in it
    hours_since: Mapped[datetime | None]  # first hour that is not yet compacted to a day; None: all are
    named_since: Mapped[datetime | None]  # first hour with a subject; None: none has one
    packed: Mapped[bytes] = mapped_column(LargeBinary)


class ImportDomain(Base):
    """Which domains an import's usage speaks of: what nobody speaks of any more is purged."""

    __tablename__ = "import_domains"

    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete=OWNED), primary_key=True)
    domain_id: Mapped[int] = mapped_column(ForeignKey("domains.id"), primary_key=True, index=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete=OWNED), index=True)
    people: Mapped[int | None]  # people at it in this import: decides whether an unknown domain may carry a subject; None: not asked


class ImportSubject(Base):
    """Which subjects an import's usage speaks of."""

    __tablename__ = "import_subjects"

    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete=OWNED), primary_key=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subjects.id"), primary_key=True, index=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete=OWNED), index=True)


class Lease(Base):
    """An address that belonged to a device for a time, as a lease log says."""

    __tablename__ = "leases"

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete=OWNED), index=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete=OWNED), index=True)
    source_ip: Mapped[str] = mapped_column(KEY)
    source_mac: Mapped[str | None] = mapped_column(KEY)
    host_name: Mapped[str | None] = mapped_column(KEY)
    since: Mapped[datetime | None]  # None: from the beginning
    until: Mapped[datetime | None]  # None: to this day


class DnsAnswers(Base):
    """A block of DNS answers of one import: Parquet tables with the columns of `answers.KEPT` and `discovery.answers.ALIASES`."""

    __tablename__ = "dns_answers"

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete=OWNED), index=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete=OWNED), index=True)
    hours_since: Mapped[datetime | None]  # first hour that is not yet compacted to a day; None: all are
    packed: Mapped[bytes] = mapped_column(LargeBinary)
    aliases: Mapped[bytes] = mapped_column(LargeBinary)


class WeekBytes(Base):
    """Bytes of one import by hour of week, for the client as a whole: a Parquet table with the columns of `week.WEEK`."""

    __tablename__ = "week_bytes"

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete=OWNED), index=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete=OWNED), index=True)
    packed: Mapped[bytes] = mapped_column(LargeBinary)


class Mark(Base):
    """What identifies the lines of an import: Parquet tables with the columns of `overlap.MINUTES`, and of `overlap.LINES` (32 bits a digest)."""

    __tablename__ = "marks"

    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete=OWNED), primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete=OWNED), index=True)
    since: Mapped[datetime]  # first minute
    until: Mapped[datetime]  # last minute
    minutes: Mapped[bytes] = mapped_column(LargeBinary)
    lines: Mapped[bytes] = mapped_column(LargeBinary)  # of recent days


class Overlap(Base):
    """A part of an import that another told before."""

    __tablename__ = "told_before"

    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete=OWNED), primary_key=True)
    segment: Mapped[int] = mapped_column(primary_key=True)  # as in the import's usage
    told_by: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete=OWNED), primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete=OWNED), index=True)
    events: Mapped[int] = mapped_column(BigInteger)  # requests in it


class NetworkRange(Base):
    """Addresses of the firm's network, and whose they are."""

    __tablename__ = "network_ranges"

    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete=OWNED), primary_key=True)
    cidr: Mapped[str] = mapped_column(String(43), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))  # staff, guest, vpn, server


class Handle(Base):
    """One way to find a person of the firm's people list: a user, host, MAC or address."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete=OWNED), index=True)
    person: Mapped[str] = mapped_column(KEY)
    team: Mapped[str | None] = mapped_column(KEY)
    user_name: Mapped[str | None] = mapped_column(KEY)
    source_ip: Mapped[str | None] = mapped_column(KEY)
    source_mac: Mapped[str | None] = mapped_column(KEY)
    host_name: Mapped[str | None] = mapped_column(KEY)


class OwnServiceRow(Base):
    """A service that only the client has, or what it says otherwise about one of the catalogue; see discovery.own_services."""

    __tablename__ = "own_services"

    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete=OWNED), primary_key=True)
    service: Mapped[str] = mapped_column(String(128), primary_key=True)  # id
    name: Mapped[str | None] = mapped_column(Text)  # None: as the catalogue has it
    capability: Mapped[str | None] = mapped_column(String(64))  # None: as the catalogue has it
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(Text)


class OwnHostRow(Base):
    """What a host, with everything below it, is at this client."""

    __tablename__ = "own_hosts"

    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete=OWNED), primary_key=True)
    domain: Mapped[str] = mapped_column(String(253), primary_key=True)
    means: Mapped[str] = mapped_column(String(16))  # service, background, own_site
    service: Mapped[str | None] = mapped_column(String(128))
    role: Mapped[str | None] = mapped_column(String(16))
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(Text)


class BundleKey(Base):
    """Whose signed bundles a client takes in: the site's key by its fingerprint."""

    __tablename__ = "bundle_keys"

    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete=OWNED), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(32), primary_key=True)
    newest: Mapped[datetime | None]  # when the newest bundle taken in with it was made; None: none was yet
