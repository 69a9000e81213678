"""Memory that blocks need and give back, over and over."""

import ctypes
import os
import sys
from functools import cache
from typing import Final

# glibc gives large arrays back to the system at once and asks for them again; every block would pay for its pages anew (a tenth of the whole time).
_KEEP_FREED: Final = ((-3, 256 << 20), (-1, 512 << 20))  # M_MMAP_THRESHOLD, M_TRIM_THRESHOLD: mallopt(3)

_ARENA_MAX: Final = -8

# Polars brings an allocator of its own, which would keep what was freed for good (jemalloc(3), “tuning”): by default half of what is in use.
_OF_POLARS: Final = ("_RJEM_MALLOC_CONF", "narenas:2,dirty_decay_ms:200,muzzy_decay_ms:0")


@cache
def share_freed() -> None:
    """Have all threads take what any of them freed, and what nobody takes given back soon.

    Asked for before there are threads, each of which would get a heap of its own (a tenth more memory), and before Polars is loaded.
    """
    os.environ.setdefault(*_OF_POLARS)
    if (library := _glibc()) is not None:
        library.mallopt(_ARENA_MAX, 1)


@cache
def keep_freed() -> None:
    """Have the C library keep freed memory for the next block."""
    if (library := _glibc()) is not None:
        for parameter, size in _KEEP_FREED:
            library.mallopt(parameter, size)


def give_back() -> None:
    """What was needed a moment ago, by blocks or by some days, is of no use to what comes next."""
    if (library := _glibc()) is not None:
        library.malloc_trim(0)


@cache
def _glibc() -> ctypes.CDLL | None:
    """The C library, where it is glibc."""
    return found if sys.platform == "linux" and hasattr(found := ctypes.CDLL(None), "gnu_get_libc_version") else None
