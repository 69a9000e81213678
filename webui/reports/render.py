"""A document as one file of HTML: self-contained and inert. No script, nothing fetched, every text escaped, and its own policy says so.

Signs beyond ASCII are written as they are; what could be read as code by a server or a template engine (`<?`, `{{`, `${`) is broken up.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import ChoiceLoader, DictLoader, Environment, FileSystemLoader, StrictUndefined, select_autoescape

from webui import facts, words
from webui.assets import STATIC
from webui.reports.documents import BY_ID, PACK, context
from webui.reports.pack import Pack

#: Pages of a printed document, and what stands at their foot.
_PAGE: Final = """
body { margin: 0; background: #f1efea; }
@media print { body { background: #fff; } }
@page { size: A4; margin: 17mm 16mm 18mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; color: #5f6a7a; } }
"""
_TURNING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_UNSEEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_CODE: Final = re.compile(r"(?<=[{$%<#])(?=[{?%#])")


def html(pack: Pack, documents: Sequence[str] = PACK, *, title: str = "", **more: object) -> str:
    """Documents of a pack, each on pages of its own, as one file.

    Args:
        pack: what is told.
        documents: ids, in order.
        title: of the file; else that of its one document, or the policy pack's.
        more: what else a document tells of.
    """
    proof: Callable[[str], str | None] = (lambda service: f"#evidence-{service}") if "annex" in documents else (lambda _service: None)
    title = title or (BY_ID[documents[0]].title if len(documents) == 1 else "Policy pack")
    known = {finding.service for finding in pack.findings}
    values = context(pack, logo=pack.look.logo_data, proof=lambda service: proof(service) if service in known else None)
    return _environment().get_template("document.html").render(values | more, documents=documents, title=title, style_hash=_style_hash())


def page(template: str, **values: object) -> str:
    """A page of its own, as inert as a document, with what it shows."""
    return _environment().get_template(template).render({"words": words, "style_hash": _style_hash(), **values})


def stylesheet() -> str:
    """What the documents look like: the sheet of the pages, and the page they are printed on."""
    return (STATIC / "css" / "report.css").read_text(encoding="utf-8") + _PAGE.rstrip()


@cache
def _style_hash() -> str:
    """The fingerprint of the one style that the document's policy allows."""
    return base64.b64encode(hashlib.sha256(stylesheet().encode()).digest()).decode()


@cache
def _environment() -> Environment:
    here = Path(__file__).parent
    loader = ChoiceLoader([FileSystemLoader(here.parent / "templates"), FileSystemLoader(here), DictLoader({"report.css": stylesheet()})])
    made = Environment(loader=loader, autoescape=select_autoescape(default=True), undefined=StrictUndefined, finalize=harmless)
    made.filters["lower_first"] = words.lower_first
    made.filters["cited"] = facts.cited
    made.filters["source_in_words"] = facts.source_in_words
    made.filters["capitalize"] = lambda text: text[:1].upper() + text[1:]
    return made


def harmless(value: object) -> object:
    """What a document prints: without signs that cannot be seen or turn the text round, and with what looks like code broken up."""
    if not isinstance(value, str):
        return value
    return type(value)(_CODE.sub("\u2060", _UNSEEN.sub("\ufffd", _TURNING.sub("\ufffd", value))))
