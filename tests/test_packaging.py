"""What travels: the wheel holds all that the program needs, and runs from an empty environment in another folder."""

import ast
import re
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.gate import GATE

ROOT = Path(__file__).resolve().parent.parent
WINGS = ("discovery", "rules", "webui")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_data_rules_and_pages(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {
        "discovery/data/categories.toml",
        "discovery/data/catalogue/files.jsonl",
        "discovery/data/background.jsonl",
        "discovery/data/demo/people.csv",
        "rules/risk.toml",
        "webui/templates/base.html",
    } <= names
    assert not [name for name in names if name.startswith("tests/") or "__pycache__" in name]


@pytest.mark.slow
def test_the_wheel_runs_in_an_empty_environment(wheel: Path, tmp_path: Path, environment: dict[str, str]) -> None:
    """Its schema, catalogue, rules and templates are found. In the gate with libraries that pip finds for it."""
    folder = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "install", "--quiet", "--disable-pip-version-check"]

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [folder / "bin" / "gnomon", *words], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, done.stderr
        return done

    if GATE:
        subprocess.run([*pip, str(wheel)], check=True, cwd=tmp_path)
    else:
        subprocess.run([*pip, "--no-deps", "--no-compile", str(wheel)], check=True, cwd=tmp_path)
        (installed,) = folder.glob("lib/python*/site-packages")
        (installed / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    sample = run("demo", "--no-serve")
    assert "WeTransfer" in sample.stdout
    assert "events" in sample.stderr


def test_every_library_in_use_is_asked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {re.match(r"[\w.-]+", line)[0].lower() for line in [*project["dependencies"], *project["optional-dependencies"]["postgres"]]}
    sources = [path for wing in WINGS for path in (ROOT / wing).rglob("*.py")]
    used = {top for path in sources for top in imported(path)} - {*sys.stdlib_module_names, *WINGS}
    of = packages_distributions()
    assert {top for top in used if not asked & {name.lower() for name in of.get(top, [])}} == set()


def imported(path: Path) -> Iterator[str]:
    """The top of each name that a file imports."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]
