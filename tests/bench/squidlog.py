"""Writes a Squid log of any size: people who work through the day, each with habits, on a long tail of sites."""

import argparse
from pathlib import Path

import numpy as np

PEOPLE, SITES = 200, 20_000


def write(path: Path, size: int, seed: int = 7) -> int:
    """Write about `size` bytes; returns the number of lines."""
    rng = np.random.default_rng(seed)
    sites = [f"{'www' if n % 3 else 'api'}.{'abcdefghij'[n % 10]}site{n // 3}.{'com' if n % 4 else 'co.uk'}" for n in range(SITES)]
    habits = [rng.permutation(np.concatenate([np.arange(300), rng.integers(300, SITES, 300)])) for _ in range(PEOPLE)]
    written = lines = 0
    clock = 1_760_000_000.0
    with path.open("wb") as out:
        while written < size:
            count = 20_000
            clock_steps = clock + np.cumsum(rng.exponential(0.05, count))
            clock = float(clock_steps[-1])
            people = rng.integers(0, PEOPLE, count)
            ranks = np.minimum((rng.pareto(0.9, count) * 3).astype(int), 599)
            tunnel = rng.random(count) < 0.7
            sizes = rng.lognormal(8.5, 1.8, count).astype(int)
            waits = rng.integers(1, 9_999, count)
            paths = rng.integers(0, 99_999, (count, 2))
            rows = []
            for n in range(count):
                site = sites[habits[people[n]][ranks[n]]]
                url = f"{site}:443" if tunnel[n] else f"http://{site}/a/{paths[n][0]}?id={paths[n][1]}"
                how = "TCP_TUNNEL/200" if tunnel[n] else "TCP_MISS/200"
                verb, kind = ("CONNECT", "-") if tunnel[n] else ("GET", "text/html")
                client = f"10.1.{people[n] // 100}.{people[n] % 100 + 10}"
                who, peer = f"user{people[n]:03d}", "HIER_DIRECT/93.184.216.34"
                rows.append(f"{clock_steps[n]:.3f} {waits[n]:6d} {client} {how} {sizes[n]} {verb} {url} {who} {peer} {kind}\n")
            block = "".join(rows).encode()
            out.write(block)
            written += len(block)
            lines += count
    return lines


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--size", type=int, default=1_000_000_000)
    given = parser.parse_args()
    print(write(given.path, given.size), "lines")
