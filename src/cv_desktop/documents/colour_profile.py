"""The colour space of the pages, sRGB, as an ICC profile of version 2: what PDF/A wants beside device colours.

Built from the published numbers of IEC 61966-2-1, for the white of ICC (D50); every part of PDF/A takes version 2.
"""

from __future__ import annotations

import struct
from functools import cache

_WHITE = (0.9642, 1.0, 0.8249)
_PRIMARIES = {
    b"rXYZ": (0.4360747, 0.2225045, 0.0139322),
    b"gXYZ": (0.3850649, 0.7168786, 0.0971045),
    b"bXYZ": (0.1430804, 0.0606169, 0.7141733),
}
_CURVE_POINTS = 1024
_NAME = b"sRGB IEC61966-2.1"


@cache
def srgb() -> bytes:
    """The bytes of the profile, the same at each call."""
    curve = _tone_curve()
    tags = [
        (b"desc", _description(_NAME)),
        (b"cprt", b"text" + bytes(4) + b"Public domain\0"),
        (b"wtpt", _point(_WHITE)),
        *((tag, _point(values)) for tag, values in _PRIMARIES.items()),
        (b"rTRC", curve),
    ]
    data_start = 128 + 4 + 12 * (len(tags) + 2)
    directory, data = b"", b""
    for tag, content in tags:
        entry = struct.pack(">II", data_start + len(data), len(content))
        directory += tag + entry
        data += content + bytes(-len(content) % 4)
    # The three channels share one curve.
    directory += b"gTRC" + entry + b"bTRC" + entry
    size = data_start + len(data)
    return _header(size) + struct.pack(">I", len(tags) + 2) + directory + data


def _header(size: int) -> bytes:
    fixed = struct.pack(">I4xI4s4s4s", size, 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    made = struct.pack(">6H", 2026, 1, 1, 0, 0, 0)
    rest = b"acsp" + bytes(28) + b"".join(map(_fixed, _WHITE))
    head = fixed + made + rest
    return head + bytes(128 - len(head))


def _fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def _point(values: tuple[float, float, float]) -> bytes:
    return b"XYZ " + bytes(4) + b"".join(map(_fixed, values))


def _description(name: bytes) -> bytes:
    return b"desc" + bytes(4) + struct.pack(">I", len(name) + 1) + name + b"\0" + bytes(78)


def _tone_curve() -> bytes:
    points = [round(65535 * _linear(i / (_CURVE_POINTS - 1))) for i in range(_CURVE_POINTS)]
    return b"curv" + bytes(4) + struct.pack(f">I{_CURVE_POINTS}H", _CURVE_POINTS, *points)


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)
