"""Put articles in, refresh, and read the account: new, changed, refused; take a refresh back."""

from __future__ import annotations


def read_seeds(): return None
def show_refresh(): pass
