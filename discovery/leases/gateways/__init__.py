"""Notices of gateways and wireless controllers that a device was given an address, among their events: each maker's sentences are a module here.

Where a log holds requests as well it is that of the device, and these lines are read beside them (see `discovery.leases.beside`). A module
with a `CARRIER` is one; nothing else needs an edit.
"""

import importlib
import pkgutil

from discovery.leases.base import LeaseFormat

_MAKERS = [importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]

FORMAT = LeaseFormat(
    id="gateway-leases",
    title="DHCP notices of a gateway or controller",
    carriers=tuple(maker.CARRIER for maker in _MAKERS),
)
