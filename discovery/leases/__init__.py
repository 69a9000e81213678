"""Which device had which address when: lease files and logs of DHCP servers, one module each. A module here with a `FORMAT` is one."""

import importlib
import pkgutil
from functools import cache

import polars as pl

from discovery.leases.base import BEGIN, LEASES, Found, LeaseFormat, account

__all__ = ["BEGIN", "LEASES", "Found", "LeaseFormat", "account", "lease_formats", "none", "recognise"]


@cache
def lease_formats() -> dict[str, LeaseFormat]:
    """Every lease format by its id, generic ones last."""
    modules = [importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
    known = [module.FORMAT for module in modules if hasattr(module, "FORMAT")]
    return {one.id: one for one in sorted(known, key=lambda one: one.generic)}


def none() -> pl.DataFrame:
    """No leases."""
    return pl.DataFrame(schema=LEASES)


def recognise(head: bytes, format_id: str | None = None) -> LeaseFormat | None:
    """The lease format of a file that begins so, else None."""
    if format_id is not None:
        return lease_formats().get(format_id)
    return next((known for known in lease_formats().values() if known.carrier(head)), None)
