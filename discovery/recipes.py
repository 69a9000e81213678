"""How to get a useful log out of each product: where to switch it on, how to export it, what it leaves out. Data, in `data/recipes/*.toml`.

A table for each format, in whichever file fits. All values are sentences for people: this is help, never judged and never executed.
"""

import tomllib
from dataclasses import asdict, dataclass, fields
from functools import cache
from typing import Final

from discovery import shipped
from discovery.errors import GnomonError

#: What the parts of a recipe are called.
HEADINGS: Final = {
    "switch_on": "Switch it on",
    "export": "Get it out",
    "keeps": "How long it is kept",
    "leaves_out": "What it leaves out",
    "names": "So that it names sites",
    "more": "To see more",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How to get a useful log of one format.

    Attributes:
        switch_on: where, in the product's own menus or commands.
        export: how the log comes out of it.
        keeps: how long the product keeps it.
        leaves_out: what it never says.
        more: what to switch on beside it.
        names: what to switch on so that it names sites; None where such a log always does, or names nobody's sites.
    """

    switch_on: str
    export: str
    keeps: str
    leaves_out: str
    more: str
    names: str | None = None

    def as_row(self) -> dict[str, str | None]:
        """Its parts by name."""
        return asdict(self)

    def steps(self) -> dict[str, str]:
        """Heading -> sentence, in the order of reading."""
        return {heading: text for part, heading in HEADINGS.items() if (text := self.as_row()[part])}


def recipe(format_id: str) -> Recipe | None:
    """The recipe of a format, None where there is none (a format of a client's own)."""
    return recipes().get(format_id)


@cache
def recipes() -> dict[str, Recipe]:
    """Format id -> recipe.

    Raises:
        GnomonError: a shipped file is damaged; the text names file and table.
    """
    found: dict[str, Recipe] = {}
    for path in sorted(shipped.path("recipes").glob("*.toml")):
        for format_id, table in tomllib.loads(path.read_text(encoding="utf-8")).items():
            wrong = set(table) ^ {field.name for field in fields(Recipe)} - ({"names"} - set(table))
            if wrong or format_id in found:
                raise GnomonError(f"{path.name}: [{format_id}] stands twice, or has too many or too few keys: {', '.join(sorted(wrong))}.")
            found[format_id] = Recipe(**table)
    return found
