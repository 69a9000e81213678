"""Damaged files on the command line: one sentence on standard error, status 2, and as much as is whole."""

from pathlib import Path

import pytest

from tests.hostile import files
from tests.hostile.unreadable import UNREADABLE
from tests.program import Done, gnomon


@pytest.fixture
def run(tmp_path: Path, environment: dict[str, str]):
    def command(*words: str | Path) -> Done:
        return gnomon(*words, environment=environment, folder=tmp_path)

    return command


@pytest.mark.parametrize("what", ["empty", "JPEG", "web server's own log", "binary", "zip with password"])
def test_command_answers_with_one_sentence_and_status_2(run, what: str, tmp_path: Path) -> None:
    data, sentence = UNREADABLE[what]
    path = tmp_path / "made.log"
    path.write_bytes(data)
    answer = run("parse", path)
    assert (answer.returncode, answer.stdout, answer.stderr) == (2, b"", f"gnomon: {sentence}\n".encode())


def test_command_on_a_folder_without_logs(run, tmp_path: Path) -> None:
    answer = run("parse", tmp_path)
    assert (answer.returncode, answer.stdout, answer.stderr) == (2, b"", f"gnomon: The folder {tmp_path} holds no files.\n".encode())


def test_command_reads_a_truncated_log_as_far_as_it_is_whole(run, tmp_path: Path) -> None:
    packed = files.PACKED["gz"](files.long_log())
    path = tmp_path / "cut.gz"
    path.write_bytes(packed[: len(packed) // 2])
    answer = run("parse", path, "--limit", "2")
    assert answer.returncode == 0
    assert answer.stdout.count(b"\n") == 2
