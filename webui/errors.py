"""Errors as sentences: what happened, what was kept, what to do next. Never a traceback, never a word of what was asked for."""

import logging
from typing import Final

from flask import Flask, Response, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from discovery.errors import DiskError, GnomonError, of_the_disk
from webui.roles import Refused

log = logging.getLogger(__name__)

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
    507: ("Nothing can be kept right now", "The disk of the machine that Gnomon runs on takes nothing more. Nothing was changed."),
    500: ("Something went wrong in Gnomon", "What was kept before is safe. The terminal in which Gnomon runs says more; trying again may help."),
}


def init_app(app: Flask) -> None:
    """Answer every error with a page."""
    app.register_error_handler(HTTPException, show)
    app.register_error_handler(Refused, lambda error: _page(403, str(error.description), title="This is not yours to do"))
    app.register_error_handler(CSRFError, lambda _: _page(403))
    app.register_error_handler(OSError, _of_the_system)
    app.register_error_handler(DiskError, lambda error: _page(507, str(error)))
    app.register_error_handler(GnomonError, lambda error: _page(400, str(error)))


def show(error: HTTPException) -> ResponseReturnValue:
    """The page of an HTTP error; redirects and the like pass."""
    if error.response is not None or error.code is None:
        return error
    return _page(error.code)


def _of_the_system(error: OSError) -> ResponseReturnValue:
    """A disk that takes nothing more in words; anything else is a mistake of the program."""
    said = of_the_disk(error)
    if said is None:
        raise error
    return _page(507, str(said))


def _page(code: int, sentence: str | None = None, *, title: str | None = None) -> ResponseReturnValue:
    usual, advice = SENTENCES.get(code, SENTENCES[500] if code >= 500 else SENTENCES[400])  # noqa: PLR2004
    if request.headers.get("Accept") == "text/plain":
        return Response(f"{usual}. {advice}" if sentence is None else sentence, status=code, mimetype="text/plain")
    shown = {"title": title or usual, "advice": sentence or advice}
    if current_user and current_user.is_authenticated:
        try:
            return render_template("error.html", frame="layout.html", shows_filter=False, **shown), code
        except Exception:  # what draws the rail may be what is broken
            log.exception("The page of an error could not be framed")
            g.pop("client", None)
    return render_template("error.html", frame="plain.html", **shown), code
