"""PDF of a document, made by WeasyPrint in a child process that is ended when it takes too long."""

import os
import subprocess
import sys
from typing import Final

from discovery.errors import GnomonError

#: Seconds of the clock after which the child is ended.
PATIENCE: Final = 300
NO_PANGO: Final = (
    "PDF needs the library Pango, which is not installed here (Debian and Ubuntu: apt install libpangoft2-1.0-0 libharfbuzz-subset0; "
    "macOS: brew install pango). The HTML report holds the same and prints from any browser."
)


def pdf(html: str) -> bytes:
    """The document as PDF; the same text gives the same bytes.

    Raises:
        GnomonError: Pango is missing, or it took too much time or memory.
    """
    command = [sys.executable, "-m", "webui.reports.pdf_child"]
    hidden = ("PROXY", "GNOMON")
    settings = {name: value for name, value in os.environ.items() if not any(part in name.upper() for part in hidden)}
    settings |= {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "946684800", "PYTHONPATH": os.pathsep.join(part for part in sys.path if part)}
    try:
        done = subprocess.run(command, input=html.encode("utf-8", "replace"), capture_output=True, timeout=PATIENCE, env=settings, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise GnomonError("The PDF took too long and was given up. The HTML report holds the same.") from None
    if done.returncode == 3:  # noqa: PLR2004 (see pdf_child)
        raise GnomonError(NO_PANGO)
    if done.returncode or not done.stdout.startswith(b"%PDF"):
        raise GnomonError("The PDF could not be made: it needed more memory or time than it may have. The HTML report holds the same.")
    return done.stdout
