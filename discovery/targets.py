"""What a visit goes to, and what a host is to those who ask for it: said once for all who look at time.

All are expressions over matched domains: destination_domain, match, service, role, registrable and entry.
"""

import polars as pl

from discovery import labels


def target() -> pl.Expr:
    """The number of what a visit goes to: its service, else its registrable domain, its entry, or itself."""
    return pl.coalesce("service", "registrable", "entry", "destination_domain").rank("dense").cast(pl.Int64)


def working() -> pl.Expr:
    """Whether people work with this host of a service; where roles are not known, they may."""
    return _role("use")


def component() -> pl.Expr:
    """Whether a service's own pages pull it in."""
    return _role("infra")


def widget() -> pl.Expr:
    """Whether other sites' pages pull it in."""
    return _role("embed")


def page() -> pl.Expr:
    """Whether somebody's page may begin here."""
    return pl.col("match").ne("background") & pl.col("role").fill_null("use").is_in(["use", "visit"])


def advertisement() -> pl.Expr:
    """Whether it brings advertisements: pages that people read carry them, programs that people work in do not."""
    return pl.col("cls").eq("advertising").fill_null(value=False)


def inside() -> pl.Expr:
    """Whether its name says that people sign in or work there, behind a service's public pages: "app.", "login.", "my."."""
    return working() & labels.roles(_prefix(), pl.lit("embed")).eq("use")


def behind() -> pl.Expr:
    """Whether it stands behind a service's public pages, see `behind.py`."""
    return working() & pl.col("behind")


def front() -> pl.Expr:
    """Whether people work where visitors come in, too: at the service's own name, with or without "www."."""
    return working() & _prefix().is_in(["", "www"]) & ~behind()


def _prefix() -> pl.Expr:
    return pl.col("destination_domain").str.replace(r"\.?[^.]+\.[^.]+$", "")


def _role(name: str) -> pl.Expr:
    return pl.col("match").eq("service") & pl.col("role").fill_null("use").eq(name)
