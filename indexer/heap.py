"""The C library's heap of this process: kept small, since a daemon lives for weeks and is busy for seconds.

glibc gives each thread a heap of its own and keeps what is free in them: after a large project was loaded, a daemon held three times
what it used. Other C libraries are left as they are.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
from typing import Final

# The parameters of mallopt(3).
_TRIM_THRESHOLD: Final = -1
_MMAP_THRESHOLD: Final = -3
_ARENA_MAX: Final = -8
#: Bytes of a block that is given back by itself, and of free memory at the heap's end that is kept.
_LARGE: Final = 1 << 20


def keep_small() -> None:
    """Has all threads share one heap, and gives large blocks back when they are free; to be called before there are threads."""
    with contextlib.suppress(AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_ARENA_MAX, 1)
        mallopt(_MMAP_THRESHOLD, _LARGE)
        mallopt(_TRIM_THRESHOLD, _LARGE)


def give_back() -> None:
    """Gives what a large batch has left free back to the system."""
    gc.collect()
    with contextlib.suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
