"""Writes the demo firm's logs: the same bytes every time.

Run by hand after a change: `python data/demo/generate.py`. With `--weeks N` only the last N weeks are written: the end of the whole, to the byte.
"""

import argparse
import gzip
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import fortigate
import pihole
import squid
from firm import END, START, WEEKS
from leases import leases, people
from traffic import Request, day_of_requests

WRITERS: dict[str, Callable[[date, list[Request]], list[str]]] = {
    "squid-access.log.gz": squid.lines,
    "pihole.log.gz": pihole.lines,
    "fortigate.log.gz": fortigate.lines,
}


def days(weeks: int) -> Iterator[date]:
    """The days of the last so many weeks."""
    first = START + timedelta(weeks=WEEKS - weeks)
    while first <= END:
        yield first
        first += timedelta(days=1)


def generate(folder: Path, weeks: int = WEEKS) -> None:
    """Write all files of the demo firm into a folder."""
    logs: dict[str, list[str]] = {name: [] for name in WRITERS}
    for day in days(weeks):
        requests = day_of_requests(day)
        for name, lines in WRITERS.items():
            logs[name] += lines(day, requests)
    for name, found in logs.items():
        text = "".join(f"{line}\n" for line in found).encode()
        (folder / name).write_bytes(gzip.compress(text, compresslevel=9, mtime=0))
        print(f"{name}: {len(found):,} lines")
    (folder / "dhcpd.leases").write_text(leases(), encoding="ascii", newline="\n")
    (folder / "people.csv").write_text(people(), encoding="ascii", newline="\n")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weeks", type=int, default=WEEKS, choices=range(1, WEEKS + 1), metavar="N", help="only the last N weeks")
    parser.add_argument("--folder", type=Path, default=Path(__file__).parent, help="where to write")
    options = parser.parse_args()
    generate(options.folder, options.weeks)


if __name__ == "__main__":
    main()
