"""How much somebody may send, asked as soon as the headers are there: waitress keeps a whole body on the disk before the application sees it.

Without this, whoever reaches the port fills the disk without signing in. What is too much is answered with 413 and not read.
"""

from copy import copy
from typing import Any

from flask import Flask, request
from flask_login import current_user
from waitress import wasyncore  # type: ignore[import-untyped]
from waitress.channel import HTTPChannel  # type: ignore[import-untyped]
from waitress.parser import HTTPRequestParser  # type: ignore[import-untyped]
from waitress.server import BaseWSGIServer, create_server  # type: ignore[import-untyped]
from werkzeug.test import create_environ

from webui import roles
from webui.uploads import LARGE


def server(app: Flask, **settings: object) -> BaseWSGIServer:
    """Waitress over the application, with its settings; it takes large bodies only where, and from whom, the application would."""
    listening: dict[int, object] = {}
    try:
        made = create_server(app, map=listening, **settings)
    except OSError:
        wasyncore.close_all(listening)
        raise
    for one in listening.values():
        if isinstance(one, BaseWSGIServer):
            one.channel_class = _channel(app)
    return made


def may_send_much(app: Flask, path: str, cookie: str) -> bool:
    """Whether the sender of a cookie may upload logs to an address."""
    with app.request_context({**create_environ(method="POST"), "PATH_INFO": path, "HTTP_COOKIE": cookie}):
        endpoint = request.endpoint
        return endpoint is not None and endpoint in LARGE and current_user.is_authenticated and roles.may(endpoint)


def _channel(app: Flask) -> type[HTTPChannel]:
    small = app.config["MAX_CONTENT_LENGTH"]

    class Parser(HTTPRequestParser):  # type: ignore[misc] # ships no types
        adj: Any  # the server's settings

        def parse_header(self, header_plus: bytes) -> None:
            super().parse_header(header_plus)
            if (self.chunked or self.content_length > small) and not may_send_much(app, self.path, self.headers.get("COOKIE", "")):
                self.adj = copy(self.adj)
                self.adj.max_request_body_size = small + 1  # the first number of bytes that is too much

    class Channel(HTTPChannel):  # type: ignore[misc]
        parser_class = Parser

    return Channel
