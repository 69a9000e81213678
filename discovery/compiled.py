"""Loops over bytes and numbers as machine code: what looks at every byte of a log is a plain loop, compiled when it is first called.

The machine code is kept beside the module or, where that folder cannot be written, in the user's cache folder, or else nowhere. Where the
compiler has no package (macOS on Intel processors) the same loops run as they are: the same results, far slower.

Loops make no arrays, so machine code counts no references to those it is given: counting takes longer than reading a short text.

Machine code does not check whether an offset lies in its array: a loop reads only what its arguments promise. `NUMBA_BOUNDSCHECK=1` checks it.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

Loop = TypeVar("Loop", bound=Callable[..., Any])

try:
    from numba import njit
except ImportError:  # pragma: no cover - see above
    _machine: Callable[..., Any] | None = None
else:
    _machine = njit


def compiled(loop: Loop) -> Loop:
    """A function of NumPy arrays and numbers as machine code, which lets other threads run meanwhile."""
    if _machine is None:
        return loop
    try:
        return cast("Loop", _machine(loop, cache=True, nogil=True, _nrt=False))
    except RuntimeError:  # neither folder can be written: it is compiled anew in every process
        return cast("Loop", _machine(loop, nogil=True, _nrt=False))


def is_new(loop: Callable[..., Any], *arguments: object) -> bool:
    """Whether no earlier run left the machine code of a loop, which is tried with some arguments."""
    loop(*arguments)
    told = getattr(loop, "stats", None)
    return told is not None and bool(told.cache_misses)


def inlined(loop: Loop) -> Loop:
    """A part of a compiled loop, put into it wherever it is called: for what is so short that handing over arrays would take longer."""
    return loop if _machine is None else cast("Loop", _machine(loop, inline="always", _nrt=False))
