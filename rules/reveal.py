"""For what, and for how long, a name may be seen where pages show pseudonyms: the terms of `reveal.toml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from discovery.errors import GnomonError
from rules.factors import toml


@dataclass(frozen=True, slots=True)
class Terms:
    """See `reveal.toml`; `purposes`: id -> sentence."""

    purposes: Mapping[str, str]
    shortest_reason: int
    seen_for: timedelta
    answered_within: timedelta
    settled_after: timedelta

    def check(self, purpose: str, reason: str) -> None:
        """Raises GnomonError where a request says too little."""
        if purpose not in self.purposes:
            raise GnomonError("Please choose what the name is needed for.")
        if len(reason) < self.shortest_reason:
            raise GnomonError(f"Please say in a sentence why the name is needed: {self.shortest_reason} characters at least.")


@cache
def terms() -> Terms:
    """What `reveal.toml` says."""
    said = toml("reveal.toml")
    spans = timedelta(hours=said["hours"]), timedelta(days=said["answer_days"]), timedelta(days=said["settled_days"])
    return Terms(said["purposes"], said["shortest_reason"], *spans)
