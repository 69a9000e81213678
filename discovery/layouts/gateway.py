"""Gateways that write each request as one line of CEF or LEEF: who asked whom, and how much went which way, stands under the standards' keys."""

import polars as pl

from discovery.format import Layout
from discovery.kinds.cef import Cef
from discovery.kinds.header import times
from discovery.kinds.leef import Leef


def cef(kind: Cef, **event: pl.Expr) -> Layout:
    """CEF, where `out` is what the client sent; `event` has what is not the same with all: user, site and verdict."""
    sizes = {"source_bytes": pl.col("out"), "destination_bytes": pl.col("in")}
    return Layout(name="CEF", kind=kind, clock=times("rt"), event={**_ends(), **sizes, **event})


def leef(kind: Leef, **event: pl.Expr) -> Layout:
    """The same as LEEF."""
    sizes = {"source_bytes": pl.col("srcBytes"), "destination_bytes": pl.col("dstBytes")}
    return Layout(name="LEEF", kind=kind, clock=times("devTime"), event={**_ends(), **sizes, **event})


def _ends() -> dict[str, pl.Expr]:
    return {"source_ip": pl.col("src"), "destination_ip": pl.col("dst")}
