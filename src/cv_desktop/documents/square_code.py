"""Square codes (QR) on the pages that come back: read by a scanner, whatever the side."""

from __future__ import annotations

from functools import lru_cache
from typing import Any


@lru_cache(maxsize=64)
def modules(text: str) -> tuple[tuple[int, ...], ...]:
    """The modules of the code of a text, row by row, 1 for black; spoiled in part (15 %), it is still read."""
    import zxingcpp

    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image: Any = made.to_image(scale=1, add_quiet_zones=False)
    rows: Any = memoryview(image).tolist()
    return tuple(tuple(int(dot < 128) for dot in row) for row in rows)
