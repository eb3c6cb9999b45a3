"""What a received document is, told by its content: its name may say anything."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Media:
    """``suffix`` is the only one under which the system opens it; empty when it is never opened from here."""

    type: str
    words: str
    suffix: str = ""
    preview: bool = False


PDF = Media("application/pdf", "PDF", ".pdf", preview=True)
OTHER = Media("application/octet-stream", "Type inconnu")
PROGRAM = Media("application/x-program", "Programme")
MACROS = Media("application/x-macros", "Document avec macros")
TEXT = Media("text/plain", "Texte", ".txt")
_HEADS = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", Media("image/png", "Image PNG", ".png", preview=True)),
    (b"\xff\xd8\xff", Media("image/jpeg", "Photo JPEG", ".jpg", preview=True)),
    (b"GIF87a", Media("image/gif", "Image GIF", ".gif", preview=True)),
    (b"GIF89a", Media("image/gif", "Image GIF", ".gif", preview=True)),
    (b"BM", Media("image/bmp", "Image BMP", ".bmp", preview=True)),
    (b"II*\x00", Media("image/tiff", "Image TIFF", ".tif")),
    (b"MM\x00*", Media("image/tiff", "Image TIFF", ".tif")),
    (b"{\\rtf", Media("application/rtf", "Document RTF", ".rtf")),
)
_WEBP = Media("image/webp", "Image WebP", ".webp")
_HEIC = Media("image/heic", "Photo HEIC", ".heic")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Old formats of Office may carry macros without saying so: kept, and not opened from here.
_OLD = Media("application/x-ole-storage", "Document Office ancien")
_PACKAGES = {
    "word/": Media("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Document Word", ".docx"),
    "xl/": Media("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Classeur Excel", ".xlsx"),
    "ppt/": Media("application/vnd.openxmlformats-officedocument.presentationml.presentation", "Présentation", ".pptx"),
}
_OPEN_DOCUMENTS = {
    "application/vnd.oasis.opendocument.text": Media("application/vnd.oasis.opendocument.text", "Document", ".odt"),
    "application/vnd.oasis.opendocument.spreadsheet": Media(
        "application/vnd.oasis.opendocument.spreadsheet", "Classeur", ".ods"
    ),
}
_ZIP = Media("application/zip", "Dossier compressé")
_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
    b"\xfe\xed\xfa",
    b"L\x00\x00\x00\x01\x14\x02",
)
_KNOWN = {m.type: m for m in (*(m for _h, m in _HEADS), *_PACKAGES.values(), *_OPEN_DOCUMENTS.values(),
                              _WEBP, _HEIC, _OLD, _ZIP, TEXT, PROGRAM, MACROS, OTHER)}  # fmt: skip


def recognise(content: bytes) -> Media:
    """The kind of a document from its bytes alone."""
    head = content[:64]
    if head.startswith(_PROGRAMS):
        return PROGRAM
    for start, media in _HEADS:
        if head.startswith(start):
            return media
    if b"%PDF-" in content[:1024]:
        return PDF
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return _WEBP
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"mif1"):
        return _HEIC
    if head.startswith(_OLE):
        return _OLD
    if head.startswith(b"PK\x03\x04"):
        return _package(content)
    return TEXT if _is_text(content) else OTHER


def of_type(media_type: str) -> Media:
    """The kind kept under a type; unknown types are never opened."""
    return _KNOWN.get(media_type, OTHER)


def _package(content: bytes) -> Media:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = package.namelist()
            kind = ""
            if "mimetype" in names and package.getinfo("mimetype").file_size < 200:
                kind = package.read("mimetype").decode("ascii", "replace").strip()
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError):
        return _ZIP
    if any(name.lower().endswith("vbaproject.bin") or name.startswith("Basic/") for name in names):
        return MACROS
    if kind in _OPEN_DOCUMENTS:
        return _OPEN_DOCUMENTS[kind]
    if "[Content_Types].xml" in names:
        for folder, media in _PACKAGES.items():
            if any(name.startswith(folder) for name in names):
                return media
    return _ZIP


def _is_text(content: bytes) -> bool:
    """Plain words; a page or a script of the web is text too and opens as text."""
    sample = content[:4096]
    if not sample or b"\x00" in sample:
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return all(byte >= 32 or byte in (9, 10, 13) for byte in sample)
    return all(byte >= 32 or byte in (9, 10, 12, 13) for byte in sample)
