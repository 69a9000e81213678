"""Lists of devices as routers, controllers and consoles show them: leases, clients, neighbours; as CSV, as JSON or copied from a screen.

A list tells of the moment at which it was made, seldom from when on: where it names no begin, a device is said to have held its address for the
usual time before the end, before it was last seen, or before the file was written.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import polars as pl

from discovery.dates import day_orders
from discovery.framing import frame
from discovery.kinds.base import SKIPPED, UNDERSTOOD
from discovery.kinds.named import Named, plain, spelt
from discovery.leases.base import BEGIN, Row, Snapshot, mac_of
from discovery.portal import whole
from discovery.spellings import SPELLINGS, clock
from discovery.times import Reading

#: Field -> names that such lists use for it, as `plain` spells them; the first that is there counts.
_FIELDS: Final = spelt(
    {
        "address": (
            "ip_address ipaddress ipv4_address ip ipaddr ip_addr address client_ip_address client_ip internet_address ipv4 current_ip last_ip "
            "lease_ip adresse_ip ip_adresse dirección_ip indirizzo_ip endereço_ip ip_adres ipv6_address client_ip_adresse adresse_ip_du_client "
            "dirección_ip_de_cliente dirección_ip_del_cliente indirizzo_ip_del_client"
        ),
        "mac": (
            "mac_address macaddress mac mac_addr hw_address hwaddr hwaddress hardware_address hardware_addr hw_addr ethernet_address "
            "physical_address client_mac client_mac_address adresse_mac mac_adresse dirección_mac indirizzo_mac endereço_mac mac_adres "
            "hardware_ethernet macaddr"
        ),
        "client": "clientid client_id client_id_hardware_address clientduid unique_id duid eindeutige_id id_unique id_exclusivo id_único id_univoco",
        "host": (
            "hostname host_name client_hostname device_name devicename client_name computer_name assetname asset_name machine_name "
            "netbios_name dns_name host nom_d_hôte nome_host"
        ),
        "name": "name alias display_name nom nombre nome naam",
        "about": "description descr comment",
        "since": "starts start lease_start lease_started lease_begin lease_obtained assigned_at cltt",
        "until": (
            "leaseexpirytime ends end lease_end lease_expiration lease_expires lease_expiry lease_expiry_time lease_expiration_time expires "
            "expire expiry expiration expires_at lease_time leaseablaufdatum ablauf_der_lease expiration_du_bail expiración_de_concesión "
            "expiración_de_la_concesión scadenza_lease"
        ),
        "lease": (
            "lease_start lease_end lease_expiration lease_expires lease_expiry lease_expiry_time lease_expiration_time leaseexpirytime "
            "leaseablaufdatum ablauf_der_lease expiration_du_bail expiración_de_concesión expiración_de_la_concesión scadenza_lease"
        ),
        "seconds": "valid_lft valid_lifetime lease_duration",
        "seen": "last_seen lastseen last_query last_activity last_active last_scanned",
        "state": "addressstate state binding_state status binding",
        "kind": "type lease_type",
    }
)
#: Names of columns that only a log of requests has.
_OF_A_LOG: Final = tuple(
    {name for field in ("domain", "url", "address") for name in SPELLINGS[field].split()} - {name for names in _FIELDS.values() for name in names}
    - {"site", "destination"} | {"event", "event_type", "message", "action", "query", "user_agent", "ts", "timestamp"}
)  # fmt: skip
_CSV: Final = Named(_FIELDS, must=(("address",), ("mac", "lease")), separators=",;|\t", never=_OF_A_LOG, above=15)
_TOLD: Final = ("host", "name", "since", "until", "seen")

_FIXED: Final = "(?i)static|reserv|manual|fixed|permanent|infinite"
_GONE: Final = "(?i)^(?:free|backup|expired|released|declined|offered|abandoned|incomplete|failed)$"
_GROUP: Final = "13579bdf"  # ends the first octet of an address of many (IEEE 802, section 8.2.2)

_HEX: Final = "[0-9A-Fa-f]"
_IP: Final = r"(?P<address>\d{1,3}(?:\.\d{1,3}){3}|(?=\S*::|(?:[^\s:]+:){7})[0-9A-Fa-f:]{2,39})"
_PAIR, _QUAD = _HEX + "{1,2}", _HEX + "{4}"
_MAC: Final = rf"(?P<mac>(?:{_PAIR}[:-]){{5}}{_PAIR}|{_QUAD}(?:\.{_HEX}{{2,4}}){{2,9}}|{_QUAD}-{_QUAD}-{_QUAD}|{_HEX}{{6}}-{_HEX}{{6}})"
_BETWEEN: Final = r"(?:\s+(?:dev \S+|lladdr|ether|at|auf|en|su|\d+|\d\d?:\d\d:\d\d|-|0x[0-9a-f]+|\d+(?:\.\d+){3})){0,4}\s+"
_LINES: Final = tuple(
    re.compile(line)
    for line in (
        rf"^\s*(?:[A-Za-z][\w-]*\s+|\d+ +(?:[A-Z]+ +)?)?{_IP}{_BETWEEN}{_MAC}(?:\s|$)",
        rf"^(?P<host>[\w.?-]+) \({_IP}\){_BETWEEN}{_MAC}(?:\s|$)",
        rf"^\s*{_MAC}\s+{_IP}(?:\s|$)",
    )
)
_NEIGHBOUR: Final = re.compile(r"^\S+ dev \S+ .*(?:FAILED|INCOMPLETE)\s*$|^\S+ \([\d.]+\) .*incomplete")
_SHARE: Final = 0.2  # of the lines of a screen, which has titles and sums
_HEAD_LINES: Final = 60


def is_list(head: str) -> bool:
    """Whether a text begins as such a list does."""
    lines = [line for line in head.lstrip("\ufeff").split("\n")[:_HEAD_LINES] if line.strip()]
    if lines and lines[0].lstrip().startswith("{"):
        return (first := _object(lines[0])) is not None and _tells(set(first))
    entries = [line for line in lines if _entry(line) or _NEIGHBOUR.match(line)]
    return not _CSV.refuses(head.encode()) or (any(map(_entry, entries)) and len(entries) >= _SHARE * len(lines))


def _tells(names: set[str]) -> bool:
    """Whether an object with these members is of such a list."""
    there = {field for field, given in _FIELDS.items() if names & set(given)}
    told = {"mac"} <= there or {"client", "lease"} <= there
    return "address" in there and told and bool(there & set(_TOLD)) and not names & set(_OF_A_LOG)


@dataclass(frozen=True, slots=True)
class Lasting:
    """Reads lists whose leases last so long, as far as they do not say so; a reading of `Snapshot`."""

    lasts: timedelta = timedelta(days=1)

    def rows(self, text: str, reading: Reading) -> Iterator[Row | None]:
        """The leases of a list, with None for each entry that cannot be read."""
        table = _table(text.lstrip("\ufeff"))
        orders = set[bool]().union(*(day_orders(table[name])[0] for name in ("since", "until", "seen")))
        reading = replace(reading, day_first=next(iter(orders)) if len(orders) == 1 else reading.day_first)
        seconds = pl.col("seconds").cast(pl.Int64, strict=False)
        table = table.with_columns(whole(pl.col(name)) for name in ("since", "until", "seen"))
        times = [clock(name).expr(reading).alias(name) for name in ("since", "until", "seen")]
        fixed, gone = (
            pl.concat_str("state", "kind", "until", separator=" ", ignore_nulls=True).str.contains(_FIXED),
            pl.col("state").str.contains(_GONE),
        )
        known = table.with_columns(*times, fixed.fill_null(value=False).alias("fixed"), gone.fill_null(value=False).alias("gone"))
        known = known.with_columns(pl.coalesce("until", pl.col("since") + pl.duration(seconds=seconds)))
        for said in known.filter(~pl.col("gone")).iter_rows(named=True):
            yield self._row(said, reading.reference) if said[UNDERSTOOD] else None

    def _row(self, said: Mapping[str, str | bool | datetime | None], written: datetime) -> Row:
        address, mac = str(said["address"] or ""), _link(str(said["mac"] or said["client"] or ""))
        called = (str(said[name]) for name in ("host", "name", "about") if said[name] not in (None, "", "?", "-", "*", said["address"]))
        if said["fixed"]:
            return address, mac, next(called, None), BEGIN, None
        until, since = said["until"] or said["seen"] or written, said["since"]
        assert isinstance(until, datetime)  # noqa: S101 (a time or none, as the clocks give them)
        return address, mac, next(called, None), since if isinstance(since, datetime) else min(until - self.lasts, written), until


def carrier(sign: str = "", lasts: timedelta = timedelta(days=1)) -> Snapshot:
    """Lists whose beginning holds an expression."""
    return Snapshot(lambda head: re.search(sign, head) is not None and is_list(head), Lasting(lasts).rows, zoned=False)


def _link(client: str) -> str | None:
    """The link-layer address of a device, perhaps behind its type (RFC 2132, option 61) or in a DHCP unique identifier."""
    digits = re.sub(r"[^0-9a-f]", "", client.lower())
    if mac := mac_of(client):
        return mac
    if len(digits) == 14 and digits.startswith("01"):  # noqa: PLR2004 (a type and 48 bits)
        return digits[2:]
    parts = client.replace("-", ":").split(":")
    digits = "".join(part.rjust(2, "0") for part in parts) if len(parts) == 6 else digits  # noqa: PLR2004
    return digits if digits[1:2] not in _GROUP or not digits else None


def _table(text: str) -> pl.DataFrame:
    """The fields of every entry, as text, with `UNDERSTOOD`."""
    lines = text.split("\n")
    first = next((line for line in lines if line.strip()), "").lstrip()
    data = text.encode()
    if first.startswith("{"):
        return _of([_object(line) for line in lines if line.strip()])
    if any(map(_entry, lines)):
        return _of(list(_screen(lines)))
    rows = frame(data)
    fields = _CSV.fields(rows, tuple(_FIELDS), _CSV.header(data, None)).filter(rows.text() != "")
    return fields.filter(pl.col(SKIPPED).is_null()).drop(SKIPPED)


def _of(entries: Sequence[Mapping[str, str] | None]) -> pl.DataFrame:
    """Entries, each with its own names of the fields, None where one cannot be read."""
    rows = [{**_fields(said or {}), UNDERSTOOD: said is not None} for said in entries]
    return pl.DataFrame(rows, schema={**dict.fromkeys(_FIELDS, pl.String), UNDERSTOOD: pl.Boolean})


def _fields(said: Mapping[str, str]) -> dict[str, str | None]:
    return {field: next((said[name] for name in (field, *names) if said.get(name)), None) for field, names in _FIELDS.items()}


def _object(line: str) -> dict[str, str] | None:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return {plain(name): str(value) for name, value in said.items() if value is not None} if isinstance(said, dict) else None


def _screen(lines: Sequence[str]) -> Iterator[dict[str, str]]:
    """The entries among lines copied from a screen; what the columns of its header say besides."""
    columns: list[tuple[str, int]] = []
    for line in lines:
        entry = _entry(line)
        if entry is not None:
            yield {**_cells(line, columns), **entry}
            continue
        header = _columns(line)
        known = {field for field, _ in header}
        if "address" in known and known & {"mac", "client"}:
            columns = header


def _entry(line: str) -> dict[str, str] | None:
    found = next((match for pattern in _LINES if (match := pattern.match(line))), None)
    return None if found is None else {name: value for name, value in found.groupdict().items() if value}


def _columns(line: str) -> list[tuple[str, int]]:
    """Columns of a header: the field, nothing where it is none that is known, and where the column begins, or behind how many runs of tabs."""
    names = {name: field for field, given in reversed(_FIELDS.items()) for name in given}
    words = list(re.finditer(r"\S+(?: \S+)*", line.rstrip()))
    return [(names.get(plain(word.group()), ""), at if "\t" in line.strip() else word.start()) for at, word in enumerate(words)]


def _cells(line: str, columns: Sequence[tuple[str, int]]) -> dict[str, str]:
    """What stands below the known columns of a header; nothing where a cell of the column before goes on into it."""
    if "\t" in line.strip():
        cells = dict(enumerate(re.split(r"\t+", line.strip())))  # which consoles repeat so that columns stand below each other
    else:
        ends = [*(place for _, place in columns[1:]), len(line)]
        cells = {at: line[at:end] for (_, at), end in zip(columns, ends, strict=False) if not line[max(at - 1, 0) : at].strip()}
    return {field: cell for field, at in columns if field and (cell := cells.get(at, "").strip())}
