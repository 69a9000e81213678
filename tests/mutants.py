"""How many changed lines of judgement the tests would notice: `make mutants`, or `python -m tests.mutants --sample 300 --seed 1`.

mutmut writes every mutant of the functions in rules/ once; of them a random sample is tried, each with the tests that reach it, so the
answer is a share with its interval. A run can be stopped: what was noticed stays noticed, and only the rest is tried again.
Properties and values outside functions are not mutated: mutmut leaves decorated functions alone.
"""

import argparse
import json
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Final

import click

from rules.spotcheck import Precision

ROOT: Final = Path(__file__).parent.parent
#: What mutmut's exit code of a mutant means: 1 and 3 are a test that failed, 24 and above one that never ended. Any other code tells nothing.
ALIVE: Final = {0: "survived", 5: "no test", 33: "no test"}
NOTICED: Final = frozenset({1, 3, 24, -24, 36, 152, 255})


def names() -> dict[str, int | None]:
    """Every mutant with its last result; None: not tried yet."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "mutants" / "rules").rglob("*.meta"))]
    return {name: code for one in found for name, code in one["exit_code_by_key"].items()}


def run(*chosen: str) -> None:
    """Let mutmut try these, or, where they have no name, make them all."""
    subprocess.run([sys.executable, "-m", "mutmut", "run", "--max-children", "1", *chosen], cwd=ROOT, check=False)


def main() -> int:
    """Try a sample, name what lives, and say the share; 1 where more than a tenth lives."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    if not names():
        run("rules.words.x_sentence__mutmut_1")
    every = names()
    sample = random.Random(asked.seed).sample(sorted(every), min(asked.sample, len(every)))  # noqa: S311 (no secret)
    if open_ := [name for name in sample if every[name] not in NOTICED]:
        run(*open_)
    results = {name: code for name, code in names().items() if name in set(sample)}
    for name, code in results.items():
        if code in ALIVE:
            click.echo(f"{ALIVE[code]}: {name}")
    click.echo(told(list(results.values()), len(every)))
    return int(sum(code in ALIVE for code in results.values()) >= len(results) / 10)


def told(codes: list[int | None], every: int) -> str:
    """The share of mutants that live, with its interval."""
    counts = Counter("noticed" if code in NOTICED else ALIVE.get(code, "not tried") if code is not None else "not tried" for code in codes)
    tried = Precision(right=counts["survived"] + counts["no test"], wrong=counts["noticed"])
    if tried.share is None or tried.interval is None:
        return "No mutant was tried."
    low, high = tried.interval
    return f"{tried.right} of {tried.judged} mutants live, {tried.share:.1%} (95 %: {low:.1%} to {high:.1%}), drawn from {every}: {dict(counts)}"


if __name__ == "__main__":
    sys.exit(main())
