"""What suites hold for the same job: each tool once with all suites that have it, most suites first, and never the service itself."""

import pytest

from discovery.catalogue import Catalogue
from rules.alternatives import in_suites
from rules.toolset import suites


@pytest.mark.parametrize("service", ["dropbox", "slack", "zoom", "pastebin", "bitwarden", "sharepoint-onedrive"])
def test_every_tool_of_a_suite_for_the_job_is_told_once(shipped: Catalogue, service: str) -> None:
    known = shipped.services[service]
    found = in_suites(known)
    wanted = {
        (tool.name, suite.name)
        for suite in suites().values()
        for tool in suite.tools
        if known.capability in tool.capabilities and service not in tool.services
    }
    assert {(one.tool, suite) for one in found for suite in one.suites} == wanted
    assert len({one.tool for one in found}) == len(found)
    sizes = [len(one.suites) for one in found]
    assert sizes == sorted(sizes, reverse=True)
    for one in found:
        holding = [suite for suite in suites().values() if (one.tool, suite.name) in wanted]
        assert one.suites == tuple(suite.name for suite in holding), "in the order of suites.toml"
        said = [tool.lacks for suite in holding for tool in suite.tools if tool.name == one.tool and known.capability in tool.capabilities]
        assert one.lacks == next(filter(None, said), "")


def test_a_service_is_no_alternative_to_itself(shipped: Catalogue) -> None:
    assert "OneDrive and SharePoint" in {one.tool for one in in_suites(shipped.services["dropbox"])}
    assert "OneDrive and SharePoint" not in {one.tool for one in in_suites(shipped.services["sharepoint-onedrive"])}
