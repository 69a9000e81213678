"""Reverse DNS, only when the user asked for it: the name that the holder of an address gave it.

This is the one place that sends DNS queries about what logs hold. They go to the resolver this machine is set up with, to no other; each address
is asked for once, the busiest first, within limits of number and time. A name found so says who runs a machine, seldom what was visited.
"""

import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

import dns.exception
import dns.resolver
import dns.reversename

from discovery.errors import GnomonError

_AT_ONCE: Final = 16


@dataclass(slots=True)
class Reverse:
    """Looks up the names of addresses.

    Attributes:
        most: addresses asked for at most.
        seconds: how long all look-ups together may take.
        patience: how long one may take, in seconds.
        resolver: who is asked (default: the resolver this machine is set up with).
    """

    most: int = 2_000
    seconds: float = 60
    patience: float = 2
    resolver: dns.resolver.Resolver | None = None
    _known: dict[str, str | None] = field(default_factory=dict)

    def names(self, addresses: Iterable[str]) -> dict[str, str]:
        """Address -> name, of those that have one; addresses in the order in which they matter.

        Raises:
            GnomonError: this machine has no resolver.
        """
        wanted = list(dict.fromkeys(addresses))
        new = [address for address in wanted if address not in self._known][: max(0, self.most - len(self._known))]
        resolver, end = self._resolver(), time.monotonic() + self.seconds
        with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="reverse") as pool:
            self._known |= zip(new, pool.map(lambda address: self._name(resolver, address, end), new), strict=True)
        return {address: name for address in wanted if (name := self._known.get(address))}

    def _resolver(self) -> dns.resolver.Resolver:
        if self.resolver is None:
            try:
                self.resolver = dns.resolver.Resolver()
            except dns.exception.DNSException as error:
                raise GnomonError("Reverse DNS was asked for, but this machine has no DNS resolver set up.") from error
        return self.resolver

    def _name(self, resolver: dns.resolver.Resolver, address: str, end: float) -> str | None:
        left = end - time.monotonic()
        if left <= 0:
            return None
        try:
            answer = resolver.resolve(dns.reversename.from_address(address), "PTR", lifetime=min(self.patience, left), search=False)
        except (dns.exception.DNSException, OSError):
            return None
        return min((record.target.to_text(omit_final_dot=True).lower() for record in answer), default=None)
