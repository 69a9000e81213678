"""Secrets that commands need: asked for in a terminal, else a line of standard input; never an argument, which others could see."""

import sys

import click

from discovery.errors import GnomonError


def asked(what: str, *, new: bool) -> str:
    """A secret such as "Passphrase"; a new one is asked for twice."""
    if sys.stdin.isatty():
        given: str = click.prompt(what, hide_input=True, confirmation_prompt=new, err=True)
        return given
    given = sys.stdin.readline().rstrip("\r\n")
    if not given:
        raise GnomonError(f"No {what.lower()} was given on standard input.")
    return given
