"""Waiting for what happens in another thread or process: as soon as it is so, and on a busy machine for long."""

import time
from collections.abc import Callable
from typing import Final

#: Far more than it ever takes, in seconds: whoever waits that long has found a fault, not a slow machine.
LONG: Final = 120


def eventually(holds: Callable[[], object]) -> bool:
    """Whether it holds before long."""
    until = time.monotonic() + LONG
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True
