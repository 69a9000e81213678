"""Uploads go straight to the spool folder while they arrive, however large they are; what nobody took over is gone with the request."""

import os
from pathlib import Path
from typing import IO, Final

from flask import Flask, Request, current_app, request

from discovery.errors import GnomonError

#: The only addresses that take large bodies.
LARGE: Final = frozenset({"imports.upload"})
#: Largest upload in bytes, unless GNOMON_UPLOAD_LIMIT says otherwise.
LIMIT: Final = 20 * 1024**3


class SpoolingRequest(Request):
    """A request whose files are written to the spool folder where logs are uploaded, and kept small elsewhere."""

    arriving: list[IO[bytes]] | None = None

    def _get_file_stream(
        self, total_content_length: int | None, content_type: str | None, filename: str | None = None, content_length: int | None = None
    ) -> IO[bytes]:
        """Werkzeug asks for a place to put a file of a form."""
        if self.endpoint not in LARGE:
            return super()._get_file_stream(total_content_length, content_type, filename, content_length)
        jobs = current_app.extensions["gnomon"].jobs
        jobs.check_room(total_content_length)
        file: IO[bytes] = jobs.new_spool_file().open("w+b")
        self.arriving = [*(self.arriving or []), file]
        return file


def limit() -> int:
    """The largest body that is taken, in bytes. Raises GnomonError where the setting is no number."""
    said = os.environ.get("GNOMON_UPLOAD_LIMIT", str(LIMIT))
    if not (said.isascii() and said.isdigit()):
        raise GnomonError(f"GNOMON_UPLOAD_LIMIT is a number of bytes, not “{said}”.")
    return int(said)


def init_app(app: Flask) -> None:
    """Let this application's requests spool, and sweep after each of them."""
    app.request_class = SpoolingRequest
    app.before_request(allow_large)
    app.teardown_request(sweep)


def allow_large() -> None:
    """Raise the limit of the body where logs are uploaded. Runs behind the gate: only who signed in may send much."""
    if request.endpoint in LARGE:
        request.max_content_length = current_app.config["UPLOAD_LIMIT"]


def sweep(_error: BaseException | None) -> None:
    """Delete what arrived and was not put in line: a refused request leaves nothing behind."""
    for file in getattr(request, "arriving", None) or []:
        file.close()
        Path(file.name).unlink(missing_ok=True)
