"""What `gnomon explain` says of hosts, one by one or many."""

import json


def test_explain_answers_many_hosts_one_object_a_line(run) -> None:
    done = run("explain", "-", "--output", "json", stdin=b"www.dropbox.com\nevil-dropbox.com\nDROPBOX.COM.\n")
    known, lookalike, shouted = (json.loads(line) for line in done.stdout.splitlines())
    assert {"host", "service", "category", "capability", "role", "entry", "facts", "risk"} <= set(known)
    assert known["service"] == shouted["service"] == "dropbox"
    assert lookalike["service"] is None
    assert lookalike["looks_like"]["service"] == "dropbox"
    assert known["looks_like"] is None
    (sheets,) = map(json.loads, run("explain", "smartsheet.com", "--output", "json").stdout.splitlines())
    assert (sheets["capability"], sheets["also"][0]) == ("project_mgmt", "office_suite")
    assert "Also: Online documents and spreadsheets" in run("explain", "smartsheet.com").stdout.decode()


def test_explain_takes_a_web_address_for_its_host(run) -> None:
    done = run("explain", "https://ann@www.dropbox.com:443/home?x=1", "dropbox.com/home", "https://[broken", "--output", "json")
    address, path, broken = (json.loads(line) for line in done.stdout.splitlines())
    assert address["service"] == path["service"] == "dropbox"
    assert broken["service"] is None


def test_explain_asks_for_a_name(run) -> None:
    answer = run("explain", "")
    assert (answer.returncode, answer.stderr.decode()) == (2, "gnomon: A host has a name, such as www.dropbox.com.\n")
