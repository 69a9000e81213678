"""Views: a page kept with its filter and order, opened again as it was, removed and put back."""

import re
from collections.abc import Callable

import pytest
from conftest import post, signed_in, text_of, token
from flask import Flask
from flask.testing import FlaskClient

from discovery import store as kept
from discovery.errors import GnomonError
from discovery.store import Store
from webui.views import queries

LIST = "/c/example/services/?status=undecided&level=High&sort=people&order=down"
VIEWS = "/c/example/views/"


@pytest.fixture
def ann(judged: Callable[..., Flask]) -> FlaskClient:
    return signed_in(judged())


def keep(ann: FlaskClient, name: str, **args: str) -> str:
    sent = {"endpoint": "services.index", "status": "undecided", "level": "High", "sort": "people", "order": "down", **args}
    return post(ann, VIEWS, form="/c/example/services/", name=name, **sent).headers["Location"]


def test_a_view_opens_as_it_was_kept(ann: FlaskClient) -> None:
    form = ann.get(LIST).text
    assert 'name="level" value="High"' in form, "the form carries what is shown"
    assert keep(ann, "  Loud  in \n Sales ", page="3", no_such="x").endswith("/services/?level=High&status=undecided&sort=people&order=down")
    listed = ann.get(VIEWS)
    assert "Loud in Sales" in text_of(listed)
    assert "Last 30 days, all teams, active use, high risk, not decided" in text_of(listed)
    assert "/c/example/services/?level=High&amp;status=undecided&amp;sort=people&amp;order=down" in listed.text
    assert "Loud in Sales" in text_of(ann.get("/c/example/people/")), "in the bar of every list"


def test_the_same_name_replaces_and_a_removed_view_comes_back(ann: FlaskClient) -> None:
    keep(ann, "Mine")
    keep(ann, "mine", level="Low")
    page = ann.get(VIEWS).text
    assert page.count("data-open") == 1
    assert "level=Low" in page
    gone = post(ann, f"{VIEWS}1/remove", form=VIEWS).headers["Location"]
    assert "“mine” is removed" in text_of(ann.get(gone))
    assert "No view is kept yet" in text_of(ann.get(VIEWS))
    post(ann, f"{VIEWS}1/put-back", form=gone)
    assert "level=Low" in ann.get(VIEWS).text


def test_only_lists_of_this_client_can_be_views(ann: FlaskClient, store: Store) -> None:
    for endpoint in ("services.show", "static", "no.such", "start.home", "reports.give"):
        assert post(ann, VIEWS, form="/c/example/services/", name="x", endpoint=endpoint).status_code == 400
    other = kept.create_client(store, "Other Ltd", zone="UTC")
    theirs = queries.save(store, other, "Theirs", "services.index", {}, by="Bob")
    secret = token(ann, "/c/example/services/")
    assert ann.post(f"{VIEWS}{theirs.id}/remove", data={"csrf_token": secret}).status_code == 404
    assert queries.views(store, other) == [theirs]
    with pytest.raises(GnomonError, match="name"):
        queries.save(store, other, " \n ", "services.index", {}, by="Bob")


def heads(page: str) -> list[str]:
    return [re.sub(r"<[^>]*>", "", head).strip() for head in re.findall(r"<th scope=.col.[^>]*>(.*?)</th>", page)]


def test_columns_are_chosen_kept_in_the_address_and_in_views_but_not_in_downloads(ann: FlaskClient) -> None:
    assert "Days" in heads(ann.get("/c/example/services/").text)
    sent = ann.get("/c/example/services/?level=High&column=name&column=people&column=vendor")
    assert sent.headers["Location"] == "/c/example/services/?level=High&columns=name.people.vendor"
    page = ann.get(sent.headers["Location"]).text
    assert [head for head in heads(page) if head] == ["Service", "People", "Vendor"]
    assert 'name="columns" value="name.people.vendor"' in page, "a view keeps them"
    orders = re.findall(r'<th[^>]*><a href="([^"]*)"', page)
    assert len(orders) == 3
    assert all("columns=name.people.vendor" in href for href in orders), "another order keeps them"
    assert keep(ann, "Short", columns="name.people.vendor").endswith("sort=people&order=down&columns=name.people.vendor")
    assert keep(ann, "Odd", columns="name..<x>").endswith("sort=people&order=down")
    assert "risk" not in ann.get("/c/example/people/?columns=use").text.partition("<tbody>")[0].partition("<thead>")[2].lower()
    everything = [ann.get(f"/c/example/services/?format=csv{more}").text.splitlines()[0] for more in ("", "&columns=name")]
    assert everything[0] == everything[1]
