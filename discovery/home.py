"""Where the state of an installation lives: never in the checkout, readable by nobody else."""

import os
from pathlib import Path

from platformdirs import user_data_path


def home() -> Path:
    """The folder of this installation (`GNOMON_HOME`, else the platform's data folder of this user), made on first use with mode 0700."""
    chosen = os.environ.get("GNOMON_HOME")
    folder = Path(chosen).expanduser().absolute() if chosen else user_data_path("gnomon", appauthor=False)
    private_folder(folder)
    return folder


def private_folder(folder: Path) -> Path:
    """Make a folder that only its owner can enter; one that is there already keeps its mode."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
