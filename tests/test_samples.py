"""Real logs nobody here made, where they lie beside the checkout: as many of their requests as possible must come back."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from discovery import formats

SHARED = Path(__file__).parents[2] / "shared"
CHECK = SHARED / "tools" / "check_samples.py"
FOLDERS = {"dnsmasq": "dnsmasq-pihole", "squid": "squid-native", "pihole-ftl": "pihole-ftl-db"}


@pytest.mark.slow
@pytest.mark.skipif(not CHECK.exists(), reason="needs the real samples in ../shared, which are not part of the project: put them there to run this")
def test_requests_of_real_logs_come_back(capsys: pytest.CaptureFixture[str]) -> None:
    only = [option for name in formats.all_formats() for option in ("--only", FOLDERS.get(name, name))]
    gnomon = Path(sys.executable).with_name("gnomon")
    command = [sys.executable, str(CHECK), "--samples", str(SHARED / "samples"), "--gnomon", str(gnomon), *only, "--verbose"]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    with capsys.disabled():
        sys.stdout.write(f"\n{answer.stdout}{answer.stderr}")
    found = re.search(r"requests found: (\d+) of (\d+)", answer.stdout)
    assert found is not None
    assert int(found[2]) > 0
    assert int(found[1]) / int(found[2]) >= 0.99
