"""The house's own rules: small files, no marks left behind, and a README that tells the truth."""

import re
import shlex
from pathlib import Path

import pytest

from tests.program import gnomon

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [path for wing in ("discovery", "rules", "webui") for path in (ROOT / wing).rglob("*.py")]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_file_has_one_subject() -> None:
    long = {str(path.relative_to(ROOT)): lines for path in SOURCES if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 300}
    assert not long


def test_no_marks_are_left() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
    assert not [str(path.relative_to(ROOT)) for path in SOURCES if marks.search(path.read_text(encoding="utf-8"))]


def test_no_format_names_another_vendor() -> None:
    formats = {path.stem.split("_")[0]: path for path in (ROOT / "discovery" / "formats").glob("*.py") if path.stem != "__init__"}
    for path in formats.values():
        assert not re.search(r"^(from|import) discovery\.formats", path.read_text(encoding="utf-8"), re.MULTILINE)


def commands() -> list[str]:
    """Commands of the README that start with gnomon, as a reader would type them."""
    blocks = re.findall(r"```(?:sh|console)\n(.*?)```", README, re.DOTALL)
    lines = [line.split("#", 1)[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line.startswith("gnomon ") and not line.startswith(("gnomon serve", "gnomon demo"))]


def test_the_readme_shows_commands() -> None:
    assert len(commands()) >= 5
    assert "make demo" in README
    assert "make test" in README


@pytest.mark.slow
def test_the_commands_of_the_readme_work_in_their_order(environment: dict[str, str], tmp_path: Path) -> None:
    """As in the checkout, which keeps none of the files that they write."""
    (tmp_path / "data").symlink_to(ROOT / "data")
    for line in commands():
        run = gnomon(*shlex.split(line)[1:], environment=environment, folder=tmp_path)
        assert run.returncode == 0, (line, run.stderr)


def test_pages_hold_no_script_style_or_unescaped_text() -> None:
    pages = ROOT / "webui"
    for file in (pages / "templates").rglob("*.html"):
        text = file.read_text()
        assert not re.search(r"\bon[a-z]+\s*=|<style|\sstyle=|\|\s*safe\b|autoescape|javascript:|hx-on|<script(?![^>]*\bsrc=)", text), file
    for file in (pages / "static" / "js").glob("*.js"):
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", file.read_text()), file
    for file in pages.rglob("*.py"):
        assert "Markup(" not in file.read_text(), file
