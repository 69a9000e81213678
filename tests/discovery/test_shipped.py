"""The files that travel with Gnomon are found wherever it was installed."""

import shutil
import subprocess
import sys
from pathlib import Path

from discovery import shipped


def test_a_checkout_has_its_data_beside_the_packages() -> None:
    assert shipped.path("categories.toml").read_text(encoding="utf-8").startswith("#")
    assert shipped.path("catalogue", "files.jsonl").is_file()
    assert shipped.path() == shipped.beside("discovery").parent / "data"


def test_rules_lie_in_their_package() -> None:
    assert shipped.beside("rules", "risk.toml").is_file()
    assert shipped.beside("discovery", "activity.toml").is_file()


def test_a_wheel_has_its_data_in_the_package(tmp_path: Path) -> None:
    package = tmp_path / "discovery"
    (package / "data").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "data" / "here.txt").write_text("found")
    shutil.copy(shipped.beside("discovery", "shipped.py"), package)
    program = "from discovery import shipped; print(shipped.path('here.txt').read_text())"
    told = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True, env={"PYTHONPATH": str(tmp_path)}
    )
    assert told.stdout.strip() == "found"


def test_the_wheel_puts_data_where_it_is_looked_for() -> None:
    project = (shipped.beside("discovery").parent / "pyproject.toml").read_text(encoding="utf-8")
    assert '"data" = "discovery/data"' in project
