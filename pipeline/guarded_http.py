"""Connections that see whom they reached, and that end: a name may mean another address later, a server may drip."""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import threading
import urllib.request
from collections.abc import Iterator
from typing import Any


class PrivateAddress(Exception):
    """What was reached stands in a private network."""


def is_private(address: str) -> bool:
    """Whether an address is of this machine or of a network of its own."""
    return not ipaddress.ip_address(address.split("%")[0]).is_global


@contextlib.contextmanager
def guarded_opener(*handlers: Any, seconds: float, allow_private: bool) -> Iterator[urllib.request.OpenerDirector]:
    """An opener whose connections are cut after so many seconds, whatever has come by then.

    A connection that reached a private address asks nothing and raises PrivateAddress. Behind a proxy it is the proxy
    that looks names up, and the proxy's address is not asked about.
    """
    reached: list[socket.socket] = []

    def cut() -> None:
        for one in reached:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def guarded(kind: type[http.client.HTTPConnection], direct: bool) -> type[http.client.HTTPConnection]:
        class Guarded(kind):  # type: ignore[misc, valid-type]
            def connect(self) -> None:
                super().connect()
                reached.append(self.sock)
                peer = str(self.sock.getpeername()[0])
                if direct and not allow_private and is_private(peer):
                    self.close()
                    raise PrivateAddress(peer)

        return Guarded

    class Plain(urllib.request.HTTPHandler):
        def http_open(self, req: urllib.request.Request) -> Any:
            return self.do_open(guarded(http.client.HTTPConnection, not req.has_proxy()), req)

    class Secure(urllib.request.HTTPSHandler):
        def https_open(self, req: urllib.request.Request) -> Any:
            by_proxy = req.has_proxy() or getattr(req, "_tunnel_host", None)
            return self.do_open(guarded(http.client.HTTPSConnection, not by_proxy), req)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield urllib.request.build_opener(Plain, Secure, *handlers)
    finally:
        timer.cancel()
