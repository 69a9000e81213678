"""An import that is killed at any of its statements leaves nothing half-done, and a rerun completes it as if nothing had happened."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.gate import GATE

#: In the gate every statement is a point; otherwise some.
STEP = 1 if GATE else 29
PROGRAM = Path(__file__).with_name("crashing.py")


def killed(folder, server="", *, step):
    """What was found after each kill."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, PROGRAM, folder, server, str(step)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=500)
    assert done.returncode == 0, done.stderr
    prepared, *points = [json.loads(line) for line in done.stdout.splitlines()]
    assert prepared["before"]["visible"] != prepared["after"]["visible"]
    assert prepared["after"]["counts"]["usage"] > prepared["before"]["counts"]["usage"] + 2  # several batches
    return points


def check(points, most):
    assert [(point["what"], point["point"], point["problems"]) for point in points if point["problems"]] == []
    assert len(points) > most
    by_import = [point for point in points if point["what"] == "import"]
    assert {point["state"] for point in by_import} == {"none", "failed", "published"}
    assert [point["killed"] for point in by_import] == [True] * (len(by_import) - 1) + [False]
    assert {point["what"] for point in points} == {"import", "recovery"}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs fork, which Windows does not have")
def test_killed_at_its_statements_on_sqlite(tmp_path):
    check(killed(tmp_path, step=STEP), 60 // STEP)


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.skipif(not GATE, reason="the long form, an import killed on PostgreSQL, too: set GNOMON_GATE=1 to run it")
def test_killed_at_its_statements_on_postgresql(tmp_path, server):
    check(killed(tmp_path, server, step=2), 30)
