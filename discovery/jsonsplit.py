"""JSON that is not one object a line, cut into one object a line: arrays, wrappers around an array, objects printed over several lines.

Brackets and quotes are found with NumPy, a chunk at a time, so memory stays flat however large the document. Nothing is parsed here: what
stands between the brackets of a record becomes a line as it is, for the ordinary formats to read or to reject.
"""

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from discovery.framing import BACKSLASH, NEWLINE, QUOTE, RETURN, Bytes, Offsets

#: Longer texts within a record (a picture, the body of an answer) are left out; no name, address or log line is so long.
LONGEST_TEXT: Final = 1 << 16

_LOOK_BACK: Final = 256
_KEY: Final = re.compile(rb'"((?:[^"\\]|\\.)*)"\s*:\s*$', re.DOTALL)
_STEP: Final = np.zeros(256, np.int8)
_STEP[list(b"{[")], _STEP[list(b"}]")] = 1, -1
_BLANK: Final = np.zeros(256, bool)
_BLANK[list(b" \t\r\n,")] = True

Mask = npt.NDArray[np.bool_]
Steps = npt.NDArray[np.int8]


@dataclass(slots=True)
class Splitter:
    """Cuts a document into lines, chunk by chunk.

    What stands between records and is neither blank nor comma becomes a line of its own, so that nothing is lost in silence.

    Attributes:
        depth: brackets that are open around a record.
        key: name of the array whose elements are the records; None: whatever stands at that depth.
    """

    depth: int
    key: bytes | None = None
    _open: int = 0  # brackets open at the end of the last chunk
    _inside: bool = False  # whether the array of records is one of them
    _text: "_LongText | None" = None
    _carry: bytes = b""  # the unfinished text at the end of the last chunk
    _before: bytes = b""  # what stood before the next chunk, for the name of an array
    _fresh: bool = True  # whether the next byte begins a line

    def feed(self, chunk: bytes, *, last: bool = False) -> bytes:
        """What a chunk adds to the lines."""
        chunk = self._carry + self._behind_long_text(chunk)
        self._carry = b""
        quotes = _quotes(np.frombuffer(chunk, np.uint8))
        if len(quotes) % 2:  # a text goes on in the next chunk
            start = int(quotes[-1])
            quotes = np.append(quotes, len(chunk)) if last else quotes[:-1]
            if not last:
                chunk, self._carry = chunk[:start], self._held(chunk[start:])
        lines = self._lines(np.frombuffer(chunk, np.uint8), quotes) if chunk else b""
        return lines + self._line_end() if last else lines

    def _line_end(self) -> bytes:
        end, self._fresh = b"" if self._fresh else b"\n", True
        return end

    def _held(self, text: bytes) -> bytes:
        """An unfinished text, or only its beginning where it is too long."""
        if len(text) <= LONGEST_TEXT:
            return text
        self._text = _LongText()
        self._text.end(text[1:])
        return b'"'

    def _behind_long_text(self, chunk: bytes) -> bytes:
        """The chunk from the end of the text that is being left out."""
        end = 0 if self._text is None else self._text.end(chunk)
        if end is None:
            return b""
        self._text = None
        return chunk[end:]

    def _lines(self, data: Bytes, quotes: Offsets) -> bytes:
        """The records of a chunk in which every text ends."""
        folded = data | 0x20  # [ becomes {, and ] becomes }
        marks = np.flatnonzero((folded == ord("{")) | (folded == ord("}")))
        marks = marks[_outside(marks, quotes)]
        steps = _STEP[data[marks]]
        depths = _depths(steps, self._open)
        inside = self._in_array(data, marks, steps, depths)
        level, within = np.append(self._open, depths), np.append(self._inside, inside)
        lengths = np.diff(np.concatenate([[0], marks, [len(data)]]))
        keep = np.repeat((level > self.depth) & within, lengths)
        keep[marks] = inside & np.where(steps > 0, depths > self.depth, depths >= self.depth)
        for start, stop in quotes.reshape(-1, 2)[np.diff(quotes.reshape(-1, 2))[:, 0] > LONGEST_TEXT]:
            keep[start + 1 : stop] = False
        edge = inside & keep[marks]
        begins = marks[edge & (steps > 0) & (depths == self.depth + 1)]
        ends = marks[edge & (steps < 0) & (depths == self.depth)]
        stray = np.repeat(((level == self.depth) & within) | (level == 0), lengths)
        stray[marks] = False
        between = np.flatnonzero(stray)
        keep[between[~(_BLANK[data[between]] & _outside(between, quotes))]] = True
        self._open, self._inside = int(level[-1]), bool(within[-1])
        self._before = (self._before + data[-_LOOK_BACK:].tobytes())[-_LOOK_BACK:]
        return self._written(data, keep, begins, ends)

    def _in_array(self, data: Bytes, marks: Offsets, steps: Steps, depths: Offsets) -> Mask:
        """For each bracket, whether the array of records is open behind it."""
        if self.key is None:
            return np.ones(len(marks), bool)
        opened, closed = (steps > 0) & (depths == self.depth), (steps < 0) & (depths == self.depth - 1)
        turns = np.flatnonzero(opened | closed)
        states = [self._inside, *(bool(opened[turn]) and self._key_at(data, int(marks[turn])) == self.key for turn in turns)]
        return np.repeat(states, np.diff(np.concatenate([[0], turns, [len(marks)]])))

    def _key_at(self, data: Bytes, at: int) -> bytes | None:
        """The name of the member whose value begins at a place."""
        found = _KEY.search((self._before + data[max(at - _LOOK_BACK, 0) : at].tobytes())[-_LOOK_BACK:])
        return found[1] if found else None

    def _written(self, data: Bytes, keep: Mask, begins: Offsets, ends: Offsets) -> bytes:
        """The bytes kept, with an end of line behind each record, and before one where something else precedes it."""
        text, dropped = data[keep], np.flatnonzero(~keep)
        if not len(text):
            return b""
        text[(text == NEWLINE) | (text == RETURN)] = ord(" ")
        behind, first = (places - np.searchsorted(dropped, places) for places in (ends + 1, begins))
        follows = first == np.append(behind, -1)[np.searchsorted(behind, first)]
        breaks = np.concatenate([behind, first[~follows & ((first > 0) | (not self._fresh))]])
        lines = np.insert(text, np.sort(breaks), NEWLINE)
        self._fresh = bool(lines[-1] == NEWLINE)
        return lines.tobytes()


