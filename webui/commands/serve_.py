"""`gnomon serve`: the pages and their workers."""

import click

from discovery.store import open_store
from webui.serve import run


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65535), help="TCP port.")
@click.option(
    "--insecure", is_flag=True, help="Listen without TLS on other addresses than this machine's own; what crosses the network is then readable."
)
def command(host: str, port: int, *, insecure: bool) -> None:
    """Serve the pages, and read uploaded logs in the background.

    Example: gnomon serve --port 8080
    """
    run(open_store(), host, port, insecure=insecure)
