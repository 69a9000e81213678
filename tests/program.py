"""The command `gnomon` within the test's own process: its words, streams and exit status, without the seconds that a process costs to start."""

import os
import sys
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from click.testing import CliRunner

from webui.cli import main


@dataclass(frozen=True)
class Done:
    """What a command said, and its exit status."""

    returncode: int
    stdout: bytes
    stderr: bytes


def gnomon(*words: str | Path, environment: dict[str, str], folder: Path, stdin: bytes = b"") -> Done:
    """Run a command in a folder, as its process would in this environment."""
    with (
        chdir(folder),
        patch.dict(os.environ, environment, clear=True),
        patch.object(sys, "argv", ["gnomon", *map(str, words)]),
        CliRunner().isolation(input=stdin) as (out, err, _),
    ):
        try:
            main()
            status: object = 0
        except SystemExit as end:
            status = end.code or 0
        sys.stdout.flush()
        sys.stderr.flush()
        return Done(status if isinstance(status, int) else 1, out.getvalue(), err.getvalue())
