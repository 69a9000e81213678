"""What somebody may ask for who wants to know what is held about them: one download, for administrators to hand over."""

from datetime import UTC, datetime

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue
from flask_login import current_user

from discovery.store.held import held
from webui import crowd
from webui import held as everything
from webui.desk import client, desk
from webui.filters import Filter
from webui.reveals import queries as reveals
from webui.roles import ADMINISTRATOR, allow

blueprint = Blueprint("held", __name__, url_prefix="/c/<slug>/people/<member_id>/held")


@blueprint.get("/")
@allow(ADMINISTRATOR)
def file(slug: str, member_id: str) -> ResponseReturnValue:
    """Everything, as data and as a page to read, whatever period the pages show."""
    picture = desk().assessments.picture(client(), Filter(period="all"))
    member = crowd.find(picture.firm.findings, member_id)
    kept = held(desk().store, client(), desk().catalogue, member.name) if member and member.kind == crowd.PERSON else None
    if member is None or kept is None:
        abort(404)
    about = everything.Subject(client(), kept, member.team, member.uses, reveals.may_see(desk().store, client(), member.name, current_user.name))
    told = everything.content(desk().store, desk().catalogue, about, datetime.now(UTC))
    name = f"{slug}-everything-held-{member.id}.zip"
    return Response(everything.files(told), mimetype="application/zip", headers={"Content-Disposition": f'attachment; filename="{name}"'})
