"""What a host's own name says about its role."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery import labels


@pytest.mark.parametrize(
    ("prefix", "above", "role"),
    [
        ("www", "use", "use"),
        ("", "use", "use"),
        ("cdn", "use", "infra"),
        ("cdn3", "use", "infra"),
        ("cdn-eu-west", "use", "infra"),
        ("eu.static", "use", "infra"),
        ("help", "use", "visit"),
        ("status", "embed", "visit"),
        ("app", "visit", "use"),
        ("app", "embed", "use"),
        ("api", "visit", "use"),
        ("api", "embed", "embed"),  # widgets call it too
        ("cdn", "embed", "embed"),
        ("js", "use", "embed"),
        ("telemetry", "use", "sync"),
        ("login", "infra", "infra"),
        ("app", "sync", "sync"),
        ("login.static", "visit", "use"),  # the leftmost decides
        ("mycdn", "use", "use"),
        ("helpful", "use", "use"),
        ("acme.app", "visit", "use"),
        ("prod-cdn", "visit", "infra"),
        ("api-js", "use", "embed"),
        ("acme-support", "use", "use"),  # a customer's own name
        ("web", "visit", "use"),
        ("chat", "embed", "embed"),  # a widget's, not a person's
        ("about", "use", "visit"),
        ("attachments", "use", "infra"),
        ("email.mg", "use", "embed"),  # pictures and links of mails
        ("links", "visit", "embed"),
        ("email", "use", "embed"),
        ("e", "use", "embed"),
        ("events", "use", "sync"),
        ("client-upgrade-r", "use", "sync"),
        ("xmpp05", "use", "sync"),
        ("ingest", "visit", "embed"),  # where pages send what they measure
        ("http-inputs-acme", "use", "embed"),
        ("hilfe", "use", "visit"),  # help, in other languages
        ("caldav", "use", "sync"),  # phones and mail programs keep asking
        ("prod-log", "use", "sync"),
        ("blog", "use", "visit"),
    ],
)
def test_the_leftmost_label_that_is_known_decides(prefix: str, above: str, role: str) -> None:
    assert labels.role(prefix, above) == role


LABELS = ["www", "cdn", "cdn2", "app", "help", "x-y", "acme", "js-eu", "eu-js", "a-b-cdn-c", "acme-help", "login", "api", "sync"]
PREFIXES = st.lists(st.sampled_from(LABELS), max_size=3).map(".".join)


@given(st.lists(st.tuples(PREFIXES, st.sampled_from(["use", "sync", "embed", "visit", "infra"])), min_size=1, max_size=8))
def test_columns_are_read_like_single_names(hosts: list[tuple[str, str]]) -> None:
    table = pl.DataFrame(hosts, schema={"prefix": pl.String(), "above": pl.String()}, orient="row")
    found = table.select(labels.roles(pl.col("prefix"), pl.col("above")))
    assert found.to_series().to_list() == [labels.role(prefix, above) for prefix, above in hosts]
