"""Small answers leave the server at once.

Streamlit binds its socket without naming TCP, and asyncio then leaves Nagle's algorithm on: the second half of an
answer waits until the browser has acknowledged the first, 40 ms on Linux, for each file and each change of a filter.
"""

from __future__ import annotations

import gc
import socket


def send_without_waiting() -> int:
    """Tell the sockets on which this process listens, and by them all their connections; how many there are."""
    listening = [found for found in gc.get_objects() if isinstance(found, socket.socket) and _listens(found)]
    for found in listening:
        found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return len(listening)


def _listens(found: socket.socket) -> bool:
    if found.fileno() < 0 or found.family not in (socket.AF_INET, socket.AF_INET6):
        return False
    return found.type == socket.SOCK_STREAM and bool(found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
