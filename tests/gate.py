"""The short form of a test and its long one: `make test` runs the first, `make gate` the second."""

import os
from typing import Any, Final

from hypothesis import settings

GATE: Final = "GNOMON_GATE" in os.environ


def examples(few: int, **how: Any) -> settings:
    """So many random examples of a law; ten times as many in the gate."""
    return settings(deadline=None, max_examples=few * (10 if GATE else 1), **how)
