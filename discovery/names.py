"""One canonical form for every name a log can hold: domains, addresses, MACs, users, hosts.

Columns are brought into form by expressions; only what is unusual (international names, odd addresses) is looked at one by one,
and then once per distinct value.
"""

import ipaddress
from collections.abc import Callable
from typing import Final
from urllib.parse import unquote

import dns.exception
import dns.name
import polars as pl

from discovery.canonical import LONGEST_NAME, all_forward_domains
from discovery.kinds.base import nulls
from discovery.kinds.reach import own

#: Words that logs write where there is no name.
NOBODY: Final = (
    "",
    "-",
    "anonymous",
    "unknown",
    "n/a",
    "not available",
    "none",
    "(null)",
    "null",
    "no authentication required",
    "unauthenticated",
    "guest",
    "default",
    *("--", "?", "*", "n.a.", "n/d", "nil", "undef", "undefined", "(none)", "<none>", "[none]", "<unknown>", "(unknown)", "not applicable"),
    *("no user", "nouser", "nobody", "unknown user", "unknown_user", "unidentified", "unauthenticated user", "not authenticated", "anonymous logon"),
    # the operating system itself
    *("system", "local system", "localsystem", "local service", "network service"),
    # in the languages that consoles speak
    *("unbekannt", "anonym", "gast", "keine angabe", "nicht verfügbar", "kein benutzer", "inconnu", "anonyme", "invité", "aucun", "non disponible"),
    *("desconocido", "desconhecido", "anónimo", "anônimo", "invitado", "convidado", "ninguno", "no disponible", "sconosciuto", "anonimo", "ospite"),
    *("nessuno", "onbekend", "anoniem", "geen", "nieznany", "anonimowy", "brak", "okänd", "ukjent", "ukendt", "tuntematon"),
)

# What stands before the host: a scheme, then user information (which may hold a password and is dropped).
_HOST: Final = r"^(?:[A-Za-z][A-Za-z0-9+.-]*://)?(?:[^/?#@]*@)?(\[[0-9A-Fa-f:.]+\]|[^/:?#]+)"
_MARK: Final = r"[/:?#@\[]"
_MORE: Final = r"^(?:[^/?#]*[@\[\x{80}-\x{10FFFF}]|[^/:?#]*:(?:[^0-9]|$))"  # user information, IPv6, an international name, another scheme
_URL: Final = pl.col("_url")
_DOMAIN: Final = r"^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$"
_NUMBER_LAST: Final = r"\.\d+$"  # an address, or the half of one: no top-level domain is a number (RFC 3696, section 2)
_PRINCIPAL: Final = r"^host/([^/@\s]+)"  # how Kerberos calls a computer (RFC 4120, section 6.2)
_NAME: Final = "_name"
_TEXT: Final = pl.col(_NAME)


def host_of(url: pl.Expr) -> pl.Expr:
    """The host of a URL or of a `host:port`, as written; null where there is none."""
    return url.map_batches(_hosts_of, return_dtype=pl.String)


def _hosts_of(urls: pl.Series) -> pl.Series:
    """The host of a web address or of `host:port` ends at the first mark; only what holds more is taken apart by the expression."""
    rows = urls.alias("_url").to_frame()
    if not urls.str.contains(_MARK).any():
        return rows.select(_filled(_URL)).to_series()
    begin = pl.when(_URL.str.starts_with("https://")).then(8).when(_URL.str.starts_with("http://")).then(7).otherwise(0)
    rows = rows.select(_URL, _URL.str.slice(begin).alias("_rest"))
    hosts_ = rows.select(_filled(pl.col("_rest").str.slice(0, pl.col("_rest").str.find(_MARK)))).to_series()
    more = rows["_rest"].str.contains(_MORE).arg_true()
    return hosts_.scatter(more, urls.gather(more).str.extract(_HOST, 1)) if len(more) else hosts_


def _filled(text: pl.Expr) -> pl.Expr:
    return pl.when(text != "").then(text)


def domains(column: pl.Series) -> pl.Series:
    """Names as lower-case A-labels without trailing dot or port; null for what is no host name (addresses are no names either)."""
    if all_forward_domains(column):
        return column
    rows = column.alias(_NAME).to_frame().select(_TEXT.str.to_lowercase().str.strip_chars().str.strip_suffix(".").str.replace(r":\d+$", ""))
    good = _TEXT.str.contains(_DOMAIN) & ~_TEXT.str.contains(_NUMBER_LAST) & (_TEXT.str.len_bytes() <= LONGEST_NAME)
    odd = ~good.fill_null(value=True) & _TEXT.str.contains(r"[^\x00-\x7f]")
    found = rows.select(pl.when(good).then(_TEXT).alias("named"), pl.when(odd).then(_TEXT).alias("odd"))
    named, odd_ones = found.get_columns()
    return named if odd_ones.null_count() == len(odd_ones) else named.zip_with(odd_ones.is_null(), _each(odd_ones, _a_label))


def _a_label(name: str) -> str | None:
    try:
        text = dns.name.from_unicode(name, idna_codec=dns.name.IDNA_2003_Practical).to_text(omit_final_dot=True)
    except (dns.exception.DNSException, UnicodeError):
        return None
    return text.lower() if "." in text and "\\" not in text else None


def reverse(column: pl.Series) -> pl.Series:
    """The canonical names among them that ask for the name of an address (RFC 1035, section 3.5), else null."""
    if all_forward_domains(column):
        return nulls(len(column))
    named = domains(_where(column, _TEXT.str.contains(r"(?i)\.arpa\.?(?::\d+)?\s*$|[^\x00-\x7f]")))
    return named if named.null_count() == len(named) else _where(named, _TEXT.str.ends_with(".arpa"))


