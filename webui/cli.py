"""The command `gnomon`. Results go to standard output, everything said to people while work is done goes to standard error."""

import atexit
import gc
import importlib
import os
import sys

import click

from discovery import memory
from discovery.errors import GnomonError, NoRoom, of_the_disk

#: Command -> module in `webui.commands` and what it does.
COMMANDS = {
    "demo": "Build the sample firm, show its top findings and open its pages.",
    "scan": "Logs in, findings out; nothing is kept.",
    "parse": "The events of a log, one JSON object a line.",
    "identify": "Which format a log has, how sure, and why not the next best.",
    "formats": "Every log format that can be read, and how to get such a log.",
    "redact": "A shareable sample of a log: same shape, invented names.",
    "explain": "What a host is: service, role, facts and risk.",
    "unknown": "A client's domains that no catalogue knows, sorted out.",
    "catalogue": "Counts, check and search of the catalogue of services.",
    "import": "Take logs into a client's store, exactly once.",
    "report": "Reports for people, and a client's findings for programs.",
    "blocklist": "What was decided, as a list for a firewall, proxy, DNS server or browser.",
    "bundle": "A client's observations as one signed file without names, made at its site.",
    "review": "Prepare each client's changes, reports and to-do list in one run.",
    "backup": "Everything of this installation as one file, the keys sealed by a passphrase.",
    "restore": "Fill an empty installation from a backup.",
    "client": "Create, list or remove clients.",
    "user": "Who may sign in; also for administrators who cannot any more.",
    "serve": "The pages and their workers.",
}


#: Objects made until garbage is looked for. What a command makes it mostly needs until its end; looking for garbage among it, and once more at the
#: end, would cost a tenth of a scan.
_OBJECTS = 1_000_000


class _SeenEnough(Exception):
    """The reader of a pipe, such as `head`, wants no more."""


class _Lazy(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"webui.commands.{cmd_name}_")
        command = module.command
        assert isinstance(command, click.Command)  # noqa: S101
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # which click would take for a failure
            raise _SeenEnough from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="gnomon", prog_name="gnomon")
def gnomon() -> None:
    """Reads the free online services that people use out of network logs, and says what they mean.

    Example: gnomon scan access.log
    """


def main() -> None:
    """Run the command; 0 done, 2 the caller's mistake with one sentence, 1 anything else."""
    memory.share_freed()
    gc.set_threshold(_OBJECTS)
    atexit.register(gc.freeze)
    try:
        gnomon(prog_name="gnomon", standalone_mode=False)
    except GnomonError as error:
        click.echo(f"gnomon: {error}", err=True)
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(1)
    except (_SeenEnough, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what is written at the end of the process
        sys.exit(0)
    except OSError as error:
        said: GnomonError | None = of_the_disk(error)
        if error.filename is not None and not isinstance(said, NoRoom):
            said = GnomonError(f"{error.filename}: cannot be opened or written ({error.strerror}).")
        if said is None:
            raise
        click.echo(f"gnomon: {said}", err=True)
        sys.exit(2)
