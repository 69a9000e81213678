"""Slow, obvious readers of one line, one for each kind: what `make fuzz` holds the fast ones against."""

import json
import re

COLUMNS = ("first", "second", "third", "fourth")
KEYS = ("a", "user", "sessionid", "averyverylongname")
EXPRESSION = r"(?P<first>[a-z]+) \[(?P<second>[^\]]*)\](?: \"(?P<third>[^\"]*)\")?"
LEAD = r"(?P<lead>[a-z]+)[: ]"
CEF_WANTED = ("cef_vendor", "cef_product", "cef_severity", "a", "user", "label:The user")
LEEF_WANTED = ("leef_vendor", "leef_event", "a", "user")

Read = dict[str, str | None] | None  # the fields of a line, None: not understood


def tokens(line: str, marks: str, *, escapes: bool = False) -> list[str]:
    """The parts of a line between marks outside of double quotes."""
    parts, quoted = [""], False
    for at, sign in enumerate(line):
        if sign == '"' and not (escapes and at and line[at - 1] == "\\"):
            quoted = not quoted
        if sign in marks and not quoted:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


def cells(line: str) -> Read:
    """Comma-separated values in double quotes."""
    whole = _unquoted(tokens(line, ","))
    found = dict(zip(COLUMNS, whole, strict=False))
    return {name: found.get(name) for name in COLUMNS} if len(whole) > 1 else None


def _unquoted(parts: list[str]) -> list[str]:
    whole = [part[1:-1] if len(part) > 1 and part[0] == part[-1] == '"' else part for part in parts]
    return [part.replace('""', '"') for part in whole]


def tabbed(line: str) -> Read:
    """Values between tabs."""
    whole = line.split("\t")
    return {name: whole[at] if at < len(whole) else None for at, name in enumerate(COLUMNS)} if len(whole) > 1 else None


def pairs(line: str) -> Read:
    """Keys and values between blanks."""
    found: dict[str, str] = {}
    for token in tokens(line, " ", escapes=True):
        key, equals, value = _parted(token)
        if equals and key not in found:
            quoted = value.startswith('"')
            found[key] = value[1:-1] if quoted and len(value) > 1 and value.endswith('"') else value[quoted:]
    return {key: found.get(key) for key in KEYS} if "a" in found else None


def _parted(token: str) -> tuple[str, str, str]:
    """Key and value, at the first equals sign outside of quotes."""
    key = tokens(token, "=", escapes=True)[0]
    return key, token[len(key) : len(key) + 1], token[len(key) + 1 :]


def matched(line: str) -> Read:
    """The named groups of an expression."""
    found = re.match(EXPRESSION, line)
    return found.groupdict() if found else None


def members(line: str) -> Read:
    """Texts in a JSON object, of a key given twice the first; what is no text is left to the tests of the kind."""
    try:
        value = json.loads(line, object_pairs_hook=lambda pairs: dict(reversed(pairs)))
    except (ValueError, RecursionError):
        return None
    return {name: value.get(name) for name in COLUMNS} if isinstance(value, dict) and value.get("first") is not None else None


def extended(line: str) -> Read:
    """Values between blanks under a directive, `-` for none."""
    whole = _unquoted(tokens(line, " "))
    found = {name: value for name, value in zip(COLUMNS, whole, strict=False) if value not in ("-", "")}
    return {name: found.get(name) for name in COLUMNS} if len(whole) > 1 else None


def leading(line: str) -> Read:
    """A time, then pairs between tabs."""
    lead, *rest = line.split("\t")
    named = [part.split("=", 1) for part in rest if re.match(r"[\w.-]+=", part, re.ASCII)]
    found = {key: value.strip(" ").strip('"') for key, value in reversed(named)}
    return {"lead": lead.strip(" ").strip('"'), **{key: found.get(key) for key in KEYS}} if rest and "a" in found else None


def cef(line: str) -> Read:
    """ArcSight's header of seven parts, then pairs between blanks."""
    begins = _begins(line, "CEF:")
    parts = None if begins is None else _parts(line, begins, 7)
    if begins is None or parts is None or len(parts) < 7:
        return None
    zone = begins + sum(map(len, parts[:7])) + 7 if len(parts) > 7 else len(line)
    found = _pairs(line, zone, mark="=", separator=" ")
    labelled = next((key.removesuffix("Label") for key, value in found if key.endswith("Label") and len(key) > 5 and value == "The user"), "")
    said = {key: _plain(value, "\\=|") for key, value in reversed(found)}
    header = dict(zip(("cef_vendor", "cef_product", "cef_severity"), (_plain(parts[at], "\\|") for at in (1, 2, 6)), strict=True))
    return {**header, "a": said.get("a"), "user": said.get("user"), "label:The user": said.get(labelled)}


