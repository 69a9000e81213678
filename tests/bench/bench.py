"""How fast `gnomon scan` is, as ratios to peers on the same file in the same run: whole process against whole process, medians. Run by `make bench`.

Against GoAccess on a Squid log (it counts requests by visitor, host and path), and for each family of logs against DuckDB with a query written
for its columns. `gnomon scan` frames, checks and accounts for every line, joins sessions, attributes, matches and judges besides.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from families import FAMILIES
from measure import in_turn, peak_memory
from squidlog import write

SQUID_FORMAT = ("--log-format=%x.%^ %~%L %h %^/%s %b %m %U", "--date-format=%s", "--time-format=%s")
SQUID = "squid"


def goaccess() -> str:
    """The peer, installed from Debian's packages where that is possible."""
    if shutil.which("goaccess") is None and os.getuid() == 0:
        subprocess.run(["apt-get", "install", "-y", "-qq", "goaccess"], check=True, stdout=subprocess.DEVNULL)
    found = shutil.which("goaccess")
    if found is None:
        sys.exit("GoAccess is not installed; on Debian: sudo apt install goaccess")
    return found


def scan(log: Path) -> list[str]:
    """Ours."""
    return [str(Path(sys.executable).with_name("gnomon")), "scan", str(log), "--output", "json"]


def compare(title: str, log: Path, lines: int, peer: tuple[str, list[str]], times: int) -> None:
    """Print what both take."""
    name, command = peer
    theirs, ours = in_turn([command, scan(log)], times)
    size = log.stat().st_size / 1e6
    print(f"{title}, {size:,.0f} MB, {lines:,} lines, median of {times}")
    for who, taken in ((name, theirs), ("gnomon scan", ours)):
        print(f"  {who:12} {taken.seconds:7.1f} s  {taken.cpu:7.1f} s of processor  {size / taken.seconds:6.0f} MB/s")
    longer, more = ours.seconds / theirs.seconds, ours.cpu / theirs.cpu
    print(f"  gnomon takes {longer:.2f} times as long ({more:.2f} times the work), peak {peak_memory(scan(log))} MB\n", flush=True)


def main() -> None:
    """Print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000_000, help="bytes of the Squid log")
    parser.add_argument("--family-size", type=int, default=500_000_000, help="bytes of the log of each family")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--only", nargs="*", choices=[SQUID, *FAMILIES], help="what to measure (default: all)")
    given = parser.parse_args()
    here = Path(__file__).parent
    wanted = given.only or [SQUID, *FAMILIES]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "measured.log"
        if SQUID in wanted:
            lines = write(log, given.size)
            peer = [goaccess(), str(log), *SQUID_FORMAT, "--no-progress", "-o", f"{folder}/report.json"]
            compare("Squid native", log, lines, ("GoAccess", peer), given.times)
        for name in (name for name in FAMILIES if name in wanted):
            family = FAMILIES[name]
            lines = family.write(log, given.family_size)
            peer = [sys.executable, str(here / "duck.py"), str(here / "queries" / f"{name}.sql"), str(log)]
            compare(f"{name}: {family.title}", log, lines, ("DuckDB", peer), given.times)


if __name__ == "__main__":
    main()
