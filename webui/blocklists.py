"""A client's block list for one target, from what its register and its logs hold; for pages and commands alike."""

from collections.abc import Iterable
from datetime import date

from discovery.catalogue import Catalogue
from discovery.errors import GnomonError
from discovery.matching import matcher
from rules.blocking import Lists, lists
from rules.factors import toml
from rules.findings import Finding
from rules.register import Register
from webui.exports import targets
from webui.exports.base import Sheet


def find(target: str, kind: str) -> None:
    """Check a target and a kind of list.

    Raises:
        GnomonError: there is no such target, or it takes no allow list.
    """
    if target not in targets():
        raise GnomonError(f"There is no target “{target}”. It can be: {', '.join(targets())}.")
    if kind == "allow" and not targets()[target].meaning.allows:
        raise GnomonError(f"{targets()[target].meaning.title} takes no allow list.")


def names(register: Register, catalogue: Catalogue, provided: Iterable[str], target: str, day: date | None, findings: Iterable[Finding]) -> Lists:
    """What the lists for a target hold."""
    roles, known = toml("whatif.toml")["roles"]["blocked"], matcher(catalogue)
    unwanted = {one.service for one in register.every() if one.status == "not_approved"}
    seen = {
        finding.service: [one.domain for one in finding.evidence if one.role in roles and known.match(one.domain).service == finding.service]
        for finding in findings
        if finding.service in unwanted
    }
    return lists(register, catalogue, provided, targets()[target].meaning.matches, day, seen)


def text(found: Lists, target: str, kind: str, *, client: str, day: date | None) -> str:
    """The file for a target."""
    return targets()[target].text(Sheet(kind, found.allowed if kind == "allow" else found.blocked, client, day))
