"""What the firm provides, and mistakes in saying so."""

from pathlib import Path

import pytest

from discovery.catalogue import Catalogue
from discovery.errors import GnomonError
from rules.factors import rules
from rules.toolset import Toolset, load_toolset, read_toolset, suites

OWN = """
suites = ["zoom"]

[[tool]]
name = "File server"
capabilities = ["cloud_storage", "backup"]

[[tool]]
name = "Ticket desk"
capabilities = ["customer_support"]
services = ["zendesk"]
lacks = "only the support team has it"
"""


def test_suites_and_own_tools_are_one_toolset() -> None:
    toolset = read_toolset(OWN)
    assert toolset.suites == ("zoom",)
    assert [tool.name for tool in toolset.tools] == ["Zoom", "Zoom AI Companion", "File server", "Ticket desk"]
    assert [tool.name for tool in toolset.providing("backup")] == ["File server"]
    assert toolset.services == {"zoom", "zendesk"}
    assert toolset.tools[-1].lacks == "only the support team has it"


def test_nothing_entered_is_an_empty_toolset() -> None:
    assert read_toolset("") == read_toolset("  \n") == Toolset()


def test_a_larger_suite_holds_the_smaller() -> None:
    basic, standard, premium = (suites()[f"microsoft_365_business_{plan}"] for plan in ("basic", "standard", "premium"))
    assert premium.tools[: len(standard.tools)] == standard.tools
    assert standard.tools[: len(basic.tools)] == basic.tools
    assert set(basic.capabilities) < set(standard.capabilities) < set(premium.capabilities)
    assert len(set(premium.capabilities)) == len(premium.capabilities)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("suites = [", "desk.toml: this is not TOML"),
        (
            'suites = ["microsoft_365_busines_basic"]',
            r"desk.toml: suites\[0\]: there is no suite 'microsoft_365_busines_basic'; did you mean 'microsoft_365_business_basic'\?",
        ),
        ("qqqq = 1", r"^desk.toml: qqqq is no key here\.$"),
        ('suites = "zoom"', "desk.toml: suites must be a list of texts"),
        ("suites = [1]", "desk.toml: suites must be a list of texts"),
        ('suite = ["zoom"]', "desk.toml: suite is no key here; did you mean 'suites'?"),
        ("tool = 7", r"desk.toml: each tool is a table of its own, headed \[\[tool\]\]"),
        ('[[tool]]\nname = "A"', r"desk.toml: tool\[0\] needs a name and at least one capability"),
        ('[[tool]]\nname = " "\ncapabilities = ["chat"]', r"desk.toml: tool\[0\] needs a name"),
        ('[[tool]]\nname = 7\ncapabilities = ["chat"]', r"desk.toml: tool\[0\].name must be a text"),
        ('[[tool]]\nname = "A"\ncapabilities = "chat"', r"desk.toml: tool\[0\].capabilities must be a list"),
        (
            '[[tool]]\nname = "A"\ncapabilities = ["chatt"]',
            r"desk.toml: tool\[0\].capabilities\[0\]: there is no capability 'chatt'; did you mean 'chat'",
        ),
        (
            '[[tool]]\nname = "A"\ncapabilities = ["chat"]\nservices = ["slak"]',
            r"tool\[0\].services\[0\]: there is no service 'slak'; did you mean 'slack'",
        ),
        ('[[tool]]\nname = "A"\ncapabilities = ["chat"]\nprice = 3', r"desk.toml: tool\[0\].price is no key here"),
    ],
)
def test_a_mistake_names_file_and_key(text: str, sentence: str, shipped: Catalogue) -> None:
    with pytest.raises(GnomonError, match=sentence):
        read_toolset(text, where="desk.toml", services=shipped.services)


def test_a_file_is_read_or_said_to_be_unreadable(tmp_path: Path) -> None:
    file = tmp_path / "tools.toml"
    file.write_text(OWN)
    assert load_toolset(file) == read_toolset(OWN)
    with pytest.raises(GnomonError, match=r"missing.toml: cannot be read"):
        load_toolset(tmp_path / "missing.toml")
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(GnomonError, match="not UTF-8 text"):
        load_toolset(file)


@pytest.mark.parametrize("id_", sorted(suites()))
def test_a_suite_names_real_capabilities_and_services(id_: str, shipped: Catalogue) -> None:
    suite = suites()[id_]
    assert suite.name
    assert suite.tools
    for tool in suite.tools:
        assert tool.name
        assert tool.capabilities
        assert set(tool.capabilities) <= set(shipped.capabilities), tool.name
        assert set(tool.services) <= set(shipped.services), tool.name


def test_the_usual_suites_are_there() -> None:
    usual = {"microsoft_365_business_basic", "microsoft_365_business_standard", "microsoft_365_business_premium", "google_workspace_starter"}
    usual |= {"google_workspace_standard", "zoho_workplace", "nextcloud", "slack", "zoom", "docusign", "adobe_acrobat", "onepassword", "bitwarden"}
    assert usual <= set(suites())


def test_every_capability_has_its_need_stake_and_question(shipped: Catalogue) -> None:
    table = rules().capabilities
    assert list(table) == list(shipped.capabilities)
    for code, entry in table.items():
        assert set(entry) - {"advice", "policy"} == {"need", "stake", "handles", "question"}, code
        assert 0 <= entry["stake"] <= 1
        assert entry["question"].endswith("?")
        assert entry["need"][0].isupper()
        assert not entry["need"].endswith(".")
