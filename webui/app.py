"""The application: one factory that puts gate, pages and store together."""

from collections.abc import Mapping
from typing import Any, Final

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from discovery.store import Store, home, open_store
from webui import accounts, assets, errors, guard, helpers, pages, uploads
from webui.api import app as api
from webui.assets import App
from webui.desk import Desk
from webui.secret import secret_key

#: Bodies larger than this are refused everywhere but where logs are uploaded.
SMALL: Final = 2 * 1024 * 1024
LOOPBACK: Final = ("localhost", "127.0.0.1", "[::1]")


def create_app(store: Store | None = None, config: Mapping[str, Any] | None = None) -> Flask:
    """The web application over a store (the installation's own where none is given); `config` overrides Flask's settings."""
    app = App(__name__)
    app.config.from_mapping(
        SESSION_COOKIE_NAME="gnomon",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=False,
        PERMANENT_SESSION_LIFETIME=accounts.AT_MOST,
        MAX_CONTENT_LENGTH=SMALL,
        MAX_FORM_MEMORY_SIZE=256 * 1024,
        MAX_FORM_PARTS=100,
        UPLOAD_LIMIT=uploads.limit(),
        TRUSTED_HOSTS=list(LOOPBACK),
        WTF_CSRF_TIME_LIMIT=None,  # as long as the sign-in
        WTF_CSRF_HEADERS=["X-CSRFToken"],
    )
    app.config.from_mapping(config or {})
    store = store or open_store()
    app.secret_key = app.secret_key or secret_key(home())
    if app.config["SESSION_COOKIE_SECURE"]:
        app.config["SESSION_COOKIE_NAME"] = "__Host-gnomon"
    app.extensions["gnomon"] = Desk(store, accounts.init_app(app, store))
    guard.init_app(app)
    uploads.init_app(app)
    CSRFProtect(app)
    errors.init_app(app)
    assets.init_app(app)
    helpers.init_app(app)
    pages.init_app(app)
    api.mount(app, app.extensions["gnomon"])
    return app
