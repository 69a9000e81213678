"""How long whole processes take: seconds on the clock and seconds of processor, side by side and in turn, so that a busy machine slows all alike."""

import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Taken:
    """Medians of several runs: seconds, and seconds of processor of a process and its children."""

    seconds: float
    cpu: float


def in_turn(commands: Sequence[list[str]], times: int) -> list[Taken]:
    """What each command takes, run one after the other, so many times."""
    runs = [[_run(command) for command in commands] for _ in range(times)]
    return [Taken(*(statistics.median(part) for part in zip(*of_one, strict=True))) for of_one in zip(*runs, strict=True)]


def _run(command: list[str]) -> tuple[float, float]:
    start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)[:200]}\n{done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.monotonic() - start, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def peak_memory(command: list[str]) -> int:
    """Peak resident memory of a process, in MB."""
    run = subprocess.run([sys.executable, "-c", _PEAK, *command], check=True, capture_output=True, text=True)
    return int(run.stdout.strip()) // 1024


_PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
