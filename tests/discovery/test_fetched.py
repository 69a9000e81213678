"""Logs at URLs: a real server on this machine, and what is said where there is none."""

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from discovery.errors import UnreadableLog
from discovery.logs import find
from discovery.pipeline import read_log

SAMPLES = Path(__file__).parents[1] / "formats" / "squid"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(SAMPLES))) as serving:
        Thread(target=serving.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{serving.server_port}"
        serving.shutdown()


def test_a_log_on_the_web_is_read_like_a_file(server: str) -> None:
    sample = next(path for path in sorted(SAMPLES.iterdir()) if path.suffix == ".log")
    (log,) = find([f"{server}/{sample.name}?signature=secret"])
    fetched, file = read_log(log), read_log(sample)
    assert (log.name, fetched.fingerprint) == (sample.name, file.fingerprint)
    assert fetched.account.events == file.account.events > 0


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("SERVER/nothing.log?signature=secret", r"SERVER/nothing.log cannot be fetched: http error 404"),
        ("nosuch://ann:secret@files.example/a.log", r"nosuch://files.example/a.log cannot be fetched: protocol not known: nosuch"),
    ],
)
def test_what_is_not_there_is_said_in_a_sentence_without_a_secret(url: str, said: str, server: str) -> None:
    with pytest.raises(UnreadableLog, match=said.replace("SERVER", server)) as refused:
        find([url.replace("SERVER", server)])
    assert "secret" not in str(refused.value)
