"""Invented values for real ones: the same for the same input within one run, of the same shape, and not to be led back without the run's secret."""

import hmac
import ipaddress
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

from discovery.matching import LOCAL_SUFFIXES, canonical
from discovery.names import NOBODY

_CONSONANTS: Final = "bdfgklmnprstvz"
_VOWELS: Final = "aeiou"
_SYLLABLES: Final = 5
_ROUNDS: Final = 6

#: Addresses that say nothing of anybody: this host, loopback, groups, everybody (RFC 1122, RFC 5771, RFC 919).
_PLAIN: Final = tuple(ipaddress.IPv4Network(net) for net in ("0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/3"))
#: Addresses that stay of their kind: private (RFC 1918), link-local (RFC 3927), shared with the provider (RFC 6598).
_KINDS: Final = tuple(
    tuple(ipaddress.IPv4Network(net) for net in nets)
    for nets in (("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"), ("169.254.0.0/16",), ("100.64.0.0/10",))
)
_IPV4_BITS: Final = 32
#: Keys of an LDAP name, whose values are what must go.
_LDAP: Final = frozenset({"cn", "ou", "o", "dc", "c", "uid", "l", "st", "ldap", "ldaps", "winnt"})
_PART: Final = re.compile(r"%[0-9A-Fa-f]{2}|(?P<word>[\w.$-]+)(?P<key>=|://)?")


