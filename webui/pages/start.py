"""The address without a path: the client, all clients where there are several, or the form that makes the first."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from discovery import store as kept
from webui.desk import desk

blueprint = Blueprint("start", __name__)


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """To whoever is looked after."""
    clients = kept.clients(desk().store)
    if not clients:
        return redirect(url_for("welcome.firm"))
    return redirect(url_for("clients.index") if len(clients) > 1 else url_for("overview.show", slug=clients[0].slug))
