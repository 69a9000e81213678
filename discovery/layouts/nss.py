"""What the feeds of Zscaler's Nanolog Streaming Service have in common."""

import polars as pl


def user(name: pl.Expr, *places: str) -> pl.Expr:
    """The user; of a place without sign-in, the log names the place."""
    who = name.str.replace_all("(?i)%40", "@")
    return pl.when(~who.str.contains("->", literal=True) & pl.all_horizontal(who.ne_missing(pl.col(place)) for place in places)).then(who)
