"""Lists for every target: nothing but names and plain words, whatever the register holds; and the programs themselves take them."""

import csv
import io
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.blocking import Entry, meanings
from rules.register import Decision
from tests.gate import examples
from webui.exports import targets
from webui.exports.base import KINDS, Sheet, plain, reason

DAY = date(2026, 11, 13)
WHEN = datetime(2026, 11, 12, 9, tzinfo=UTC)
NAMES = ("wetransfer.com", "we.tl", "xn--bcher-kva.example", "a-1.b2.example.co.uk")
DECIDED = Decision("wetransfer", "not_approved", reason="Not needed", review_by=date(2027, 1, 1), decided_at=WHEN)
ENTRIES = tuple(Entry(name, "wetransfer", "WeTransfer", DECIDED) for name in NAMES)
EVIL = [
    "\n", "\r\n", "\x00", '"', "'", "`", "$(reboot)", "${x}", ";", "#", "|", "&&", "\\", "%0a", "<x>", "*", "{", "}", "[find]", "\u2028", "\u202e",
    "=1+1", "server:", "zone", "\t", "é", "漢", "-->", "@",
]  # fmt: skip
hostile = st.lists(st.sampled_from(EVIL) | st.text(max_size=4), max_size=10).map("".join)


def sheet(kind: str = "block", entries: tuple[Entry, ...] = ENTRIES, client: str = "Example & Co") -> Sheet:
    return Sheet(kind, entries, client, DAY)


def test_every_target_has_its_row_in_the_table_and_no_row_is_alone() -> None:
    assert set(targets()) == set(meanings())
    assert len(targets()) == 21


@examples(15)
@given(hostile, hostile, hostile, st.sampled_from(KINDS))
def test_no_text_changes_a_line(name: str, said: str, client: str, kind: str) -> None:
    """The same list with hostile words and with plain ones: the lines that a program reads are the same."""
    evil = tuple(replace(one, name=name, decision=replace(one.decision, reason=said)) for one in ENTRIES if one.decision)
    for target in targets().values():
        harmless, hostile_text = target.text(sheet(kind)), target.text(sheet(kind, evil, client))
        assert hostile_text.isascii()
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", hostile_text)
        assert read(target.id, hostile_text) == read(target.id, harmless), target.id


def read(target: str, text: str) -> list[str]:
    """What a program reads: lines without comments, rows without their notes."""
    if target in {"umbrella", "cloudflare-gateway", "dnsfilter"}:
        return [row[0] for row in csv.reader(io.StringIO(text))]
    found = [line for line in text.split("\n") if line and line[0] not in "#;!"]
    return [re.sub(r'comment="gnomon: [A-Za-z0-9 .,()/:-]*"$', "", line) for line in found]


@pytest.mark.parametrize("target", targets())
def test_a_block_list_holds_every_name_and_its_way_back(target: str) -> None:
    text = targets()[target].text(sheet())
    for name in NAMES:
        assert re.search(rf"(?<![a-z0-9-]){re.escape(name)}(?![a-z0-9-])", text), name
    if targets()[target].meaning.comments:
        assert "not approved on 2026-11-12, review by 2027-01-01: Not needed" in text
    assert text == targets()[target].text(sheet())
    assert targets()[target].text(sheet("rollback"))
    if targets()[target].meaning.allows:
        assert all(name in targets()[target].text(sheet("allow")) for name in NAMES)


def test_reasons_are_plain_words() -> None:
    assert plain('a\nb"; rm -rf /\x00é') == "a b rm -rf / e"
    assert reason(replace(ENTRIES[0], decision=None)) == "WeTransfer: provided by the firm"


def installed(program: str) -> str:
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin")
    if not found:
        pytest.skip(f"{program} is not installed (tests/setup.sh installs it on Debian, as root)")
    return found


def takes(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("kind", KINDS)
class TestTheProgramsThemselves:
    def file(self, tmp_path: Path, target: str, kind: str) -> Path:
        path = tmp_path / "list"
        path.write_text(targets()[target].text(sheet(kind)))
        return path

    def test_bind_takes_the_zone(self, tmp_path: Path, kind: str) -> None:
        takes(installed("named-checkzone"), "-i", "local", "rpz.gnomon", str(self.file(tmp_path, "rpz", kind)))

    def test_unbound_takes_the_file(self, tmp_path: Path, kind: str) -> None:
        main = tmp_path / "unbound.conf"
        main.write_text(f'server:\n  chroot: ""\n  directory: "{tmp_path}"\n  username: ""\ninclude: "{self.file(tmp_path, "unbound", kind)}"\n')
        takes(installed("unbound-checkconf"), str(main))

    def test_dnsmasq_takes_the_file(self, tmp_path: Path, kind: str) -> None:
        takes(installed("dnsmasq"), "--test", f"--conf-file={self.file(tmp_path, 'dnsmasq', kind)}")

    def test_squid_takes_the_file(self, tmp_path: Path, kind: str) -> None:
        main = tmp_path / "squid.conf"
        main.write_text(f"http_port 3128\npid_filename none\ninclude {self.file(tmp_path, 'squid', kind)}\nhttp_access deny all\n")
        takes(installed("squid"), "-k", "parse", "-f", str(main))
