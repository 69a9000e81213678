"""Three services worked out with risk.toml open beside, as a reader without Python would: points looked up, multiplied, added."""

from datetime import date
from typing import Any

import pytest

from discovery.catalogue import Fact, Service
from rules import risk
from rules.factors import Exposure

ON = date(2026, 11, 13)


def service(category: str, capability: str, **facts: Any) -> Service:
    known = {name: Fact(value, "2fa", "2026-08-04") for name, value in facts.items()}
    return Service("tool", "Tool", "Tool Ltd", category, category, capability, (), (), "A tool.", {"use": ("tool.com",)}, known)


WHITEBOARD = service(
    "documents", "whiteboard", mfa=True, sso=True, dpa=True, data_region=["EU"], hq_country="DE", certifications=["ISO 27001"], account_required=True,
    exfil_channel=False, public_links_default=False, trains_on_input="no", encryption_at_rest=True, audit_log=True,
)  # fmt: skip
#: 40 × 0.4 at stake; −3 training, −2 links, 0 rights not known, −2 files, −1 account; −4 factor, −4 sign-on, −3 audit, +1 control not known,
#: −2 × 0.5 encryption; −6 agreement, −4 region, −3 country, −4 certified, 0 breaches and 0 deletion not known
WHITEBOARD_BY_HAND = 16 - 3 - 2 + 0 - 2 - 1 - 4 - 4 - 3 + 1 - 1 - 6 - 4 - 3 - 4

PASTE = service("it_development", "paste", account_required=False, exfil_channel=True, public_links_default=True, dpa=False, hq_country="US")
#: 40 × 0.9 at stake; +1 training not known, 6 × 1.5 links, 0 rights not known, 6 × 1.3 files, 6 × 1.3 account; +1 factor, +2 sign-on, +1 audit,
#: +1 control, +1 encryption, +1 end to end, all not known; +7 agreement, +1 region not known, 0 country, +1 certified not known
PASTE_BY_HAND = 36 + 1 + 9 + 0 + 7.8 + 7.8 + 1 + 2 + 1 + 1 + 1 + 1 + 7 + 1 + 0 + 1

CHATBOT = service("ai", "ai_assistant", trains_on_input="yes", mfa=True, hq_country="CN", breaches=[{"year": 2025, "what": "chats"}])
#: 40 × 0.8 at stake; 10 × 1.5 training, +1 links, 0 rights, +1 files, +1 account, not known; −4 factor, +2 sign-on, +1 audit, +1 control,
#: +1 encryption, not known; +3 agreement not known, +1 region not known, +10 country, +1 certified not known, +7 breach
CHATBOT_BY_HAND = 32 + 15 + 1 + 0 + 1 + 1 - 4 + 2 + 1 + 1 + 1 + 3 + 1 + 10 + 1 + 7


@pytest.mark.parametrize(
    ("tool", "by_hand", "level"),
    [(WHITEBOARD, max(0, WHITEBOARD_BY_HAND), "Low"), (PASTE, PASTE_BY_HAND, "High"), (CHATBOT, CHATBOT_BY_HAND, "High")],
    ids=["whiteboard", "paste", "chatbot"],
)
def test_a_reader_of_the_rules_finds_the_same_score(tool: Service, by_hand: float, level: str) -> None:
    found = risk.inherent(tool, ON)
    assert (found.score, found.level) == (round(by_hand), level)


def test_and_the_same_with_the_use_here() -> None:
    """6 of 20 people: 10. 5 of 20 working days: 3. 10 MB: 4. 5 of 10 late days: 2. A tool is provided: 0. One refused: 4."""
    used = Exposure("active", 6, 20, 5, 20, 10_000_000, 1, 5, 10, provided=True)
    assert risk.here(WHITEBOARD, used, ON).score == 10 + 3 + 4 + 2 + 0 + 4
