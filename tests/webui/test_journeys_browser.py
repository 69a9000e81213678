"""The journeys of everyday work in a real browser, one after the other in one small firm: each leaves the others their own services."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import screenshots
import small_firm
from conftest import NAME, PASSWORD, with_client
from playwright.sync_api import Browser, Locator, Page, expect
from test_browser import chrome, serving, visitor  # noqa: F401 (fixture)
from test_reports import reader  # noqa: F401 (fixture)

from discovery import store as kept

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("journeys")]


@pytest.fixture(scope="module")
def address(new_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The small firm, served as `gnomon serve` serves it, to all tests of this module."""
    folder = tmp_path_factory.mktemp("journeys")
    shutil.copytree(new_home, folder / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GNOMON_HOME", str(folder / "home"))
        patch.delenv("GNOMON_DATABASE", raising=False)
        app = with_client(store := kept.open_store())
        small_firm.settle(app.extensions["gnomon"], folder)
        with serving(app) as url:
            yield url
        store.engine.dispose()


@pytest.fixture(scope="module")
def ada(chrome: Browser, address: str) -> Iterator[Page]:  # noqa: F811
    """The administrator, signed in once; every test begins on a page of its own choice."""
    with visitor(chrome) as page:
        screenshots.sign_in(page, address, NAME, PASSWORD)
        yield page


def to(page: Page, name: str) -> None:
    """By the rail, as everybody goes."""
    page.locator("#rail").get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def said(page: Page) -> Locator:
    """What the page answers to what was done."""
    return page.get_by_role("status").first


def test_a_gap_becomes_an_item_that_is_moved_and_ticked_off(ada: Page, address: str) -> None:
    ada.goto(f"{address}/c/example/")
    to(ada, "Gaps & roadmap")
    gap = ada.get_by_role("article", name="Send files too big for mail")
    expect(gap).to_contain_text("3 of 41 people")
    gap.locator("p", has_text="On the roadmap").get_by_role("link").click()

    ada.get_by_label("Title").fill("WeTransfer for everybody")
    ada.get_by_label("Quarter").select_option(label="Q2 2027")
    ada.get_by_label("Owner").fill("Cy")
    ada.get_by_role("button", name="Keep", exact=True).click()
    expect(ada.get_by_role("region", name="Q2 2027").get_by_role("article")).to_contain_text(["WeTransfer for everybody"])

    item = ada.get_by_role("article").filter(has_text="WeTransfer for everybody")
    item.get_by_label("Change “WeTransfer for everybody”").click()
    item.get_by_label("State").select_option("done")
    item.get_by_role("button", name="Keep").click()
    expect(item).to_contain_text("Done")
    expect(item).to_contain_text("Cy")
    item.get_by_role("link", name="WeTransfer for everybody").click()
    expect(ada.get_by_role("region", name="History").get_by_role("listitem")).to_have_count(2)


def test_a_policy_pack_is_made_in_the_background(ada: Page, address: str, reader: str, tmp_path: Path) -> None:  # noqa: F811
    ada.goto(f"{address}/c/example/")
    to(ada, "Reports")
    pack = ada.get_by_role("region", name="Take it along").locator("p:has-text('whole policy pack') + .row")
    pack.get_by_role("button", name="Make PDF").click()
    made = ada.get_by_role("region", name="Made for you")
    expect(made.get_by_role("progressbar", name="Policy pack is being made")).to_be_visible()
    expect(made).to_contain_text("You can close this page")
    to(ada, "Register")
    to(ada, "Reports")
    with ada.expect_download() as started:
        made.get_by_role("link", name="Download,").click()

    started.value.save_as(file := tmp_path / started.value.suggested_filename)
    text = subprocess.run([reader, "-layout", file, "-"], capture_output=True, text=True, check=True).stdout
    assert file.name == "example-pack.pdf"
    assert text.count("\f") >= 12, "pages"
    assert "Example & Co" in text
    assert "WhatsApp is not used for the firm's work." in text.replace("’", "'")
    assert "Client data belongs in Teams." in text
    for name in ("Bob Example", "Cy Example"):
        assert name not in text, "no document names a person"


def test_an_unknown_domain_becomes_a_service_in_two_clicks(ada: Page, address: str) -> None:
    ada.goto(f"{address}/c/example/")
    to(ada, "Unknown domains")
    ada.get_by_role("link", name="ledger.example").click()
    expect(ada.get_by_label("Name", exact=True)).to_have_value("Ledger")
    ada.get_by_label("People need it for").select_option(label="Finance and accounting")
    ada.get_by_role("button", name="Add this service").click()
    expect(said(ada)).to_contain_text("“Ledger” is a service of Example & Co now")

    to(ada, "Services")
    row = ada.get_by_role("row", name="Ledger")
    expect(row).to_contain_text("Finance and accounting")
    row.get_by_role("link", name="Ledger").click()
    expect(ada.get_by_role("region", name="Evidence")).to_contain_text("app.ledger.example")


def test_a_decision_is_taken_and_taken_back(ada: Page, address: str) -> None:
    ada.goto(f"{address}/c/example/")
    ada.keyboard.press("/")
    ada.keyboard.type("smallpdf")
    ada.keyboard.press("Enter")
    ada.get_by_role("link", name="Smallpdf", exact=True).click()
    card = ada.locator("#decision")
    card.get_by_label("Not approved").check()
    card.get_by_label("Reason", exact=True).fill("Word saves as PDF.")
    card.get_by_role("button", name="Keep the decision").click()
    expect(card).to_contain_text("Not approved by Ada Example")
    to(ada, "Register")
    expect(ada.get_by_role("row", name="Smallpdf")).to_contain_text("Not approved")

    ada.get_by_role("row", name="Smallpdf").get_by_role("link", name="Smallpdf").click()
    card.get_by_role("button", name="Take it back").click()
    expect(card).to_contain_text("Nobody has decided on this service yet.")
    expect(ada.get_by_role("region", name="History")).to_contain_text("Taken back by Ada Example")
    to(ada, "Register")
    expect(ada.get_by_role("region", name="In use, not on the register")).to_contain_text("Smallpdf")


def test_what_is_shown_is_kept_as_a_view_and_shared_by_its_address(ada: Page, address: str, chrome: Browser) -> None:  # noqa: F811
    ada.goto(f"{address}/c/example/")
    to(ada, "Services")
    for part, choice in (("Period", "Last 7 days"), ("Risk", "high risk")):
        ada.get_by_label(f"{part}: ").click()
        ada.get_by_role("link", name=choice, exact=True).click()
        expect(ada.get_by_label(f"{part}: ")).to_have_text(choice)
    shown = ada.locator("tbody a[data-open]").all_inner_texts()
    assert shown
    assert "Trello" not in shown, "its risk is lower"
    ada.get_by_label("Views: kept choices of pages").click()
    ada.get_by_label("Keep this page as it is shown").fill("New this week")
    ada.get_by_role("button", name="Keep the view").click()
    expect(said(ada)).to_contain_text("New this week")
    shared = ada.url

    with visitor(chrome) as other:
        screenshots.sign_in(other, address, NAME, PASSWORD)
        other.goto(shared)
        assert other.locator("tbody a[data-open]").all_inner_texts() == shown
        expect(other.get_by_label("Period: ")).to_have_text("Last 7 days")
        to(other, "Saved views")
        expect(other.get_by_role("row", name="New this week")).to_contain_text("Last 7 days, all teams, active use, high risk")
        other.get_by_role("link", name="New this week").click()
        expect(other.locator("tbody a[data-open]")).to_have_text(shown)


def test_a_second_person_joins_asks_for_a_name_and_sees_it(ada: Page, address: str, chrome: Browser) -> None:  # noqa: F811
    ada.goto(f"{address}/users/")
    ada.get_by_label("Name to sign in with").fill("Vera")
    ada.get_by_label("Analyst").check()
    ada.get_by_role("button", name="Make a link for them").click()
    link = ada.locator("#link").inner_text()

    with visitor(chrome) as vera:
        vera.goto(link)
        expect(vera.get_by_role("heading", name="Welcome, Vera")).to_be_visible()
        vera.get_by_label("Password").fill("a phrase of her own")
        vera.get_by_role("button", name="Continue").click()
        to(vera, "People")
        person = vera.locator("main a[data-open]").first
        pseudonym = person.inner_text()
        person.click()
        vera.get_by_text("Ask for the name", exact=True).click()
        vera.get_by_role("radio").first.check()
        vera.get_by_label("Why, in a sentence").fill("A password was typed into a false page.")
        vera.get_by_role("button", name="Ask", exact=True).click()
        expect(vera.get_by_role("region", name="The name")).to_contain_text("It waits for Ada Example")

        ada.goto(f"{address}/c/example/")
        ada.locator("#rail").get_by_role("link", name="Names shown 1").click()
        asked = ada.get_by_role("region", name=f"Vera asks for the name of {pseudonym}")
        expect(asked).to_contain_text("A password was typed into a false page.")
        asked.get_by_role("button", name="Agree").click()
        expect(ada.get_by_role("button", name="Agree")).to_have_count(0)

        vera.reload()
        vera.get_by_role("button", name="Show the name").click()
        expect(vera.get_by_text(f"is {pseudonym}")).to_be_visible()
        name = vera.get_by_role("heading", level=1).inner_text()
        assert name in {"Ada Example", "Bob Example", "Cy Example"}
        vera.get_by_role("link", name="Hide it again").click()
        expect(vera.get_by_role("heading", level=1)).to_have_text(pseudonym)

    ada.reload()
    record = ada.get_by_role("region", name="Record")
    for step in ("Asked for the name", "Agreed", "Looked at the name"):
        expect(record.get_by_role("row").filter(has_text=step)).to_contain_text(pseudonym)
    expect(record).not_to_contain_text(name if name != NAME else "Bob Example")


def test_a_second_client_inherits_what_the_first_decided(ada: Page, address: str, tmp_path: Path) -> None:
    log = tmp_path / "second.log"
    log.write_text("".join(line for line in small_firm.squid().splitlines(keepends=True) if " ada " in line), encoding="utf-8")
    ada.goto(f"{address}/c/example/")
    ada.get_by_label("Client: Example & Co. Choose another").click()
    ada.get_by_role("link", name="Add a client").click()
    ada.get_by_label("Name of the firm").fill("Second & Sons")
    ada.get_by_label("Number of people").fill("9")
    ada.get_by_role("button", name="Continue").click()
    ada.get_by_role("link", name="Skip this for now").click()
    ada.locator("input[type=file]").set_input_files(log)
    ada.get_by_role("link", name="To the overview").click()
    expect(ada.locator(".sentence")).to_contain_text("1 of 9 people")

    to(ada, "All clients")
    expect(ada.get_by_role("row", name="Second & Sons")).to_contain_text("high-risk services undecided")
    to(ada, "Template")
    ada.get_by_role("link", name="Take over from a client").click()
    ada.get_by_label("Client", exact=True).select_option("Example & Co")
    ada.get_by_role("region", name="Take over from a client").get_by_role("button", name="Keep in the draft").click()
    draft = ada.get_by_role("region", name="Not in force yet")
    expect(draft.get_by_role("row", name="Second & Sons")).to_contain_text("Trello")
    draft.get_by_role("button", name="Put in force").click()
    expect(draft).to_have_count(0)

    ada.goto(f"{address}/c/second-sons/")
    to(ada, "Register")
    row = ada.get_by_role("row", name="WhatsApp")
    expect(row).to_contain_text("Not approved")
    expect(row).to_contain_text("Inherited")
    row.get_by_role("link", name="WhatsApp").click()
    expect(ada.locator("#decision")).to_contain_text("It comes from the practice's template.")
