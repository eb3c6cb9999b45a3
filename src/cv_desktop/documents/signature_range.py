"""What a signature says it covers, held against the bytes of its file: one gap, that holds the signature and no more.

Source: ISO 32000-2, 12.8.1 (byte range digests); ETSI EN 319 142-1, 5.3.
"""

from __future__ import annotations

from typing import Any

_HEX = b"0123456789abcdefABCDEF"
MORE = "Elle laisse hors d’elle autre chose que la signature."
OUTSIDE = "Ce qu’elle dit couvrir n’est pas dans le fichier."


def odd_range(pdf: bytes, embedded: Any) -> str:
    """Why the part of the file that a signature says it covers is not what it should be; empty when it is."""
    try:
        start, first, second, last = (int(number) for number in embedded.sig_object["/ByteRange"])
    except (KeyError, ValueError, TypeError):
        return "Elle ne dit pas ce qu’elle couvre."
    if start != 0 or min(first, last) < 0 or first >= second or second + last > len(pdf):
        return OUTSIDE
    hole = pdf[first:second]
    inside = hole[1:-1]
    if hole[:1] != b"<" or hole[-1:] != b">" or inside.translate(None, _HEX):
        return MORE
    if pdf[:first].rstrip()[-9:] != b"/Contents":
        return MORE
    if not _holds_only(inside, bytes(embedded.pkcs7_content)):
        return MORE
    return ""


def covers_all(pdf: bytes, embedded: Any) -> bool:
    """Whether the bytes covered go to the end of the file."""
    _start, _first, second, last = (int(number) for number in embedded.sig_object["/ByteRange"])
    return second + last == len(pdf)


def _holds_only(inside: bytes, contents: bytes) -> bool:
    """Whether the gap is the signature that was read, then zeros and nothing else."""
    from asn1crypto.parser import peek

    try:
        hole = bytes.fromhex(inside.decode("ascii"))
        length = peek(hole)
    except ValueError:
        return False
    return hole == contents and not hole[length:].strip(b"\0")
