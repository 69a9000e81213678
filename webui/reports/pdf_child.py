"""Turns HTML from standard input into PDF on standard output, in a process of its own: `python -m webui.reports.pdf_child`.

Texts in reports come from logs. Should one find a way to the engine, it can fetch nothing, read no file, and use only so much memory and time.
"""

import sys
from typing import Any, Final

MEMORY: Final = 1 << 30
SECONDS: Final = 120
PICTURES: Final = ("data:image/png;base64,", "data:image/jpeg;base64,")


def limit() -> None:
    """Bound memory and processor time, where the system can."""
    try:
        import resource  # noqa: PLC0415 (not on Windows)
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def main() -> int:
    """Do it; 3 says that the libraries for PDF are not there."""
    try:
        from weasyprint import HTML  # noqa: PLC0415 (slow to load; without Pango it cannot)
        from weasyprint.urls import URLFetcher  # noqa: PLC0415
    except OSError as error:
        sys.stderr.write(str(error))
        return 3

    class Bundled(URLFetcher):  # type: ignore[misc] # ships no types
        """Opens the pictures that the document brings along, and nothing else."""

        def fetch(self, url: str, headers: Any = None) -> Any:  # noqa: ANN401
            if not url.startswith(PICTURES):
                raise ValueError("Documents fetch nothing.")
            return super().fetch(url, headers)

    limit()
    text = sys.stdin.buffer.read().decode("utf-8")
    document = HTML(string=text, base_url=None, url_fetcher=Bundled(allowed_protocols=("data",)))
    document.write_pdf(sys.stdout.buffer, pdf_variant=None)
    return 0


if __name__ == "__main__":
    sys.exit(main())
