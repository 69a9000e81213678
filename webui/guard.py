"""The one gate in front of every page: who may pass, from where a change may come, and what the browser may do with the answer.

Deny by default: an address that is not on the short list of public ones needs a signed-in account, whether a page exists there or not; and
what that account may do follows from its role (see roles.py).
Rules from OWASP's session and CSRF cheat sheets and ASVS 5.0 chapters 3 and 7.
"""

import time
from typing import Final
from urllib.parse import urlsplit

from flask import Flask, Response, abort, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import SecurityError

from webui import queries, roles
from webui.desk import desk
from webui.roles import SAFE

#: The only pages shown to someone who has not signed in.
PUBLIC: Final = frozenset(
    {
        "static", "access.sign_in", "access.sign_in_post", "access.health",
        "welcome.administrator", "welcome.administrator_post", "joining.show", "joining.join",
    }
)  # fmt: skip
#: What a page notes by itself; it does not count as somebody being there.
POLLS: Final = frozenset({"meetings.spent"})
#: Seconds after which a request counts as a new sign of life; spares a new cookie with every answer.
NOTICE: Final = 30

#: Nothing from elsewhere, nothing written into the page.
POLICY: Final = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def init_app(app: Flask) -> None:
    """Put the gate in front of the application."""
    app.before_request(check_host)
    app.before_request(check_origin)
    app.before_request(check_signed_in)
    app.before_request(check_role)
    app.after_request(set_headers)


def check_host() -> ResponseReturnValue | None:
    """Answer only to the names of this installation (`TRUSTED_HOSTS`): another site's name that leads here shows nothing."""
    if isinstance(request.routing_exception, SecurityError):
        return Response("This server does not go by that name.", status=400, mimetype="text/plain")
    return None


def check_origin() -> None:
    """Refuse a change that another site's page asks for.

    Browsers say where a request comes from in Sec-Fetch-Site; over plain http in a LAN they only send Origin. Without both it is no browser,
    and the token of the form still decides.
    """
    if request.method in SAFE:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in {"same-origin", "none"}:
            abort(403)
        return
    origin = request.headers.get("Origin")
    if origin is not None and not _same_origin(origin):
        abort(403)


def _same_origin(origin: str) -> bool:
    parts = urlsplit(origin)
    return (parts.scheme, parts.netloc) == (request.scheme, request.host)


def check_signed_in() -> ResponseReturnValue | None:
    """Let nobody pass who has not signed in, except to the public pages."""
    if request.endpoint in PUBLIC:
        return None
    if current_user.is_authenticated:
        if not _is_poll() and time.time() - session.get("seen", 0) > NOTICE:
            session["seen"] = time.time()
        return None
    if not queries.count_accounts(desk().store):
        return redirect(url_for("welcome.administrator"))
    wanted = request.full_path.rstrip("?") if request.method == "GET" and request.endpoint else None
    target = url_for("access.sign_in", next=wanted if wanted not in {None, "/"} else None)
    if request.headers.get("HX-Request"):
        return Response(status=204, headers={"HX-Redirect": target})
    return redirect(target, code=303)


def _is_poll() -> bool:
    """Whether the page made this request by itself: htmx only fetches again what is being worked on."""
    return request.endpoint in POLLS or (request.method == "GET" and "HX-Request" in request.headers)


def check_role() -> None:
    """Refuse what the role of the account does not allow, whether the client in the address exists or not."""
    if request.endpoint and request.endpoint not in PUBLIC:
        roles.check(request.endpoint)


def set_headers(response: Response) -> Response:
    """What the browser may do with this answer. Pages hold evidence about people: nobody keeps a copy but the reader."""
    response.headers.update(HEADERS)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint == "static" and "v" in request.args and response.status_code == 200:  # noqa: PLR2004
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        response.headers["Cache-Control"] = "no-store"
    return response


def safe_next(target: str | None) -> str:
    """Where to go after signing in: a path of this site, else the start page."""
    if target and target.startswith("/") and not target.startswith(("//", "/\\")) and not urlsplit(target).netloc and "\\" not in target:
        return target
    return url_for("start.home")
