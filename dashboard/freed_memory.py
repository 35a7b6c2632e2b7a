"""What a view needed for a moment goes back to the system: else a server keeps the most that it ever held."""

from __future__ import annotations

import ctypes
import sys

# glibc raises the size from which memory is given back at once with what it has seen freed; and keeps a heap for each
# thread. Arrays over a million rows are above a megabyte: 12 visitors of 300,000 events left 388 MB instead of 499
GIVEN_BACK, HEAPS = 1_048_576, 4
M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8  # their numbers in malloc.h


def give_back_what_is_freed() -> bool:
    """Tell the C library so, where it is glibc; whether it is."""
    if sys.platform != "linux":
        return False
    tell = getattr(ctypes.CDLL(None), "mallopt", None)
    return tell is not None and all(tell(*one) for one in ((M_MMAP_THRESHOLD, GIVEN_BACK), (M_ARENA_MAX, HEAPS)))