def addresses(column: pl.Series) -> pl.Series:
    """IP addresses in their canonical text (RFC 5952); IPv4 mapped into IPv6 becomes IPv4; null for what is none."""
    return _each(column, _address)


def addresses_asked(column: pl.Series) -> pl.Series:
    """The addresses among what was asked for in place of a name; null for names."""
    if all_forward_domains(column):
        return nulls(len(column))
    return addresses(_where(column, _TEXT.str.contains(r"^\[?[0-9A-Fa-f]*[:.][0-9A-Fa-f:.%\]]*$")))


def _address(text: str) -> str | None:
    bare = text.strip()
    bare = (bare[1:].split("]", 1)[0] if bare.startswith("[") else bare).split("%", 1)[0]  # [2001:db8::1]:443, fe80::1%eth0
    if bare.count(":") == 1 and "." in bare:  # 10.0.0.1:443
        bare = bare.split(":", 1)[0]
    if bare.count(".") == 3 and ":" not in bare:  # noqa: PLR2004 (leading zeros are padding here, not octal)
        bare = ".".join(part.lstrip("0") or "0" for part in bare.split("."))
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)


def inside(column: pl.Series) -> pl.Series:
    """What begins as an address that nobody meets on the internet; null for all else."""
    return _where(column.str.strip_chars(" ["), own(_TEXT))


def macs(column: pl.Series) -> pl.Series:
    """MAC addresses as aa:bb:cc:dd:ee:ff; null for what is none or all zeros."""
    return _each(column, _mac)


def _mac(text: str) -> str | None:
    parts = text.lower().split(":")  # of which some write 0b as b
    digits = "".join(part.rjust(2, "0") for part in parts) if len(parts) == 6 else text.lower().translate({ord(mark): None for mark in ":-. "})  # noqa: PLR2004
    if len(digits) != 12 or not set(digits) <= set("0123456789abcdef") or digits == "0" * 12:  # noqa: PLR2004 (48 bits)
        return None
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2))


def users(column: pl.Series) -> pl.Series:
    r"""User names in one form: lower case, without domain or realm (`ACME\Ann`, `ann@acme.example` → `ann`); null for nobody.

    A name that ends in `$` or begins with `host/` is a machine account: see `machine_of`.
    """
    stated = _unescaped(column).to_frame().select(_TEXT.str.strip_chars(' "'), _TEXT.str.strip_chars(' "').str.to_lowercase().alias("stated"))
    plain = (
        _TEXT.str.replace(r"^(?i)ldap://[^ ]*?/([^/]+)$", "$1")
        .str.replace(r"^(?i)cn=((?:\\.|[^,])+).*$", "$1")
        .str.replace(r"^.*[\\/]", "")
        .str.replace(r"@.*$", "")
        .str.replace_all(r"[\x00-\x1f\x7f]", "")
        .str.strip_chars()
        .str.to_lowercase()
    )
    somebody = ~pl.col("stated").is_in(NOBODY) & ~_TEXT.is_in(NOBODY) & ~_TEXT.str.ends_with("$") & ~pl.col("stated").str.contains(_PRINCIPAL)
    return stated.with_columns(plain).select(pl.when(somebody).then(_TEXT)).to_series()


def _unescaped(column: pl.Series) -> pl.Series:
    """Names without the escapes of URLs (RFC 3986, section 2.1), in which proxies write what is no plain letter."""
    escaped = column.str.contains("%[0-9A-Fa-f]{2}")
    return _each(column, unquote).alias(_NAME) if escaped.any() else column.alias(_NAME)


def machine_of(column: pl.Series) -> pl.Series:
    r"""The computer behind a machine account (`ACME\PC-7$`, `host/pc-7@ACME` → `pc-7`), else null."""
    said = _TEXT.str.strip_chars(' "').str.to_lowercase()
    machine = pl.coalesce(said.str.extract(r"([^\\/@]+)\$(?:@.*)?$", 1), said.str.extract(_PRINCIPAL, 1))
    return _where(column.alias(_NAME).to_frame().select(machine).to_series(), _TEXT != "")


def hosts(column: pl.Series) -> pl.Series:
    """Device names: lower case, without control characters; null for nobody."""
    plain = _TEXT.str.replace_all(r"[\x00-\x1f\x7f]", "").str.strip_chars(' ".').str.to_lowercase()
    return _where(column.alias(_NAME).to_frame().select(plain).to_series(), ~_TEXT.is_in(NOBODY))


def _where(column: pl.Series, condition: pl.Expr) -> pl.Series:
    """The values for which a condition on `_TEXT` holds, else null."""
    return column.alias(_NAME).to_frame().select(pl.when(condition).then(_TEXT)).to_series()


def _each(column: pl.Series, form: Callable[[str], str | None]) -> pl.Series:
    """A plain function over the values of a column."""
    return pl.Series([None if value is None else form(value) for value in column], dtype=pl.String)


#: The forms of what a log states, with the event column of each: one list for all who ask, for a value is brought into them once.
FORMS: Final = {
    "user_name": (("user_name", users), ("host_name", machine_of)),
    "source_ip": (("source_ip", addresses), ("source_ip", inside)),
    "source_mac": (("source_mac", macs),),
    "host_name": (("host_name", hosts),),
    "destination_domain": (("destination_domain", domains), ("destination_ip", addresses_asked), ("destination_domain", reverse)),
    "destination_ip": (("destination_ip", addresses), ("destination_ip", inside)),
}
