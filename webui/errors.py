"""Errors as sentences: what happened, what was kept, what to do next. Never a traceback, never a word of what was asked for."""

from typing import Final

from flask import Flask, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from discovery.errors import GnomonError
from webui.roles import Refused

SENTENCES: Final = {
    400: ("This request was not understood", "Nothing was changed. Go back and try again."),
    403: (
        "This was refused",
        (
            "The request did not come from a page of this installation, or the page had been open for too long. Nothing was changed. "
            "Go back, reload the page and try again."
        ),
    ),
    404: ("There is nothing here", "The address may be old, or what it showed was removed."),
    405: ("This address does not take such a request", "Nothing was changed."),
    413: ("This is too large", "Nothing was kept. Logs belong on the Imports page, which takes large files."),
    500: ("Something went wrong in Gnomon", "What was kept before is safe. The terminal in which Gnomon runs says more; trying again may help."),
}


def init_app(app: Flask) -> None:
    """Answer every error with a page."""
    app.register_error_handler(HTTPException, show)
    app.register_error_handler(Refused, lambda error: _page(403, str(error.description), title="This is not yours to do"))
    app.register_error_handler(CSRFError, lambda _: _page(403))
    app.register_error_handler(GnomonError, lambda error: _page(400, str(error)))


def show(error: HTTPException) -> ResponseReturnValue:
    """The page of an HTTP error; redirects and the like pass."""
    if error.response is not None or error.code is None:
        return error
    return _page(error.code)


def _page(code: int, sentence: str | None = None, *, title: str | None = None) -> ResponseReturnValue:
    usual, advice = SENTENCES.get(code, SENTENCES[500] if code >= 500 else SENTENCES[400])  # noqa: PLR2004
    if request.headers.get("Accept") == "text/plain":
        return Response(f"{usual}. {advice}" if sentence is None else sentence, status=code, mimetype="text/plain")
    inside = bool(current_user) and current_user.is_authenticated
    return render_template("error.html", title=title or usual, advice=sentence or advice, inside=inside), code
