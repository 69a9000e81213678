"""`gnomon bundle`: a client's observations as one signed file without names, so that raw logs never travel."""

import sys
from pathlib import Path

import click

from discovery.store import bundle, get_client, open_store
from discovery.store.bundle_file import in_groups


@click.command("bundle")
@click.argument("client")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, allow_dash=True), help="Where to; - is standard output.")
def command(client: str, output: Path) -> None:
    """What is kept of the logs of CLIENT, as one signed file with pseudonyms: no name of a person, no address of a device, no line of a log.

    Made at the client's site, and taken in elsewhere with `gnomon import CLIENT FILE`. Domains, names of log files and network ranges are in it.

    Example: gnomon bundle acme -o acme.bundle
    """
    store = open_store()
    content, fingerprint, logs = bundle(store, get_client(store, client))
    if str(output) == "-":
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        output.write_bytes(content)
    click.echo(f"{output}: {len(logs)} logs ({', '.join(logs)}), {len(content):,} bytes.", err=True)
    click.echo(f"Signed with the key {in_groups(fingerprint)}; tell it to whoever takes the bundle in, by another way.", err=True)
