"""How fast a scan is, as a ratio to GoAccess on the same file in the same run: whole process against whole process, medians.

GoAccess counts requests by visitor, host and path; `gnomon scan` parses, attributes, matches and judges. Run by `make bench`.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from squidlog import write

SQUID_FORMAT = ("--log-format=%x.%^ %~%L %h %^/%s %b %m %U", "--date-format=%s", "--time-format=%s")


def goaccess() -> str:
    """The peer, installed from Debian's packages where that is possible."""
    if shutil.which("goaccess") is None and os.getuid() == 0:
        subprocess.run(["apt-get", "install", "-y", "-qq", "goaccess"], check=True, stdout=subprocess.DEVNULL)
    found = shutil.which("goaccess")
    if found is None:
        sys.exit("GoAccess is not installed; on Debian: sudo apt install goaccess")
    return found


def timed(command: list[str], times: int) -> float:
    """Median seconds of a whole process."""
    taken = []
    for _ in range(times):
        start = time.monotonic()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        taken.append(time.monotonic() - start)
        print(f"  {taken[-1]:7.1f} s  {Path(command[0]).name}", file=sys.stderr)
    return statistics.median(taken)


def peak_memory(command: list[str]) -> int:
    """Peak resident memory of a process, in MB."""
    timed_run = subprocess.run(["/usr/bin/env", "python3", "-c", _PEAK, *command], check=True, capture_output=True, text=True)
    return int(timed_run.stdout.strip()) // 1024


_PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def main() -> None:
    """Print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000_000, help="bytes of the log")
    parser.add_argument("--times", type=int, default=3)
    given = parser.parse_args()
    gnomon = str(Path(sys.executable).with_name("gnomon"))
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "access.log"
        lines = write(log, given.size)
        peer = timed([goaccess(), str(log), *SQUID_FORMAT, "--no-progress", "-o", f"{folder}/report.json"], given.times)
        scan = [gnomon, "scan", str(log), "--output", "json"]
        ours = timed(scan, given.times)
        print(f"Squid native, {log.stat().st_size / 1e6:,.0f} MB, {lines:,} lines, median of {given.times}")
        print(f"GoAccess     {peer:7.1f} s  {log.stat().st_size / peer / 1e6:6.0f} MB/s")
        print(f"gnomon scan  {ours:7.1f} s  {log.stat().st_size / ours / 1e6:6.0f} MB/s, peak {peak_memory(scan)} MB")
        print(f"gnomon is {peer / ours:.1f} times as fast")


if __name__ == "__main__":
    main()
