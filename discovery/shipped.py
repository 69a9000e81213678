"""Where the files that travel with Gnomon lie: the one place that knows a checkout, an editable install and a wheel apart.

In a checkout and an editable install the facts we ship are in `data/` beside the packages; in a wheel they are in `discovery/data/`
(see `[tool.hatch.build.targets.wheel.force-include]`). Files that belong to a package (rules, thresholds) always lie in it.
"""

from importlib.resources import files
from pathlib import Path


def path(*parts: str) -> Path:
    """A file or folder of `data/`, e.g. `path("catalogue", "files.jsonl")`."""
    package = beside("discovery")
    inside = package / "data"
    return (inside if inside.is_dir() else package.parent / "data").joinpath(*parts)


def beside(package: str, *parts: str) -> Path:
    """A file that lies in a package, e.g. `beside("rules", "risk.toml")`."""
    return Path(str(files(package))).joinpath(*parts)
