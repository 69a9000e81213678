"""Names that need no form, told by a compiled loop as the forms themselves tell them."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from discovery.canonical import all_forward_domains
from discovery.names import addresses_asked, domains, reverse
from tests.gate import examples

labels = st.one_of(st.text(alphabet="ab1-_A", max_size=4), st.sampled_from(["arpa", "in-addr", "10", "com", "a" * 63, "a" * 64, "xn--e1afmkfd", "é"]))
names = st.lists(labels, min_size=1, max_size=5).map(".".join)


@examples(300, derandomize=True)
@given(names=st.lists(names, min_size=1, max_size=3))
def test_what_is_said_to_need_no_form_has_it(names: list[str]) -> None:
    column = pl.Series(names)
    one_by_one = [all_forward_domains(pl.Series([name])) for name in names]
    assert all_forward_domains(column) == all(one_by_one)
    for name, forward in zip(names, one_by_one, strict=True):
        behind = pl.Series([name, "ANOTHER.example"])  # what no name beside it lets off is brought into form
        assert not all_forward_domains(behind)
        canonical = domains(behind)[0] == name and name.rpartition(".")[2][0].isalpha()
        assert forward == (canonical and addresses_asked(behind)[0] is None and reverse(behind)[0] is None)


def test_the_longest_name() -> None:
    name = ".".join(["a" * 61] * 4) + ".com"
    assert len(name) == 251
    assert all_forward_domains(pl.Series([f"a{name}", f"aa{name}"]))
    assert not all_forward_domains(pl.Series([f"aaa{name}"]))


def test_an_unknown_name_is_none() -> None:
    assert not all_forward_domains(pl.Series(["a.example", None]))
