"""Pages of a PDF as pictures, for the preview."""

from __future__ import annotations

import pypdfium2


def page_count(pdf: bytes) -> int:
    """How many pages the file has."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


def picture(pdf: bytes, page: int, scale: float) -> tuple[int, int, bytes]:
    """A page (the first is 0) as width, height and RGBA bytes; ``scale`` 1 is 72 dots an inch.

    Raises IndexError when there is no such page.
    """
    document = pypdfium2.PdfDocument(pdf)
    try:
        if not 0 <= page < len(document):
            raise IndexError(page)
        # What was typed into the boxes of a form is drawn only by who asks for it.
        document.init_forms()
        loaded = document[page]
        # Four bytes a dot, red first: what a QImage of format RGBA8888 reads without a copy.
        bitmap = loaded.render(scale=scale, rev_byteorder=True, force_bitmap_format=pypdfium2.raw.FPDFBitmap_BGRx)
        width, height, stride = int(bitmap.width), int(bitmap.height), int(bitmap.stride)
        data = bytearray(bytes(bitmap.buffer)[: stride * height])
        # The fourth byte is not written by the renderer: the page is opaque.
        data[3::4] = b"\xff" * (len(data) // 4)
        bitmap.close()
        loaded.close()
        return width, height, bytes(data)
    finally:
        document.close()
