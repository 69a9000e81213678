"""Addresses that somebody typed, or kept from a time that never was: a page that says so, never a failure."""

import re
from collections.abc import Callable

import pytest
from conftest import signed_in, token
from flask import Flask
from flask.testing import FlaskClient

HUGE = "9" * 30
FAR = "since=0001-01-01&until=9999-12-31"


@pytest.mark.parametrize("path", ["meetings/{}/", "meetings/{}/minutes", "reports/prepared/{}", "imports/{}/remove"])
def test_no_page_has_a_number_that_no_row_can_have(browser: FlaskClient, path: str) -> None:
    for number in (HUGE, "77"):
        assert browser.get(f"/c/example/{path.format(number)}").status_code == 404


@pytest.mark.parametrize("path", ["meetings/{}/needs/chat/spent", "views/{}/remove", "reports/prepared/{}/give-up"])
def test_nothing_is_done_to_such_a_row(browser: FlaskClient, path: str) -> None:
    secret = token(browser, "/c/example/settings/")
    assert browser.post(f"/c/example/{path.format(HUGE)}", data={"csrf_token": secret}).status_code == 404


@pytest.mark.parametrize("path", [f"services/?{FAR}", f"devices/?{FAR}", f"compare/?a_{FAR.replace('&', '&a_')}", f"views/?removed={HUGE}"])
def test_days_and_numbers_out_of_all_bounds_are_the_usual_ones(browser: FlaskClient, path: str) -> None:
    assert browser.get(f"/c/example/{path}").status_code == 200


def test_arguments_with_names_of_the_house_change_no_address(judged: Callable[..., Flask]) -> None:
    page = signed_in(judged()).get("/c/example/services/?slug=x&endpoint=y&_external=1&_anchor=z&_method=POST&sort=people")
    assert page.status_code == 200
    orders = re.findall(r'<th[^>]*><a href="([^"]*)"', page.text)
    assert orders
    assert all(re.fullmatch(r"/c/example/services/\?sort=\w+&amp;order=\w+", href) for href in orders)
