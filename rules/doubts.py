"""What speaks against reading too much into a gap, in the sentences of `gaps.toml`."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from discovery.observations import Coverage
from rules import words
from rules.factors import toml
from rules.toolset import Tool, Toolset

if TYPE_CHECKING:
    from rules.gaps import Use


def of(
    capability: str, people: int | None, uses: "Sequence[Use]", tools: Sequence[Tool], toolset: Toolset, coverage: Coverage | None
) -> tuple[str, ...]:
    """Every doubt that applies to a need.

    Args:
        capability: its code.
        people: who has it; None: not known.
        uses: what the need is told by.
        tools: what is provided for it.
        toolset: everything the firm provides.
        coverage: how much of the firm the logs can show.
    """
    table = _table()
    said = (*_of_people(table, people), *_of_tools(table, capability, tools, toolset), *_of_services(table, uses), *_of_coverage(table, coverage))
    return tuple(words.sentence(text) for text in said)


@cache
def _table() -> Any:  # noqa: ANN401 (a table of TOML)
    return toml("gaps.toml")["doubt"]


def _of_people(table: Any, people: int | None) -> Iterator[str]:  # noqa: ANN401 (a table of TOML)
    if people is None:
        yield table["people_unknown"]
    elif people <= table["few_up_to"]:
        yield table["few"].format(people=words.people(people))


def _of_tools(table: Any, capability: str, tools: Sequence[Tool], toolset: Toolset) -> Iterator[str]:  # noqa: ANN401
    blind = [tool.name for tool in tools if not tool.services]
    if blind:
        yield table["no_trace"].format(tools=words.listed(blind))
    elsewhere = {service for tool in toolset.tools if set(tool.capabilities) - {capability} for service in tool.services}
    shared = [tool.name for tool in tools if tool.services and elsewhere.issuperset(tool.services)]
    if shared:
        yield table["shared_trace"].format(tools=words.listed(shared))


def _of_services(table: Any, uses: "Sequence[Use]") -> Iterator[str]:  # noqa: ANN401
    probable = [use.finding.name for use in uses if use.service.probably]
    if probable:
        yield table["probable"].format(services=words.listed(probable))
    if uses and uses[0].service.also:
        yield table["several_uses"].format(services=uses[0].finding.name)


def _of_coverage(table: Any, coverage: Coverage | None) -> Iterator[str]:  # noqa: ANN401
    if coverage and coverage.person_days_expected and coverage.person_days_seen is not None:
        share = coverage.person_days_seen / coverage.person_days_expected
        if share < table["thin_below"]:
            yield table["thin"].format(share=f"{share:.0%}")
