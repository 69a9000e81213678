"""Tables sort and turn pages on the server, quickly and without losing a row."""

import time

from hypothesis import given
from hypothesis import strategies as st

from webui.listing import PER_PAGE, Column, arrange, choose

Row = tuple[int | None, int]
COLUMNS: dict[str, Column[Row]] = {"n": Column("Number", lambda row: row[0], largest_first=True), "id": Column("Id", lambda row: row[1])}


@given(st.lists(st.none() | st.integers(0, 9), max_size=180), st.sampled_from(["up", "down", "x"]), st.sampled_from(["n", "id", "nonsense"]))
def test_every_row_is_on_exactly_one_page(values: list[int | None], order: str, sort: str) -> None:
    rows = [(value, at) for at, value in enumerate(values)]
    seen: list[tuple[int | None, int]] = []
    pages = arrange(rows, COLUMNS, {}, default="n").pages
    for page in range(1, pages + 1):
        seen += arrange(rows, COLUMNS, {"page": str(page), "order": order, "sort": sort}, default="n").rows
    assert sorted(seen, key=lambda row: row[1]) == rows
    if sort != "id":
        known = [row[0] for row in seen if row[0] is not None]
        assert known == sorted(known, reverse=order != "up")
        assert all(row[0] is None for row in seen[len(known) :]), "what is not known comes last"


@given(st.text(max_size=12))
def test_a_nonsense_page_is_the_first_or_the_last(page: str) -> None:
    shown = arrange([(n, n) for n in range(120)], COLUMNS, {"page": page}, default="n")
    assert 1 <= shown.page <= shown.pages == 3


def test_a_hundred_thousand_rows_stay_quick() -> None:
    rows = [(n * 7919 % 100_003, n) for n in range(100_000)]
    began = time.process_time()
    assert len(arrange(rows, COLUMNS, {"page": "1000"}, default="n").rows) == PER_PAGE
    assert time.process_time() - began < 3  # 40 ms on an idle machine


WIDE: dict[str, Column[Row]] = {
    "id": Column("Id", fixed=True),
    "n": Column("Number"),
    "more": Column("More", extra=True),
    "rank": Column("", lambda row: row[1]),
}


@given(st.lists(st.sampled_from([*WIDE, "nonsense", ""]), max_size=6))
def test_chosen_columns_are_seen_fixed_ones_always_and_nonsense_never(names: list[str]) -> None:
    shown = choose(WIDE, {"columns": ".".join(names)})
    meant = {*names} & WIDE.keys()
    assert shown.chosen == ({*meant, "id"} if meant else {"id", "n"})
    assert shown.usual == (shown.chosen == {"id", "n"})
    assert list(shown.choices) == ["n", "more"]


def test_a_column_without_order_does_not_sort() -> None:
    assert arrange([(1, 2)], WIDE, {"sort": "n"}, default="rank").sort == "rank"
