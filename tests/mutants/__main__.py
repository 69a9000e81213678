"""How many changed lines of judgement the tests would notice: `make mutants`, or `python -m tests.mutants --sample 300 --seed 1`.

mutmut writes every mutant of the functions in rules/ once, into `mutants/`; of them a random sample is tried, each with the tests that reach it, so
the answer is a share with its interval. A run can be stopped and started again: what was tried stays tried until a rule or a test changes.
Properties, what is decorated, and values outside functions are not mutated: mutmut leaves them alone.
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import click

from rules.spotcheck import Precision
from tests.mutants.trial import ALIVE, NOTICED, TRIED, WANTED

ROOT: Final = Path(__file__).parent.parent.parent
HERE: Final = ROOT / "mutants"

#: The tests that may notice: of rules, of the store, and of the pages on which something is decided and kept.
_PAGES: Final = ("compare_page", "decisions_pages", "held", "meetings_pages", "practice_pages", "reveals", "review", "roadmap_pages")
TESTS: Final = ("tests/rules", "tests/store", *(f"tests/webui/test_{name}.py" for name in _PAGES))
_PYTEST: Final = ("-p", "tests.mutants.trial", "--hypothesis-profile=mutants", "-p", "no:cacheprovider", "-q")
_NOT: Final = "not slow and not postgres and not browser"


def main() -> int:
    """Try a sample, name what lives, and say the share; 1 where a tenth lives, or a result is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("names", nargs="*", help="mutants to try instead of a sample")
    asked = parser.parse_args()
    make()
    every = names()
    sample = asked.names or random.Random(asked.seed).sample(every, min(asked.sample, len(every)))  # noqa: S311 (no secret)
    code = run([name for name in sample if name not in tried()], asked.jobs)
    results = {name: one["result"] for name, one in tried().items() if name in set(sample)}
    for name in sorted(name for name, result in results.items() if result not in NOTICED):
        click.echo(f"{results[name]}: {name}")
    click.echo(told(results, len(every)))
    return code or int(len(results) < len(sample) or sum(result in ALIVE for result in results.values()) * 10 >= len(results))


def make() -> None:
    """Let mutmut write every mutant, where they are not of the files as they are."""
    state = HERE / "made_of"
    if state.exists() and state.read_text(encoding="utf-8") == _fingerprint():
        return
    shutil.rmtree(HERE, ignore_errors=True)
    subprocess.run([sys.executable, "-c", _MAKE], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    state.write_text(_fingerprint(), encoding="utf-8")


#: mutmut's own command would run all tests three times, too.
_MAKE: Final = """
from pathlib import Path
from mutmut import __main__ as mutmut
Path("mutants").mkdir()
mutmut.copy_src_dir(); mutmut.copy_also_copy_files(); mutmut.create_mutants(1)
"""


def _fingerprint() -> str:
    """Of all that a result hangs on."""
    files = [path for folder in ("rules", "discovery", "tests") for path in sorted((ROOT / folder).rglob("*")) if path.suffix in {".py", ".toml"}]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()


def names() -> list[str]:
    """Every mutant."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in (HERE / "rules").rglob("*.meta")]
    return sorted(name.replace("__init__.", "") for one in found for name in one["exit_code_by_key"])


def tried() -> dict[str, dict[str, Any]]:
    """What is known of those that were tried."""
    path = HERE / TRIED
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {one["mutant"]: one for one in map(json.loads, lines) if one["result"] in ALIVE + NOTICED}


def run(wanted: list[str], jobs: int) -> int:
    """Try these."""
    (HERE / WANTED).write_text(json.dumps(wanted), encoding="utf-8")
    environment = os.environ | {"JOBS": str(jobs), "GNOMON_CACHE": str(HERE / "cache"), "PYTHONPATH": "", "POLARS_MAX_THREADS": "1"}
    command = [sys.executable, "-m", "pytest", *_PYTEST, "-m", _NOT, *TESTS]
    return subprocess.run(command, cwd=HERE, env=environment, check=False).returncode if wanted else 0


def told(results: dict[str, str], every: int) -> str:
    """The share of mutants that live, with its interval, and by module."""
    rows = [f"{module}: {_alive(of)} of {len(of)}" for module, of in sorted(_by_module(results).items()) if _alive(of)]
    tried = Precision(right=_alive(results.values()), wrong=sum(result in NOTICED for result in results.values()))
    if tried.share is None or tried.interval is None:
        return "No mutant was tried."
    low, high = tried.interval
    share = f"{tried.right} of {tried.judged} mutants live, {tried.share:.1%} (95 %: {low:.1%} to {high:.1%}), drawn from {every}"
    return "\n".join([*rows, f"{share}: {dict(Counter(results.values()))}"])


def _by_module(results: dict[str, str]) -> dict[str, list[str]]:
    modules = {name.rpartition(".")[0] for name in results}
    return {module: [result for name, result in results.items() if name.rpartition(".")[0] == module] for module in modules}


def _alive(results: Iterable[str]) -> int:
    return sum(result in ALIVE for result in results)


if __name__ == "__main__":
    sys.exit(main())
