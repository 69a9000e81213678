"""The address without a path: the first client, or the form that makes one."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from discovery import store as kept
from webui.desk import desk

blueprint = Blueprint("start", __name__)


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """To the first client."""
    clients = kept.clients(desk().store)
    if not clients:
        return redirect(url_for("welcome.firm"))
    return redirect(url_for("overview.show", slug=clients[0].slug))
