"""FortiGate: a script for a URL filter of its own; each name once for itself and once for what is below it."""

from collections.abc import Iterator

from webui.exports.base import Sheet, Target, head, reason

_NUMBERS = {"block": 9001, "allow": 9002, "rollback": 9001}


def write(sheet: Sheet) -> Iterator[str]:
    """The script, or the one that deletes the filter (it has to be taken out of its profile first)."""
    yield from head(sheet, "#")
    number = _NUMBERS[sheet.kind]
    yield "config webfilter urlfilter"
    if sheet.kind == "rollback":
        yield f"    delete {number}"
    else:
        yield f"    edit {number}"
        yield f'        set name "gnomon-{sheet.kind}"'
        yield "        config entries"
        yield from _entries(sheet)
        yield "        end"
        yield "    next"
    yield "end"


def _entries(sheet: Sheet) -> Iterator[str]:
    action = "allow" if sheet.kind == "allow" else "block"
    patterns = ((entry, name, kind) for entry in sheet.entries for name, kind in ((entry.domain, "simple"), (f"*.{entry.domain}", "wildcard")))
    for number, (entry, name, kind) in enumerate(patterns, 1):
        yield f"# {reason(entry)}"
        yield from (f"            edit {number}", f'                set url "{name}"', f"                set type {kind}")
        yield from (f"                set action {action}", "            next")


TARGET = Target("fortigate", "conf", write)