class Inventor:
    """Inventions of one run.

    Args:
        secret: what they hang on; a new one for each run, so that two samples cannot be laid side by side.
        known: the part of a domain that may stay, because it is public knowledge (its entry in the catalogue), else None.
    """

    def __init__(self, secret: bytes, known: Callable[[str], str | None]) -> None:
        self._secret = secret
        self._known = known
        self.address = lru_cache(1 << 16)(self._address)
        self.domain = lru_cache(1 << 16)(self._domain)
        self.word = lru_cache(1 << 16)(self._word)

    def user(self, text: str) -> str:
        r"""A user in whatever form: `ann`, `ACME\Ann`, `ann@acme.example`, `CN=Ann Smith,OU=Sales`."""
        return _PART.sub(lambda part: self._part(text, part), text)

    def host(self, text: str) -> str:
        """A device: a name with or without dots."""
        return self.domain(text) if "." in text.strip(".") else self.word(text)

    def mac(self, text: str) -> str:
        """A MAC address in the same notation, locally administered; all zeros and all ones stay."""
        digits = re.sub(r"[^0-9A-Fa-f]", "", text).lower()
        if len(set(digits)) == 1:
            return text
        fresh = iter("02" + f"{self._number('mac', digits):064x}"[:10])
        spelled = "".join(next(fresh) if mark.isalnum() else mark for mark in text)
        return spelled.upper() if any(mark.isupper() for mark in text) else spelled

    def token(self, text: str) -> str:
        """Letters for letters and digits for digits; a text of hexadecimal digits stays one."""
        letters = "abcdef" if re.fullmatch(r"[0-9A-Fa-f-]+", text) else "abcdefghijklmnopqrstuvwxyz"
        stream, made = self._number("token", text), []
        for place, mark in enumerate(text):
            if place % 40 == 0:
                stream = self._number("token", f"{place}{text}")
            stream, pick = divmod(stream, 26 * 10)
            made.append(_like(mark, letters, pick))
        return "".join(made)

    def path(self, text: str) -> str:
        """A path with every part invented; what stood behind a question mark is gone."""
        slash = "\\/" if "\\/" in text else "/"
        parts = re.split(r"[?#;&=]", text, maxsplit=1)[0].split(slash)
        return slash.join(part if not part or (part.isdigit() and len(part) <= 5) else self._step(part) for part in parts)  # noqa: PLR2004 (a port)

    def _step(self, part: str) -> str:
        return self.address(part) if is_address(part) else self.domain(part) if "." in part.strip(".") else self.word(part)

    def _part(self, text: str, part: re.Match[str]) -> str:
        word = part["word"]
        if word is None or word.lower() in NOBODY or (part["key"] and word.lower() in _LDAP):
            return part[0]
        tail = word[len(word.rstrip("$.-")) :]
        bare = word.removesuffix(tail) if tail else word
        if not bare:
            return part[0]
        made = self.domain(bare) if part.start() and text[part.start() - 1] == "@" else self.word(bare)
        return made + tail + (part["key"] or "")

    def _word(self, text: str) -> str:
        plain = text.casefold()
        if plain.isdigit() and plain.isascii():
            fresh = str(self._number("digits", plain) % (9 * 10 ** (len(plain) - 1)) + 10 ** (len(plain) - 1))
            return fresh if fresh != plain else fresh[::-1]
        number, made = self._number("word", plain), ""
        for _ in range(_SYLLABLES):
            number, pick = divmod(number, len(_CONSONANTS) * len(_VOWELS))
            made += _CONSONANTS[pick // len(_VOWELS)] + _VOWELS[pick % len(_VOWELS)]
        return made.upper() if text.isupper() else made.capitalize() if text[:1].isupper() else made

    def _domain(self, text: str) -> str:
        name = canonical(text)
        if name.endswith(".arpa"):
            return self._reverse(name)
        labels, kept = name.split("."), self._known(name)
        if kept is not None:
            staying = kept.split(".")
        elif labels[-1] in LOCAL_SUFFIXES:
            staying = labels[-1:]
        else:
            labels, staying = [*labels[:-1], "example"], ["example"]  # reserved (RFC 2606): what is invented here belongs to nobody
        own = labels[: len(labels) - len(staying)]
        made = [self._label(label, ".".join(labels[place + 1 :])) for place, label in enumerate(own)]
        whole = ".".join([*made, *staying])
        return (whole.upper() if text.isupper() else whole) + ("." if text.endswith(".") else "")

    def _label(self, label: str, below: str) -> str:
        """A label; `_tcp` and `*` belong to everybody. The same label elsewhere becomes another."""
        return label if label.startswith("_") or label in ("", "*") else self._word(f"{label}.{below}" if not label.isdigit() else label)

    def _reverse(self, name: str) -> str:
        """The name under which an address is looked up (RFC 1035, section 3.5; RFC 3596, section 2.5)."""
        *digits, family, _ = name.split(".")
        if family == "in-addr" and all(part.isdigit() for part in digits):
            whole = ".".join([*digits[::-1], "0", "0", "0", "0"][:4])
            made = self.address(whole).split(".") if is_address(whole) else digits
        elif family == "ip6" and all(len(part) == 1 for part in digits):
            made = list(f"{int(self._number('ip6', ''.join(digits))):064x}")
        else:
            return f"{self._word(name)}.{family}.arpa"
        return ".".join([*made[: len(digits)][::-1], family, "arpa"])

    def _address(self, text: str) -> str:
        octets = text.split(".")
        if ":" not in text:
            padded = any(len(octet) > 1 and octet.startswith("0") for octet in octets)
            made = str(ipaddress.IPv4Address(self._ipv4(ipaddress.IPv4Address(".".join(str(int(octet)) for octet in octets)))))
            return ".".join(octet.zfill(3) for octet in made.split(".")) if padded else made
        bare, mark, zone = text.partition("%")
        return str(self._ipv6(ipaddress.IPv6Address(bare))) + mark + zone

    def _ipv4(self, address: ipaddress.IPv4Address) -> int:
        if any(address in net for net in _PLAIN):
            return int(address)
        kind = next((nets for nets in _KINDS if any(address in net for net in nets)), None)
        if kind is None:
            return self._shuffled(int(address), _IPV4_BITS, _is_public)
        size = sum(net.num_addresses for net in kind)
        place = self._shuffled(_rank(address, kind), size.bit_length() + size.bit_length() % 2, lambda made: made < size)
        return _at(place, kind)

    def _ipv6(self, address: ipaddress.IPv6Address) -> ipaddress.IPv6Address:
        """Link-local, unique local and global stay so (RFC 4291, 4193); global becomes documentation (RFC 3849). One network stays one."""
        if address.is_loopback or address.is_unspecified or address.is_multicast:
            return address
        if address.ipv4_mapped is not None:
            return ipaddress.IPv6Address((0xFFFF << _IPV4_BITS) + self._ipv4(address.ipv4_mapped))
        host, net = self._number("ip6", str(address)) % 2**64, self._number("net", str(int(address) >> 64))
        if address.is_link_local:
            return ipaddress.IPv6Address((0xFE80 << 112) + host)
        if int(address) >> 121 == 0xFC >> 1:
            return ipaddress.IPv6Address((0xFD << 120) + (net % 2**56 << 64) + host)
        return ipaddress.IPv6Address((0x2001_0DB8 << 96) + (net % 2**32 << 64) + host)

    def _shuffled(self, value: int, bits: int, allowed: Callable[[int], bool]) -> int:
        """A keyed permutation of the allowed numbers: a Feistel network, walked until it ends among them."""
        half = bits // 2
        mask = (1 << half) - 1
        while True:
            left, right = value >> half, value & mask
            for turn in range(_ROUNDS):
                left, right = right, left ^ (self._number(f"{bits}.{turn}", str(right)) & mask)
            value = left << half | right
            if allowed(value):
                return value

    def _number(self, kind: str, value: str) -> int:
        return int.from_bytes(hmac.digest(self._secret, f"{kind}\0{value}".encode(errors="surrogatepass"), "sha256"))


@lru_cache(maxsize=10_000)  # a log repeats few addresses
def is_address(text: str) -> bool:
    """Whether a text is an IP address; leading zeros are padding."""
    try:
        ipaddress.ip_address(".".join(str(int(octet)) for octet in text.split(".")) if re.fullmatch(r"\d{1,3}(?:\.\d{1,3}){3}", text) else text)
    except ValueError:
        return False
    return True


def _is_public(number: int) -> bool:
    address = ipaddress.IPv4Address(number)
    return not any(address in net for net in (*_PLAIN, *(net for nets in _KINDS for net in nets)))


def _rank(address: ipaddress.IPv4Address, nets: Iterable[ipaddress.IPv4Network]) -> int:
    before = 0
    for net in nets:
        if address in net:
            return before + int(address) - int(net.network_address)
        before += net.num_addresses
    raise ValueError(address)


def _at(place: int, nets: Iterable[ipaddress.IPv4Network]) -> int:
    for net in nets:
        if place < net.num_addresses:
            return int(net.network_address) + place
        place -= net.num_addresses
    raise ValueError(place)


def _like(mark: str, letters: str, pick: int) -> str:
    if mark.isdigit():
        return str(pick % 10)
    if not mark.isalpha():
        return mark
    made = letters[pick % len(letters)]
    return made.upper() if mark.isupper() else made
