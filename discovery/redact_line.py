"""One line of a log, rewritten: what each part is shows in the key before it, in the names that were gathered, or in its own shape.

A part that is found is replaced and never looked at again; everything between stays byte for byte.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Final

from discovery.matching import LOCAL_SUFFIXES, canonical, public_endings
from discovery.names import NOBODY
from discovery.redact_invent import Inventor, is_address
from discovery.syslog import HEADER

#: Keys whose value is a person, a device, the id of something somebody owns, or a name that a firm gave. A key may have more in front.
_USER: Final = (
    r"user|usr|login|account|principal|identity|upn|display|full|nick|sender|recipient|owner|employee|initiator|suid|suser|duser|cn|"
    r"e?mail(?:[._ ]?address)?"
)
_HOST: Final = (
    r"host|(?:src|dst|dev|device|client|computer|machine|agent|vm|instance|netbios|asset|endpoint|workstation)[._ ]?name|computer|machine|"
    r"workstation|[sd]host|dvchost|client-hostname"
)
_ID: Final = r"serial|serial[._]?(?:number|no)|dev(?:ice)?[._]?id|imei|uuid|guid|(?:tenant|account|project|org)[._]?id"
_GIVEN: Final = r"groups?|department|dept|location|ssid|policy[._]?name|rule[._]?name|organi[sz]ation|company|customer|tenant"
_KEY: Final = (
    r"(?<![\w.@-])(?P<key>[\w.@-]{0,40}?(?:(?P<is_user>(?:USER)(?:[._ ]?name)?)|(?P<is_host>(?:HOST)(?:[._ ]?name)?)|(?P<is_id>ID|(?<!\w)sn)|"
    r"(?P<is_given>GIVEN)))"
    r'(?P<eq>\\?"?\s{0,2}[=:]\s{0,2}|\s(?="))(?:"(?P<quoted>(?:[^"\\]|\\.){0,400})"|(?P<bare>[^\s"\',;|&(){}\[\]<>^¦#]{1,200}))'
)
_PARTS: Final = (
    r"(?P<token>eyJ[\w-]{10,}\.[\w-]{10,}(?:\.[\w-]*)?)",
    (
        r"(?P<url>(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{1,20}:\\?/\\?/)(?:[^\s/\"'@<>]*@)?"
        r"(?P<site>\[[0-9A-Fa-f:.%]+\]|[^\s/:\"'<>\\?#,;|()\]]*)(?P<gate>:\d+)?(?P<tail>(?:[/?#]|\\/)ANY*)?)"
    ),
    r"(?P<mail>(?<![\w.+%-])[\w.+%-]{1,64}@(?:[\w-]{1,63}\.)+[^\W\d][\w-]{1,62})",
    r"(?P<mac>(?<![\w:-])(?:[0-9A-Fa-f]{2}[:-]){5,19}[0-9A-Fa-f]{2}(?![0-9A-Fa-f])|(?<![\w.])[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}(?![\w.]))",
    r"(?P<ip6>(?:(?<![\w:.])|(?<=[A-Za-z_]:))(?:[0-9A-Fa-f]{0,4}:){2,7}(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4})(?!\w))",
    r"(?P<ip4>(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\d))",
    r"(?P<labels>(?:\(\d{1,2}\)[^()\s]{1,63})+\(0\))",
    r"(?P<windows>(?<![\w.\\-])[\w.-]{1,40}(?P<slash>\\{1,2})[\w.$-]{1,64})",
    r"(?P<secret>(?<![\w+/.-])(?:[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|[0-9A-Fa-f]{16,}|[A-Za-z0-9+/]{24,}={0,2})(?![\w+/=]))",
    r"(?P<domain>(?<![\w.@-])(?P<name>(?:[\w*-]{1,63}\.)+[\w-]{2,63})(?P<port>:\d{1,5}(?![\w.:]))?(?P<page>/ANY*)?)",
    r"(?P<path>(?<![\w.)\]}/:<>*-])/(?!(?:etc|var|usr|opt|run|lib|dev)/)ANY+)",
    r"(?P<query>(?<=[\s,\t|\"])(?:\?ANY+|[\w%.~\[\]-]{1,60}=[^&STOP\\]*&ANY*))",
    r"(?P<word>\w[\w.$'’-]*)",
)

#: Lines that say what the columns are.
_COLUMNS: Final = ("#Fields", "#fields", "#types", "#separator", "#set_separator", "#empty_field", "#unset_field")
_OFTEN: Final = 0.2
_ALWAYS: Final = 0.9
_COLUMNED: Final = 3
_BYTES: Final = 6
_FRAME: Final = (12, 14)  # two addresses, and perhaps the type of what the frame carries
_DUID: Final = re.compile(r"(?:00010001[0-9A-Fa-f]{8}|00030001)[0-9A-Fa-f]{12}")  # what a DHCP client goes by, with its MAC at the end (RFC 8415)
_RESERVED: Final = frozenset({"example", "test", "invalid", "localhost", "localdomain"})
_NOBODY: Final = (*(name for name in NOBODY if " " in name), "not found", "not available")
_MODEL: Final = 3  # letters that a serial number begins with say what the device is
_WITH_PORT: Final = re.compile(r"[\[0-9A-Fa-f:]*[.:][0-9A-Fa-f.:\]]+(?:[:#]\d+)?\Z")
_PLAIN_WORD: Final = re.compile(r"[\w.'’-]+\Z")
_HEADER: Final = re.compile(HEADER)


class LineRewriter:
    """Rewrites the lines of one log.

    Args:
        inventor: what makes the new values.
        users, hosts: who and which devices the log names, in small letters.
        head: its first lines, for what separates values and which keys it has.
        header: the line that names the columns.
        relays: how many syslog headers stand before a line.
    """

    def __init__(
        self, inventor: Inventor, users: Iterable[str], hosts: Iterable[str], head: Sequence[str], *, header: str | None = None, relays: int = 0
    ) -> None:
        self._inventor = inventor
        self._users, self._hosts = set(users), set(hosts)
        self._header, self._relays = header, relays
        self._keys = _json_keys(head)
        self._pattern = _pattern(_separators(head), _phrases([*self._users, *self._hosts]))
        self._rewrites: dict[str, Callable[[re.Match[str]], str]] = {
            "phrase": lambda found: inventor.user(found[0]),
            "token": lambda found: inventor.token(found[0]),
            "url": self._url,
            "mail": lambda found: inventor.user(found[0]),
            "mac": lambda found: _macs(found[0], inventor),
            "ip6": lambda found: self._ip6(found[0]),
            "ip4": lambda found: inventor.address(found[0]) if is_address(found[0]) else found[0],
            "labels": lambda found: self._labels(found[0]),
            "windows": self._windows,
            "secret": self._secret,
            "domain": self._domain,
            "path": lambda found: inventor.path(found[0]),
            "query": lambda found: ("?" if found[0].startswith("?") else "") + "q=" + inventor.word(found[0]),
            "word": lambda found: self._word(found[0]),
        }

    def line(self, line: str) -> str:
        """A line with its end."""
        body = line.rstrip("\r\n")
        if body == self._header or body.startswith(_COLUMNS):
            return line
        start, made = 0, ""
        for _ in range(self._relays):
            header = _HEADER.match(body[start:])
            if header is None:
                break
            made, start = made + self._relay(header), start + header.end()
        return made + self._rest(body[start:]) + line[len(body) :]

    def _relay(self, header: re.Match[str]) -> str:
        """A syslog header with another host."""
        group = next((name for name in ("host5", "host3", "bare") if header[name]), None)
        if group is None:
            return header[0]
        text, host = header[0], header[group].strip()
        end = header.end(group)
        program = max(header.end("tag5"), header.end("tag3"), end)
        return text[: end - len(host)] + self._named(host) + text[end:program] + self._rest(text[program:])

    def _rest(self, text: str) -> str:
        parts, at = [], 0
        while (found := self._pattern.search(text, at)) is not None:
            new, end = self._replaced(found, text)
            parts += [text[at : found.start()], new]
            at = end
        return "".join([*parts, text[at:]])

    def _replaced(self, found: re.Match[str], text: str) -> tuple[str, int]:
        """What stands instead, and where the text goes on."""
        if found["key"]:
            return self._keyed(found), found.end()
        kind = found.lastgroup or ""  # the part as a whole ends after what is within it
        if _is_key(found, text) and (found[0] in self._keys or text[found.end()] == "="):
            return found[0], found.end()
        end = found.end()
        if (
            kind in {"url", "path", "domain"}
            and (kind != "domain" or found["page"])
            and text[found.start() - 1 : found.start()] == '"'
            and text[end : end + 1] not in ("", '"')
        ):
            end = max(_quote(text, end), end)  # what is quoted goes on to the quote, whatever is in it
        return self._rewrites[kind](found), end

    def _keyed(self, found: re.Match[str]) -> str:
        value = found["quoted"] if found["quoted"] is not None else found["bare"]
        at = found.start("quoted") if found["quoted"] is not None else found.start("bare")
        if value.lower().strip() in NOBODY or value[:1] in ("", "{", "[") or found.string[at : at + 40].lower().startswith(_NOBODY):
            return found[0]
        if found["is_user"]:
            new = self._rest(value) if _WITH_PORT.match(value) else self._inventor.user(value)
            self._learn(self._users, value)
        elif found["is_id"]:
            new = value[:_MODEL] + self._inventor.token(value[_MODEL:]) if value[:_MODEL].isalpha() else self._inventor.token(value)
        elif found["is_host"]:
            new = self._named(value)
            self._learn(self._hosts, value)
        else:
            new = self._inventor.user(value)
        return found[0][: at - found.start()] + new + found[0][at - found.start() + len(value) :]

    def _learn(self, known: set[str], value: str) -> None:
        """A name from behind its key is one wherever it stands from now on."""
        bare = value.rpartition("\\")[2].partition("@")[0].casefold()
        if len(bare) > 2 and _PLAIN_WORD.match(bare) and not bare.isdigit():  # noqa: PLR2004 (shorter ones may be any word)
            known.add(bare)

    def _named(self, host: str) -> str:
        """A device by its name or address, or a site."""
        rest = self._rest(host)
        return self._inventor.word(host) if rest == host and _PLAIN_WORD.match(host) and not host.isdigit() and not self._stays(host) else rest

    def _stays(self, name: str) -> bool:
        """Whether a name goes unchanged: it is in the catalogue, or an address of no one."""
        return is_address(name) or (self._is_domain(name) and self._inventor.domain(name).lower() == name.lower())

    def _url(self, found: re.Match[str]) -> str:
        site = found["site"]
        if site.startswith("["):
            made = "[" + self._ip6(site[1:-1]) + "]"
        elif not site or site.lower() in NOBODY:
            made = site
        elif is_address(site):
            made = self._inventor.address(site)
        else:
            made = self._inventor.host(site)
        return found["scheme"] + made + (found["gate"] or "") + self._inventor.path(found["tail"] or "")

    def _ip6(self, text: str) -> str:
        bare = text if text.endswith("::") else text.rstrip(":")
        return self._inventor.address(bare) + text[len(bare) :] if is_address(bare) else text

    def _labels(self, text: str) -> str:
        """A name as Windows writes it: (3)www(7)example(3)com(0)."""
        name = ".".join(re.findall(r"\(\d{1,2}\)([^()\s]+)", text))
        made = self._inventor.host(name) if not is_address(name) else name
        return "".join(f"({len(label)}){label}" for label in made.split(".")) + "(0)"

    def _windows(self, found: re.Match[str]) -> str:
        r"""`ACME\Ann`; within JSON a single backslash only escapes the letter behind it."""
        if len(found["slash"]) == 1 and '{"' in found.string:
            return self._rest(found[0].split("\\")[0]) + "\\" + found[0].split("\\")[1]
        return self._inventor.user(found[0])

    def _secret(self, found: re.Match[str]) -> str:
        text = found[0]
        if _DUID.fullmatch(text):
            return text[: -2 * _BYTES] + self._inventor.mac(text[-2 * _BYTES :])
        mixed = any(mark.isdigit() for mark in text) and any(mark.isalpha() for mark in text)
        hexadecimal = re.fullmatch(r"[0-9A-Fa-f-]+", text) is not None
        return self._inventor.token(text) if mixed and (hexadecimal or (text.lower() != text and text.upper() != text)) else self._word(text)

    def _domain(self, found: re.Match[str]) -> str:
        name = found["name"]
        if name.casefold() in self._users:
            return self._inventor.word(name) + found[0][len(name) :]
        if not self._is_domain(name):
            return self._word(name) + found[0][len(name) :]
        return self._inventor.domain(name) + (found["port"] or "") + self._inventor.path(found["page"] or "")

    def _is_domain(self, name: str) -> bool:
        ending = canonical(name).rpartition(".")[2]
        return "." in name and (ending in public_endings() or ending in LOCAL_SUFFIXES or ending in _RESERVED or name.casefold() in self._hosts)

    def _word(self, text: str) -> str:
        bare = text.rstrip("$.'’-")
        plain = bare.casefold()
        if plain in self._users:
            return self._inventor.word(bare) + text[len(bare) :]
        return self._inventor.host(bare) + text[len(bare) :] if plain in self._hosts else text


@cache
def _pattern(separators: str, phrases: tuple[str, ...]) -> re.Pattern[str]:
    names = {"USER": _USER, "HOST": _HOST, "GIVEN": _GIVEN, "ID": _ID}
    key = re.sub("USER|HOST|GIVEN|(?<=>)ID", lambda found: names[found[0]], _KEY)
    parts = [part.replace("ANY", r"(?:[^STOP\\]|\\/)").replace("STOP", r"\s\"'<>" + re.escape(separators)) for part in _PARTS]
    several = [rf"(?P<phrase>(?<!\w)(?i:{'|'.join(phrases)})(?!\w))"] if phrases else []
    return re.compile("|".join([*several, "(?i:" + key + ")", *parts]))


def role_of(name: str) -> str | None:
    """What a column of that name holds: user_name, host_name, or None."""
    return next((role for role, keys in (("user_name", f"{_USER}|{_GIVEN}"), ("host_name", _HOST)) if _named_so(keys).match(name)), None)


@cache
def _named_so(keys: str) -> re.Pattern[str]:
    return re.compile(rf"(?i)(?:[\w.@ -]*?[\W_])?(?:{keys})(?:[._ ]?(?:name|principal[._ ]?name))?\Z")


def _phrases(names: Iterable[str]) -> tuple[str, ...]:
    """Names of several words, as a log may write the blanks between them; longest first."""
    several = sorted((name for name in names if not _PLAIN_WORD.match(name) and len(name) > 2), key=len, reverse=True)  # noqa: PLR2004
    return tuple(re.escape(name).replace(r"\ ", r"(?:\ |%20|\+)") for name in several)


def _separators(head: Sequence[str]) -> str:
    """Marks between values that a path cannot run across: those that nearly every line has, where it is no JSON."""
    lines = [line for line in head if line.strip() and not line.startswith("#")]
    if sum("{" in line for line in lines) > len(lines) / 2:
        return ""
    return "".join(mark for mark in ",;|" if sum(line.count(mark) >= _COLUMNED for line in lines) > _ALWAYS * len(lines))


def _json_keys(head: Sequence[str]) -> frozenset[str]:
    """Keys of JSON objects that many lines have: words of the format, not of anybody."""
    counts = Counter(key for line in head for key in set(re.findall(r'"([^"\\]{1,80})"\s*:', line)))
    return frozenset(key for key, count in counts.items() if count >= max(_OFTEN * len(head), 2))


def _quote(text: str, start: int) -> int:
    """Where the text goes up to the next quote, or to the backslash before it; -1 where there is none."""
    at = text.find('"', start)
    return at - 1 if at > start and text[at - 1] == "\\" else at


def _is_key(found: re.Match[str], text: str) -> bool:
    after = text[found.end() : found.end() + 3]
    return after.startswith(('":', '" :', "="))


def _macs(text: str, inventor: Inventor) -> str:
    """A MAC address; the two at the head of a frame with what follows them; or the one that an identifier of a DHCP client ends with (RFC 8415)."""
    width, count = 3 * _BYTES, len(text) // 3 + 1
    if "." in text or count == _BYTES:
        return inventor.mac(text)
    if count in _FRAME and not _DUID.match(re.sub("[:-]", "", text)):
        return inventor.mac(text[: width - 1]) + text[width - 1] + inventor.mac(text[width : 2 * width - 1]) + text[2 * width - 1 :]
    return text[: 1 - width] + inventor.mac(text[1 - width :])
