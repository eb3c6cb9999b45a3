"""The questions asked over a network, once an address is configured: none waits longer than told."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from http.client import HTTPException

SECONDS = 10.0


class Silent(Exception):
    """Nobody answered in time, or what answered is no server of this kind."""


def answered(url: str, question: bytes | None = None, kind: str = "", *, most: int, seconds: float = SECONDS) -> bytes:
    """What an address answers, ``most`` bytes at most; with a ``question`` of this ``kind`` it is posted.

    Raises Silent when it cannot be reached, or has not answered whole within so many seconds.
    """
    if not url.startswith(("https://", "http://")):
        raise Silent(url)
    request = urllib.request.Request(url, question, {"Content-Type": kind} if kind else {})
    found: list[bytes] = []

    def ask() -> None:
        try:
            with urllib.request.urlopen(request, timeout=seconds) as answer:
                found.append(answer.read(most + 1))
        except (urllib.error.URLError, HTTPException, OSError, ValueError):
            return

    # A server that gives a byte now and then never trips the time limit of a connection: the wait itself is bounded.
    asking = threading.Thread(target=ask, name="question", daemon=True)
    asking.start()
    asking.join(seconds)
    if not found or len(found[0]) > most:
        raise Silent(url)
    return found[0]
