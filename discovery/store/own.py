"""The client's own services and overrides, as they are kept. Usage is kept by domain, so every change is in force at once for all that is kept."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import delete, select

from discovery.catalogue import ROLES, Catalogue
from discovery.errors import GnomonError
from discovery.own_services import MEANINGS, PREFIX, Own, OwnHost, OwnService, checked_domain, merged
from discovery.store.clients import changed, slugify
from discovery.store.store import Store
from discovery.store.tables import Client, OwnHostRow, OwnServiceRow

_LONGEST_NAME: Final = 200


def own_services(store: Store, client: Client) -> Own:
    """What the client says, services by name and hosts by domain."""
    with store.read() as session:
        services = session.scalars(select(OwnServiceRow).where(OwnServiceRow.client_id == client.id).order_by(OwnServiceRow.service)).all()
        hosts = session.scalars(select(OwnHostRow).where(OwnHostRow.client_id == client.id).order_by(OwnHostRow.domain)).all()
    return Own(
        {row.service: OwnService(row.service, row.name, row.capability, row.added_at, row.added_by) for row in services},
        {row.domain: OwnHost(row.domain, row.means, row.service, row.role, row.added_at, row.added_by) for row in hosts},
    )


def catalogue_of(store: Store, client: Client, shipped: Catalogue) -> Catalogue:
    """The catalogue that a client's domains are matched with: the shipped one with the client's own word laid over it."""
    return merged(shipped, own_services(store, client))


def add_service(store: Store, client: Client, shipped: Catalogue, name: str, capability: str, hosts: Mapping[str, str], *, by: str) -> OwnService:
    """Add a service that the catalogue lacks, with all its hosts or not at all.

    Args:
        shipped: the shipped catalogue.
        name: what it is called.
        capability: what people need it for, as the catalogue codes it.
        hosts: domain -> role, at least one.
        by: who says so.

    Raises:
        GnomonError: no name, no such capability or role, no host, or a host that cannot be one.
    """
    own = own_services(store, client)
    called = _name(name)
    _capability(capability, shipped)
    domains = {checked_domain(host, shipped): _role(role) for host, role in hosts.items()}
    if not domains:
        raise GnomonError("A service needs at least one host by which it is known.")
    now = datetime.now(UTC)
    made = OwnService(_free_id(called, own), called, capability, now, by)
    with store.write(durable=True) as session:
        session.add(OwnServiceRow(client_id=client.id, service=made.id, name=called, capability=capability, added_at=now, added_by=by))
        for domain, role in domains.items():
            session.merge(_host_row(client, OwnHost(domain, "service", made.id, role, now, by)))
        changed(session, client.id, data=True)
    return made


def change_service(store: Store, client: Client, shipped: Catalogue, service: str, *, name: str | None, capability: str | None, by: str) -> None:
    """Say what a service is called or used for here; None: as the catalogue has it. Where both are None the change is taken back.

    Raises:
        GnomonError: there is no such service or capability; a service of the client's own lacks its name or capability.
    """
    own = own_services(store, client)
    known = own.services.get(service)
    if service not in shipped.services and known is None:
        raise GnomonError("There is no such service.")
    if known is not None and known.ours and not (name and capability):
        raise GnomonError("A service of your own needs a name and what it is used for.")
    called = _name(name) if name else None
    if capability is not None:
        _capability(capability, shipped)
    if called is None and capability is None:
        forget_service(store, client, service)
        return
    row = OwnServiceRow(client_id=client.id, service=service, name=called, capability=capability, added_at=datetime.now(UTC), added_by=by)
    if known is not None:
        row.added_at, row.added_by = known.added_at, known.added_by
    with store.write(durable=True) as session:
        session.merge(row)
        changed(session, client.id, data=True)


def place_host(
    store: Store, client: Client, shipped: Catalogue, domain: str, means: str, *, by: str, service: str | None = None, role: str | None = None
) -> OwnHost:
    """Say what a host is here; what was said of it before is replaced.

    Raises:
        GnomonError: it is no host, a private matter, or given to a service that there is not.
    """
    name = checked_domain(domain, shipped)
    if means not in MEANINGS:
        raise GnomonError("Please say whether the host is a service's, background, or your own site.")
    is_service = means == "service"
    if is_service and (service is None or service not in catalogue_of(store, client, shipped).services):
        raise GnomonError("There is no such service.")
    host = OwnHost(name, means, service if is_service else None, _role(role or "use") if is_service else None, datetime.now(UTC), by)
    with store.write(durable=True) as session:
        session.merge(_host_row(client, host))
        changed(session, client.id, data=True)
    return host


def forget_service(store: Store, client: Client, service: str) -> bool:
    """Take back what was said of a service, and the hosts that were given to one of the client's own. Returns whether there was anything."""
    with store.write(durable=True) as session:
        mine = delete(OwnServiceRow).where(OwnServiceRow.client_id == client.id, OwnServiceRow.service == service)
        gone = session.scalar(mine.returning(OwnServiceRow.service)) is not None
        if gone and service.startswith(PREFIX):
            session.execute(delete(OwnHostRow).where(OwnHostRow.client_id == client.id, OwnHostRow.service == service))
        changed(session, client.id, data=True)
    return gone


def forget_host(store: Store, client: Client, domain: str) -> bool:
    """Take back what was said of a host. Returns whether there was anything."""
    with store.write(durable=True) as session:
        mine = delete(OwnHostRow).where(OwnHostRow.client_id == client.id, OwnHostRow.domain == domain)
        gone = session.scalar(mine.returning(OwnHostRow.domain)) is not None
        changed(session, client.id, data=True)
    return gone


def _host_row(client: Client, host: OwnHost) -> OwnHostRow:
    said = {"means": host.means, "service": host.service, "role": host.role, "added_at": host.added_at, "added_by": host.added_by}
    return OwnHostRow(client_id=client.id, domain=host.domain, **said)


def _name(text: str) -> str:
    name = " ".join("".join(sign for sign in text if sign.isprintable()).split())[:_LONGEST_NAME]
    if not name:
        raise GnomonError("A service needs a name.")
    return name


def _capability(code: str, catalogue: Catalogue) -> None:
    if code not in catalogue.capabilities:
        raise GnomonError("Please choose what people need the service for.")


def _role(role: str) -> str:
    if role not in ROLES:
        raise GnomonError("Please choose what kind of hosts these are.")
    return role


def _free_id(name: str, own: Own) -> str:
    base = PREFIX + slugify(name)
    return next(found for number in range(1, len(own.services) + 2) if (found := base if number == 1 else f"{base}-{number}") not in own.services)
