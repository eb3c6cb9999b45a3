"""Many letters as one file for the printer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from io import BytesIO

import pikepdf

_A4 = (595.28, 841.89)


def merge(pdfs: Iterable[bytes], *, double_sided: bool = False) -> bytes:
    """One PDF with the pages of all, in order; fonts and pictures they share are kept once.

    Printed on both sides, a letter of an odd number of pages is followed by a blank one: each begins on a recto.
    Same files, same bytes. Raises ValueError when there is no file.
    """
    shared: dict[str, pikepdf.Object] = {}
    with pikepdf.new() as run:
        for data in pdfs:
            if double_sided and len(run.pages) % 2:
                run.add_blank_page(page_size=_A4)
            with pikepdf.open(BytesIO(data)) as letter:
                if "/AcroForm" in letter.Root:
                    # On paper what a signature shows is ink: the signature itself holds for its own file only.
                    letter.flatten_annotations("print")
                run.pages.extend(letter.pages)
                for page in _last(run, len(letter.pages)):
                    _share(page, shared)
        if not len(run.pages):
            raise ValueError("no letter to print")
        run.Root.Lang = pikepdf.String("fr-FR")
        out = BytesIO()
        run.save(
            out,
            deterministic_id=True,
            fix_metadata_version=False,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    return out.getvalue()


def _last(run: pikepdf.Pdf, count: int) -> list[pikepdf.Page]:
    return [run.pages[index] for index in range(len(run.pages) - count, len(run.pages))]


def _share(page: pikepdf.Page, shared: dict[str, pikepdf.Object]) -> None:
    """Replace the fonts and pictures of a page by the equal ones already met."""
    resources = page.obj.get("/Resources", pikepdf.Dictionary())
    for kind, key_of in (("/Font", _font_key), ("/XObject", _picture_key)):
        entries = resources.get(kind)
        if entries is None:
            continue
        for name in list(entries.keys()):
            key = key_of(entries[name])
            if key:
                entries[name] = shared.setdefault(key, entries[name])


def _font_key(font: pikepdf.Object) -> str:
    if "/DescendantFonts" not in font:
        return ""
    (descendant,) = font.DescendantFonts
    digest = hashlib.sha256(descendant.FontDescriptor.FontFile2.read_raw_bytes())
    digest.update(font.ToUnicode.read_raw_bytes())
    digest.update(descendant.CIDToGIDMap.read_raw_bytes())
    return f"font {font.BaseFont} {digest.hexdigest()}"


def _picture_key(picture: pikepdf.Object) -> str:
    if picture.get("/Subtype") != pikepdf.Name.Image or "/SMask" in picture:
        return ""
    digest = hashlib.sha256(picture.read_raw_bytes())
    digest.update(repr((int(picture.Width), int(picture.Height), str(picture.ColorSpace))).encode())
    return "picture " + digest.hexdigest()
