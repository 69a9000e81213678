"""The interface as an application of its own, mounted at /api/v1: no cookies, no forms, only tokens. It reads, and changes nothing.

Persons seen in logs always appear under pseudonyms here, whatever the pages show. Its description is at /api/v1/openapi.json.
"""

from collections.abc import Mapping
from functools import cached_property
from importlib.metadata import version
from typing import Any, Final

from apiflask import APIFlask, HTTPTokenAuth, abort
from flask import Flask, Response, request
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from discovery.errors import GnomonError
from discovery.store.tables import Client
from rules import export
from rules.meeting.queries import meetings as kept_meetings
from rules.queries import all_history, decisions
from webui import blocklists, guard
from webui.accounts import Brake
from webui.api import queries
from webui.api.rows import decision_row, meeting_row
from webui.api.schemas import Choice, ListKind, Rows
from webui.assessments import Assessments, Picture
from webui.desk import Desk
from webui.filters import Filter

MOUNT: Final = "/api/v1"


class Api:
    """What the routes work with. Names of people never pass: a client whose pages show them is judged anew, under pseudonyms."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.brake = Brake(tries=30, seconds=300)

    @cached_property
    def _hidden(self) -> Assessments:
        return Assessments(self.desk.store, self.desk.catalogue)

    def client(self, token: str) -> Client | None:
        """Whose token this is. Wrong ones are slowed down; a right one works whoever else tries from its address."""
        address = request.remote_addr or ""
        found = queries.client_of(self.desk.store, token) if token else None
        if found is None and self.brake.wait(address):
            abort(429, "Too many wrong tokens. Please wait a few minutes.")
        if found is None:
            self.brake.count(address)
        return found

    def picture(self, client: Client, chosen: Filter) -> Picture:
        """The judged picture, under pseudonyms."""
        shown = client.show_names
        client.show_names = False
        return (self._hidden if shown else self.desk.assessments).picture(client, chosen)

    def whole(self, picture: Picture) -> dict[str, Any]:
        """The object of the contract."""
        return export.to_json(picture.assessment, version=version("gnomon"), catalogue=self.desk.catalogue)


def mount(app: Flask, desk: Desk) -> None:
    """Put the interface beside the pages."""
    api = create_api(desk, app.config)
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {MOUNT: api.wsgi_app})  # type: ignore[method-assign]


def create_api(desk: Desk, config: Mapping[str, Any]) -> APIFlask:
    """The interface over a desk."""
    app = APIFlask("webui.api", title="Gnomon", version="1", docs_path=None, spec_path="/openapi.json")
    app.config.from_mapping(TRUSTED_HOSTS=config.get("TRUSTED_HOSTS"), MAX_CONTENT_LENGTH=0, SERVERS=[{"url": MOUNT}], TESTING=config.get("TESTING"))
    app.description = "Reads what was found of one client, with the filters of the pages. A token is made in the client's settings."
    app.before_request(guard.check_host)
    app.after_request(guard.set_headers)
    api, auth = Api(desk), HTTPTokenAuth()
    auth.verify_token(api.client)
    _routes(app, auth, api)
    return app


def _owner(auth: HTTPTokenAuth) -> Client:
    """Whose token opened the door."""
    found = auth.current_user
    assert isinstance(found, Client)  # noqa: S101 (the door lets nobody else in)
    return found


def _routes(app: APIFlask, auth: HTTPTokenAuth, api: Api) -> None:
    def rows(query: Mapping[str, Any], part: str) -> dict[str, Any]:
        client = _owner(auth)
        chosen = Filter.parse({name: str(value) for name, value in query.items()})
        picture = api.picture(client, chosen)
        made = api.whole(picture)
        found = made[part]
        if part == "findings":
            taken = {finding.service for finding in chosen.select(picture.assessment, picture.provided)}
            found = [finding for finding in found if finding["service"]["id"] in taken]
        said = chosen.sentence(api.desk.catalogue.capabilities)
        return {"client": client.slug, "shown": said, "period": {"since": picture.since, "until": picture.until}, "total": len(found), "rows": found}

    def table(path: str, part: str, text: str) -> None:
        def view(query_data: Mapping[str, Any]) -> dict[str, Any]:
            return rows(query_data, part)

        view.__name__, view.__doc__ = part, text
        app.get(path)(app.auth_required(auth)(app.input(Choice, location="query")(app.output(Rows)(view))))

    table("/services", "findings", "Services, as `gnomon scan --output json` gives findings; only the chosen ones.")
    table("/gaps", "gaps", "What people need, and what the firm provides for it.")
    table("/unknown", "unknown", "Domains that no catalogue knows.")
    table("/logs", "logs", "The account of every log: each line is an event, skipped or not understood.")

    @app.get("/assessment")
    @app.auth_required(auth)
    @app.input(Choice, location="query")
    def assessment(query_data: Mapping[str, Any]) -> dict[str, Any]:
        """Everything of a period in one object, as `gnomon report --format json` gives it."""
        chosen = Filter.parse({name: str(value) for name, value in query_data.items()})
        return api.whole(api.picture(_owner(auth), chosen))

    @app.get("/register")
    @app.auth_required(auth)
    @app.output(Rows)
    def register() -> dict[str, Any]:
        """The decisions in force."""
        client = _owner(auth)
        found = [decision_row(one) for one in decisions(api.desk.store, client).every()]
        return {"client": client.slug, "shown": "Decisions in force", "period": {"since": None, "until": None}, "total": len(found), "rows": found}

    @app.get("/meetings")
    @app.auth_required(auth)
    @app.output(Rows)
    def meetings() -> dict[str, Any]:
        """Meetings, newest first: the agenda, and the decisions of the register that were taken in each and still stand."""
        client = _owner(auth)
        history = all_history(api.desk.store, client)
        found = [meeting_row(one, history) for one in kept_meetings(api.desk.store, client)]
        return {"client": client.slug, "shown": "All meetings", "period": {"since": None, "until": None}, "total": len(found), "rows": found}

    @app.get("/blocklists/<target>")
    @app.auth_required(auth)
    @app.input(ListKind, location="query")
    def blocklist(target: str, query_data: Mapping[str, Any]) -> Response:
        """What was decided, as a list for a target, in the target's own syntax: an address that devices can fetch it from."""
        client, kind = _owner(auth), query_data["kind"]
        try:
            blocklists.find(target, kind)
        except GnomonError as error:
            abort(404, str(error))
        picture = api.picture(client, Filter(period="all"))
        found = blocklists.names(
            decisions(api.desk.store, client), api.desk.catalogue, picture.provided, target, picture.last_day, picture.firm.findings
        )
        text = blocklists.text(found, target, kind, client=client.name, day=picture.last_day)
        return Response(text, mimetype="text/plain")
