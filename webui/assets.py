"""Style sheets, scripts and drawings: named by their content, so that browsers keep them, and sent packed.

Pages themselves are never packed, since their size would tell about the secrets in them (BREACH).
"""

import gzip
import hashlib
import mimetypes
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from flask import Flask, Response, request
from werkzeug.security import safe_join

STATIC: Final = Path(__file__).parent / "static"
PACKED: Final = frozenset({".css", ".js", ".svg"})


class App(Flask):
    """Flask, with static files packed for whoever takes them so."""

    def send_static_file(self, filename: str) -> Response:
        """A file of the static folder."""
        path = safe_join(str(STATIC), filename)
        if path is None or Path(path).suffix not in PACKED or not Path(path).is_file() or not request.accept_encodings["gzip"]:
            return super().send_static_file(filename)
        answer = Response(_packed(Path(path)), mimetype=mimetypes.guess_type(filename)[0])
        answer.headers["Content-Encoding"] = "gzip"
        answer.vary.add("Accept-Encoding")
        return answer


def init_app(app: Flask) -> None:
    """Put the fingerprint of a static file into its address."""
    app.url_defaults(_add_version)


def _add_version(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static" and "filename" in values:
        values.setdefault("v", _fingerprint(values["filename"]))


@lru_cache(maxsize=64)
def _fingerprint(name: str) -> str:
    file = STATIC / name
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else "0"


@lru_cache(maxsize=64)
def _packed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 9, mtime=0)
