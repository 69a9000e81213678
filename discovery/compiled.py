"""Loops over bytes and numbers as machine code: what looks at every byte of a log is a plain loop, compiled when it is first called.

The machine code is kept beside the module or, where that folder cannot be written, in the user's cache folder. Where the compiler has no
package (macOS on Intel processors) the same loops run as they are: the same results, far slower.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

Loop = TypeVar("Loop", bound=Callable[..., Any])

try:
    from numba import njit
except ImportError:  # pragma: no cover - see above
    _machine: Callable[[Any], Any] | None = None
else:
    _machine = njit(cache=True, nogil=True)


def compiled(loop: Loop) -> Loop:
    """A function of NumPy arrays and numbers as machine code, which lets other threads run meanwhile."""
    return loop if _machine is None else cast("Loop", _machine(loop))
