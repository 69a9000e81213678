"""Lines that break readers: each is one physical line that no format writes.

But for the line of two megabytes they are small enough together to leave room for sound lines in the head of a log.
"""

from typing import Final

_DEEP: Final = 15_000

#: What it is -> the line, without its end.
HOSTILE: Final[dict[str, bytes]] = {
    "empty": b"",
    "blanks": b"   \t  ",
    "one stray quote": b'192.0.2.66 said "unfinished',
    "quote bomb": b'"' * 9_999,
    "quotes and separators": b'","",""",;"|\t"' * 501,
    "NUL": b"a\x00b\x00\x00c",
    "zeros in turn, as in UTF-16": b"x\x00" * 3_000,
    "control characters": bytes(n for n in range(32) if n != 10) * 3,
    "invalid UTF-8": b"\xff\xfe\xc3\x28\xe2\x82 \xf0\x9f\x92 end",
    "overlong UTF-8": b"\xc0\xaf\xe0\x80\xaf",
    "Latin-1": "Grüße über Käse".encode("latin-1"),
    "two megabytes": b"k=" + b"v" * 2_000_000,
    "very long key": b"k" * 20_000 + b"=1",
    "carriage returns": b"one\rtwo\rthree\r",
    "unicode line separators": "a\u2028b\u2029c\x85d\x0be\x0cf\x1cg".encode(),
    "backslashes": b"\\" * 5_001 + b'"',
    "equals signs": b"=" * 5_000,
    "deep JSON": b'{"QH":' + b"[" * _DEEP + b"]" * _DEEP + b"}",
    "cut JSON": b'{"QH":"files.example","T":"2026',
    "no JSON numbers": b'{"QH":NaN,"T":Infinity}',
    "lone surrogate": b'{"QH":"\\ud800.example"}',
    "two objects": b'{"QH":"a.example"}{"QH":"b.example"}',
    "JSON of another shape": b'{"QH":5,"Result":"text","id":7,"ts":[1]}',
    "terminal escapes": b"\x1b[2J\x1b]0;title\x07",
    "mark of direction": "\u202egpj.exe\u202c\ufeff".encode(),
    "regular expression bomb": b"a" * 9_000 + b"!",
    "syslog headers without end": b"<13>Nov 19 09:00:00 h t[1]: " * 400,
    "formula": b"=cmd|' /C calc'!A0",
    "five thousand digits": b"9" * 5_000,
}
