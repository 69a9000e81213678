"""`gnomon user`: who may sign in. Works on the store itself, so that it also helps where nobody can sign in any more."""

from datetime import UTC, datetime

import click

from discovery.store import Store, clients, get_client, open_store
from webui.accounts import AT_MOST
from webui.commands.asking import asked
from webui.roles import ADMINISTRATOR, ROLES
from webui.users import queries

role_choice = click.Choice(tuple(ROLES))
client_option = click.option("--client", "slugs", multiple=True, metavar="CLIENT", help="Only this client; may be repeated. Else: every client.")


@click.group("user")
def command() -> None:
    """Who may sign in, what they may, and which clients they see.

    A password is asked for, or read from standard input; it is never an argument. Example: gnomon user password "Ada Example"
    """


@command.command("add")
@click.argument("name")
@click.option("--role", type=role_choice, default=ADMINISTRATOR, show_default=True, help="What the user may.")
@client_option
def add(name: str, role: str, slugs: tuple[str, ...]) -> None:
    """Add a user with a password.

    Example: gnomon user add "Ada Example" --role analyst --client example-co
    """
    store = open_store()
    queries.add(store, name, asked("Password", new=True), role, _numbers(store, slugs))
    click.echo(f"{name} can sign in.", err=True)


@command.command("list")
def listed() -> None:
    """Name, role and clients of every user."""
    store = open_store()
    slugs = {client.id: client.slug for client in clients(store)}
    found = queries.users(store, not_before=datetime.now(UTC) - AT_MOST)
    if not found:
        click.echo("Nobody can sign in yet. The first user is made on the pages (gnomon serve), or by gnomon user add NAME.", err=True)
    for user in found:
        sees = "all clients" if user.clients is None else ", ".join(sorted(slugs[one] for one in user.clients)) or "no client"
        click.echo(f"{user.name}  {user.role}  {sees}{'  (no password yet)' if user.waits else ''}")


@command.command("password")
@click.argument("name")
def password(name: str) -> None:
    """Give a user a new password; every sign-in of the user ends."""
    store = open_store()
    queries.number_of(store, name)  # before anything is asked
    queries.change_password(store, name, asked("Password", new=True))
    click.echo(f"{name} signs in with the new password from now on.", err=True)


@command.command("role")
@click.argument("name")
@click.argument("role", type=role_choice)
@click.option("--client", "slugs", multiple=True, metavar="CLIENT", help="Only this client; may be repeated. Else: the clients stay as they are.")
@click.option("--all-clients", is_flag=True, help="Every client, also those to come.")
def role(name: str, role: str, slugs: tuple[str, ...], *, all_clients: bool) -> None:
    """Give a user another role, and other clients where they are named.

    Example: gnomon user role "Ada Example" viewer --client example-co
    """
    if slugs and all_clients:
        raise click.UsageError("Either --client or --all-clients.")
    store = open_store()
    number = queries.number_of(store, name)
    queries.change(store, number, role, None if all_clients else _numbers(store, slugs) or _present(store, number))
    click.echo(f"{name} is {role} now.", err=True)


@command.command("remove")
@click.argument("name")
@click.option("--keep-tokens", is_flag=True, help="Programs go on with the tokens that the user made and may know.")
def remove(name: str, *, keep_tokens: bool) -> None:
    """Remove a user with the tokens the user made; what else the user did stays under the name."""
    store = open_store()
    queries.remove(store, queries.number_of(store, name), keep_tokens=keep_tokens)
    click.echo(f"{name} can no longer sign in.", err=True)


def _numbers(store: Store, slugs: tuple[str, ...]) -> list[int] | None:
    return [get_client(store, slug).id for slug in slugs] or None


def _present(store: Store, number: int) -> frozenset[int] | None:
    found = queries.get_user(store, number, not_before=datetime.now(UTC))
    return found.clients if found else frozenset()
