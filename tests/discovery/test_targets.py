"""What a host is to those who ask for it."""

from collections.abc import Callable

import polars as pl
import pytest

from discovery import targets

HOSTS = pl.DataFrame(
    [
        ("app.tool.com", "service", "tool", "use"),
        ("www.tool.com", "service", "tool", "visit"),
        ("cdn.tool.com", "service", "tool", "infra"),
        ("widget.tool.com", "service", "tool", "embed"),
        ("tool.io", "service", "tool", None),
        ("news.example", "unknown", None, None),
        ("update.os", "background", None, None),
    ],
    schema=["destination_domain", "match", "service", "role"],
    orient="row",
).with_columns(
    (pl.col("destination_domain") == "app.tool.com").alias("behind"),
    pl.lit(None, pl.String).alias("registrable"),
    pl.lit(None, pl.String).alias("entry"),
)


@pytest.mark.parametrize(
    ("kind", "hosts"),
    [
        (targets.working, {"app.tool.com", "tool.io"}),
        (targets.component, {"cdn.tool.com"}),
        (targets.widget, {"widget.tool.com"}),
        (targets.page, {"app.tool.com", "www.tool.com", "tool.io", "news.example"}),
        (targets.inside, {"app.tool.com"}),
        (targets.behind, {"app.tool.com"}),
        (targets.front, {"tool.io"}),
    ],
)
def test_kinds_of_hosts(kind: Callable[[], pl.Expr], hosts: set[str]) -> None:
    assert set(HOSTS.filter(kind())["destination_domain"]) == hosts


def test_a_service_is_one_target_and_others_are_their_own() -> None:
    numbers = HOSTS.select(targets.target().alias("target"))["target"].to_list()
    assert len(set(numbers[:5])) == 1
    assert len(set(numbers)) == 3
