"""`gnomon serve`: the pages and their worker in one process, on loopback unless told what is given up (decision 26)."""

import ipaddress
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Thread
from typing import Any, Final

from flask import Flask
from waitress.server import BaseWSGIServer  # type: ignore[import-untyped]

from discovery import store as kept
from discovery.errors import GnomonError
from discovery.store import Store
from discovery.store.locks import Busy, at_work
from webui import bodies, uploads
from webui.app import LOOPBACK, create_app
from webui.desk import Desk
from webui.firstrun import first_run_token

#: The lock of the server, among those of imports, whose numbers begin with 1.
SERVING: Final = 0
#: Clients that are judged before anybody asks.
WARM: Final = 4


def run(store: Store, host: str = "127.0.0.1", port: int = 8080, *, insecure: bool = False) -> None:
    """Serve until interrupted.

    Args:
        store: what is served.
        host: address to listen on. Other than loopback needs TLS: either a proxy in front (environment variable GNOMON_TRUSTED_PROXY, its
            address), or `insecure`.
        port: TCP port.
        insecure: listen without TLS on other addresses, too: passwords and evidence then cross the network readable.

    Raises GnomonError where the address would be open to others without protection or is taken, and where this folder is served already.
    """
    proxy = os.environ.get("GNOMON_TRUSTED_PROXY")
    check_address(host, proxy=proxy, insecure=insecure)
    with serving(store):
        app = create_app(store, settings(host, proxy))
        server = listening(app, host, port, proxy)
        found: Desk = app.extensions["gnomon"]
        found.start()
        Thread(target=warm_up, args=(found,), name="warm-up", daemon=True).start()
        try:
            announce(store, host, port)
            server.run()
        finally:
            found.stop()


@contextmanager
def serving(store: Store) -> Iterator[None]:
    """Hold the folder: a second server over it would take uploads on their way for left behind, and imports at work for interrupted."""
    with ExitStack() as held:
        try:
            held.enter_context(at_work(store.locks, SERVING))
        except Busy:
            raise GnomonError(f"Gnomon is being served from {store.folder} already. Stop that one first, or use its pages.") from None
        yield


def listening(app: Flask, host: str, port: int, proxy: str | None) -> BaseWSGIServer:
    """A server that has its address. Raises GnomonError where it cannot have it."""
    try:
        return bodies.server(app, host=host, port=port, **server_settings(proxy))
    except OSError as error:
        raise GnomonError(f"{host} cannot be listened on at port {port}: {(error.strerror or str(error)).lower()}. Try another --port.") from error


def warm_up(desk: Desk) -> None:
    """Judge the clients whose pages are likely to be asked for first."""
    for client in kept.clients(desk.store)[:WARM]:
        desk.warm_up(client)


def check_address(host: str, *, proxy: str | None, insecure: bool) -> None:
    """Refuse to listen where others can hear, unless a proxy adds TLS or the user says so."""
    if is_loopback(host) or proxy or insecure:
        return
    raise GnomonError(
        f"{host} can be reached by others, and this connection is not encrypted: "
        "passwords and evidence about people would cross the network readable. "
        "Put a proxy with TLS in front and name its address in GNOMON_TRUSTED_PROXY, or add --insecure if you accept that.",
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def settings(host: str, proxy: str | None) -> dict[str, Any]:
    """Flask settings for an address: which host names are answered, and whether cookies need TLS."""
    named = [name.strip() for name in os.environ.get("GNOMON_HOSTS", "").split(",") if name.strip()]
    own = [] if host in {"", "0.0.0.0", "::"} else [host]  # noqa: S104 (compared, not bound)
    names = named or [*own, socket.gethostname(), socket.getfqdn()]
    return {"TRUSTED_HOSTS": [*LOOPBACK, *names], "SESSION_COOKIE_SECURE": bool(proxy)}


def server_settings(proxy: str | None) -> dict[str, Any]:
    """Waitress settings: eight threads, uploads as large as allowed, and only the named proxy is believed."""
    made: dict[str, Any] = {"threads": 8, "max_request_body_size": uploads.limit(), "ident": None, "clear_untrusted_proxy_headers": True}
    if proxy:
        made |= {
            "trusted_proxy": proxy,
            "trusted_proxy_count": 1,
            "trusted_proxy_headers": {f"x-forwarded-{name}" for name in ("proto", "host", "for")},
        }
    return made


def announce(store: Store, host: str, port: int) -> None:
    """Say on standard error where the pages are, and the start code where nobody has signed in yet."""
    shown = f"[{host}]" if ":" in host else host
    print(f"Gnomon is at http://{shown}:{port}/ (stop it with Ctrl+C).", file=sys.stderr)  # noqa: T201 (this is what the terminal is for)
    token = first_run_token(store)
    if token:
        print(f"Start code for the first administrator: {token}", file=sys.stderr)  # noqa: T201
        print(f"Begin here: http://{shown}:{port}/welcome?token={token}", file=sys.stderr)  # noqa: T201