def leef(line: str) -> Read:
    """IBM's header of five parts, for version 2 the delimiter, then pairs between delimiters."""
    if _leef_header(line) is None:
        return None
    line = line.replace("#011", "\t")
    header = _leef_header(line)
    if header is None:
        return None
    begins, parts = header
    zone = begins + sum(map(len, parts[:5])) + 5
    stated = None
    if len(parts) > 6 and _plain(parts[0], "").startswith("2") and re.fullmatch(r"0?x[0-9A-Fa-f]{1,4}|[^\w\s=]| |\\t|", parts[5]):
        zone += len(parts[5]) + 1
        stated = _delimiter(parts[5])
    rest = line[zone:]
    usual = "\t" if "\t" in rest else "|" if re.search(r"\|[\w.-]+=", rest) else " "
    delimiter = usual if stated in (None, "\t") else stated
    found = _pairs(line, zone, mark="=", separator=delimiter or "", until="" if delimiter == " " else delimiter or "")
    said = {key: value.strip(" ") for key, value in reversed(found)}
    return {"leef_vendor": _plain(parts[1], "\\|"), "leef_event": _plain(parts[4], "\\|"), "a": said.get("a"), "user": said.get("user")}


def quoted_pairs(line: str) -> Read:
    """`lead: key="value" key="value"`, the first perhaps behind a bracket."""
    return _behind_lead(line, _pairs(line, 0, mark='="', separator=" ", until='"', opening="["), '="')


def labelled_pairs(line: str) -> Read:
    """`lead: Key: value, Key: value`."""
    return _behind_lead(line, _pairs(line, 0, mark=": ", separator=", ", opening="- "), ": ")


def _behind_lead(line: str, found: list[tuple[str, str]], mark: str) -> Read:
    said = {key: _plain(value, '\\"=') for key, value in reversed(found)}
    first = min((line.find(key + mark) for key, _ in found[:1]), default=len(line))
    lead = re.match(LEAD, line[:first])
    return {"lead": lead["lead"], **{key: said.get(key) for key in KEYS}} if lead and "a" in said else None


def _pairs(line: str, zone: int, *, mark: str, separator: str, until: str = "", opening: str = "") -> list[tuple[str, str]]:
    """Keys that stand first or behind a separator, each with all up to the next key, or up to the character that ends values."""
    places = []
    for found in re.finditer(re.escape(mark), line[zone:]):
        ends = zone + found.start()
        begins = ends
        while begins > zone and re.match(r"[\w.-]", line[begins - 1], re.ASCII):
            begins -= 1
        before = line[zone:begins]
        if begins < ends and (begins == zone or before.endswith(separator) or (opening and before.endswith(opening))):
            places.append((begins, ends))
    stops = [*(begins - len(separator) for begins, _ in places[1:]), len(line)]
    values = []
    for (begins, ends), stop in zip(places, stops, strict=False):
        value = ends + len(mark)
        last = next((at for at in range(value, len(line)) if line.startswith(until, at) and not _escaped(line, at)), len(line)) if until else stop
        values.append((line[begins:ends], line[value : max(last, value)]))
    return values


def _begins(line: str, mark: str) -> int | None:
    """What stands behind the first mark that begins the line or a word."""
    if line.startswith("{"):
        return None
    return next((found.end() for found in re.finditer(mark, line) if not found.start() or line[found.start() - 1] in " \t>"), None)


def _leef_header(line: str) -> tuple[int, list[str]] | None:
    """Where the version begins, and the parts from there on."""
    begins = _begins(line, "LEEF:")
    if begins is None and (version := re.match(r" ?(?=[0-9](?:\.[0-9])?\|)", line)):  # a collector cut the mark off
        begins = version.end()
    parts = [] if begins is None else _parts(line, begins, 6)
    return None if begins is None or len(parts) < 6 else (begins, parts)


def _parts(line: str, begins: int, most: int) -> list[str]:
    """The parts between pipes, and the rest behind so many."""
    parts = [""]
    for at in range(begins, len(line)):
        if line[at] == "|" and len(parts) <= most and not _escaped(line, at):
            parts.append("")
        else:
            parts[-1] += line[at]
    return parts


def _escaped(line: str, at: int) -> bool:
    before = line[:at]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 1


def _plain(value: str, escapes: str) -> str:
    value = value.strip(" ")
    return re.sub(rf"\\([{re.escape(escapes)}])", r"\1", value) if escapes else value


def _delimiter(code: str) -> str:
    number = re.fullmatch(r"0?x([0-9A-Fa-f]{1,4})", code)
    return chr(int(number[1], 16)).encode(errors="ignore").decode() or "\t" if number else "\t" if code in ("", "\\t") else code
