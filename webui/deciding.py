"""Decisions as forms hold them: one on a service, one on many at once, and the last one taken back."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from flask import request
from flask_login import current_user

from discovery.errors import GnomonError
from rules import queries
from rules.findings import Finding
from rules.register import ACCOUNTS, ANY, Snapshot, snapshot
from webui import words
from webui.desk import client, desk
from webui.helpers import picture

TEXT_LENGTH: Final = 2000


def decide(service: str) -> str:
    """Record the decision of the form on one service; returns the sentence that says so. Raises GnomonError where something is missing."""
    _record([service])
    return f"{words.STATUSES[request.form['status']]}. The decision is in the register."


def decide_many(findings: Sequence[Finding]) -> str:
    """Record the decision of the form on several services."""
    if not findings:
        raise GnomonError("Please choose services and a decision.")
    _record([finding.service for finding in findings])
    named = words.listed([finding.name for finding in findings])
    return f"{words.STATUSES[request.form['status']]}: {named}. Each can be undone on its page and in the register."


def undo(service: str) -> str:
    """Take the last decision on a service back."""
    taken = queries.undo(desk().store, client(), service, undone_by=current_user.name)
    return f"“{words.STATUSES[taken.status]}” is taken back. The register shows every step."


def said(name: str) -> str:
    """A text of the form, without what cannot be seen."""
    return "".join(sign for sign in request.form.get(name, "") if sign.isprintable() or sign == "\n").strip()[:TEXT_LENGTH]


def _record(services: Iterable[str]) -> None:
    status, account, until = request.form.get("status", ""), request.form.get("account", ANY), day_of("review_by")
    if status not in words.STATUSES or account not in ACCOUNTS:
        raise GnomonError("Please choose a decision.")
    if status == "tolerated" and until is None:
        raise GnomonError("Tolerated until when? Please give the last day.")
    texts = {name: said(name) for name in ("owner", "reason", "conditions", "data_held")}
    for service in services:
        found = known(service)
        queries.decide(
            desk().store,
            client(),
            service,
            status,
            decided_by=current_user.name,
            account=account,
            review_by=until,
            snapshot=found,
            owner=texts["owner"],
            reason=texts["reason"],
            conditions=texts["conditions"],
            data_held=texts["data_held"],
        )


def known(service: str) -> Snapshot | None:
    """What is known of a service in the period that is shown."""
    firm = picture().firm
    finding = firm.finding(service)
    if finding is None:
        return None
    whole = firm.coverage.people_expected or firm.coverage.people_seen
    return snapshot(finding, whole=whole, since=firm.since, until=firm.until, catalogue=desk().catalogue.version, rules=firm.rules_in_force)


def day_of(name: str) -> date | None:
    """A day of the form; None: none is given."""
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        return None


def number_in(name: str) -> float | None:
    """A number of the form; None where it is left empty. Raises GnomonError where it is none."""
    value = request.form.get(name, "").strip()
    try:
        return float(value.replace(",", ".").replace("\N{MINUS SIGN}", "-")) if value else None
    except ValueError:
        raise GnomonError("The value is a number.") from None


def service_named(name: str) -> str:
    """The id of a service that is named by id or by name. Raises GnomonError where there is none, or more than one."""
    services = desk().catalogue.services
    if name in services:
        return name
    exact = [service for service in desk().catalogue.search(name)[:20] if service.name.casefold() == name.strip().casefold()]
    if len(exact) != 1:
        raise GnomonError(f"The catalogue has no service “{name}”.")
    return exact[0].id