@dataclass(slots=True)
class _LongText:
    """Looks for the end of a text over many chunks."""

    escaped: bool = False  # whether the next character is

    def end(self, chunk: bytes) -> int | None:
        """Where the closing quote stands, None where the text goes on."""
        at = 0
        while True:
            quote = chunk.find(b'"', at)
            stop = len(chunk) if quote < 0 else quote
            run = stop - at - len(chunk[at:stop].rstrip(b"\\"))
            odd = bool(run % 2) != (self.escaped and run == stop - at)
            if quote >= 0 and not odd:
                return quote
            at, self.escaped = quote + 1, odd and quote < 0
            if quote < 0:
                return None


def _quotes(data: Bytes) -> Offsets:
    """Where texts begin and end: double quotes that no backslash makes plain characters."""
    quotes = np.flatnonzero(data == QUOTE)
    doubtful = np.flatnonzero((quotes > 0) & (data[quotes - 1] == BACKSLASH)) if len(quotes) else quotes
    if not len(doubtful):
        return quotes
    slashes = np.flatnonzero(data == BACKSLASH)
    runs = np.flatnonzero(np.diff(slashes, prepend=-2) != 1)  # the first of each run
    last = np.searchsorted(slashes, quotes[doubtful] - 1)
    length = last - runs[np.searchsorted(runs, last, side="right") - 1] + 1
    return np.delete(quotes, doubtful[length % 2 == 1])


def _outside(places: Offsets, quotes: Offsets) -> Mask:
    """Which places stand outside texts; quotes themselves count as inside."""
    before = np.searchsorted(quotes, places, side="right")
    closing = quotes[np.maximum(before - 1, 0)] == places if len(quotes) else np.zeros(len(places), bool)
    return np.asarray((before % 2 == 0) & ~closing)


def _depths(steps: Steps, start: int) -> Offsets:
    """Open brackets behind each bracket; one too many that closes counts for nothing."""
    depths = np.cumsum(steps, dtype=np.int64) + start
    return np.asarray(depths - np.minimum(np.minimum.accumulate(depths), 0)) if len(depths) else depths
