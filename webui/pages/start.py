"""The address without a path: the client, all clients where there are several, or the form that makes the first."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from webui.desk import desk
from webui.roles import may, visible_clients

blueprint = Blueprint("start", __name__)


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """To whoever is looked after."""
    clients = visible_clients(desk().store)
    if not clients and may("welcome.firm"):
        return redirect(url_for("welcome.firm"))
    return redirect(url_for("clients.index") if len(clients) != 1 else url_for("overview.show", slug=clients[0].slug))
