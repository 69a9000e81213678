"""What the firm provides, and mistakes in saying so."""

from pathlib import Path

import pytest

from discovery.catalogue import Catalogue
from discovery.errors import GnomonError
from rules.factors import rules
from rules.toolset import Tool, Toolset, load_toolset, read_toolset, suites

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
TOOL = '[[tool]]\nname = "A"\ncapabilities = ["chat"]\n'


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


TEXTS = "must be a list of texts."
NEEDS = "tool[0] needs a name and at least one capability."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            'suites = ["zoom", "microsoft_365_busines_basic"]',
            "suites[1]: there is no suite 'microsoft_365_busines_basic'; did you mean 'microsoft_365_business_basic'?",
        ),
        ("qqqq = 1", "qqqq is no key here."),
        ('suites = "zoom"', f"suites {TEXTS}"),
        ("suites = [1]", f"suites {TEXTS}"),
        ('suite = ["zoom"]', "suite is no key here; did you mean 'suites'?"),
        ("tool = 7", "each tool is a table of its own, headed [[tool]]."),
        ("tool = [7]", "each tool is a table of its own, headed [[tool]]."),
        ('[[tool]]\nname = "A"', NEEDS),
        ('[[tool]]\nname = " "\ncapabilities = ["chat"]', NEEDS),
        ('[[tool]]\ncapabilities = ["chat"]', NEEDS),
        ('[[tool]]\nname = "A"\ncapabilities = []', NEEDS),
        (f'{TOOL}[[tool]]\nname = 7\ncapabilities = ["chat"]', "tool[1].name must be a text."),
        ('[[tool]]\nname = "A"\ncapabilities = "chat"', "tool[0].capabilities must be a list."),
        ('[[tool]]\nname = "A"\ncapabilities = ["chat", 7]', f"tool[0].capabilities {TEXTS}"),
        (f"{TOOL}services = [7]", f"tool[0].services {TEXTS}"),
        (f"{TOOL}lacks = 7", "tool[0].lacks must be a text."),
        (
            '[[tool]]\nname = "A"\ncapabilities = ["chat", "chatt"]',
            "tool[0].capabilities[1]: there is no capability 'chatt'; did you mean 'chat'?",
        ),
        (f'{TOOL}services = ["zoom", "slak"]', "tool[0].services[1]: there is no service 'slak'; did you mean 'slack'?"),
        (f"{TOOL}monthly = 3", "tool[0].monthly is no key here."),
        (f"{TOOL}service = []", "tool[0].service is no key here; did you mean 'services'?"),
    ],
)
def test_a_mistake_names_file_and_key(text: str, sentence: str, shipped: Catalogue) -> None:
    with pytest.raises(GnomonError) as refused:
        read_toolset(text, where="desk.toml", services=shipped.services)
    assert str(refused.value) == f"desk.toml: {sentence}"


def test_what_is_no_toml_says_so() -> None:
    with pytest.raises(GnomonError, match=r"^desk\.toml: this is not TOML \(.+\)\.$"):
        read_toolset("suites = [", where="desk.toml")
    with pytest.raises(GnomonError, match=r"^toolset: qqqq is no key here\.$"):
        read_toolset("qqqq = 1")


def test_a_tool_is_read_whole() -> None:
    (tool,) = read_toolset('[[tool]]\nname = " Radio "\ncapabilities = ["chat"]\nservices = ["anything"]').tools
    assert tool == Tool("Radio", ("chat",), ("anything",), "")


def test_a_file_is_read_or_said_to_be_unreadable(tmp_path: Path, shipped: Catalogue) -> None:
    file = tmp_path / "tools.toml"
    file.write_text(OWN, encoding="utf-8")
    assert load_toolset(file) == read_toolset(OWN)
    file.write_text(f'{TOOL}services = ["slak"]', encoding="utf-8")
    with pytest.raises(GnomonError, match=r"^tools\.toml: tool\[0\]\.services\[0\]: there is no service 'slak'"):
        load_toolset(file, services=shipped.services)
    missing = tmp_path / "missing.toml"
    with pytest.raises(GnomonError) as refused:
        load_toolset(missing)
    assert str(refused.value) == f"{missing}: cannot be read (No such file or directory)."
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(GnomonError) as refused:
        load_toolset(file)
    assert str(refused.value) == f"{file}: cannot be read (not UTF-8 text)."


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
