"""A whole PDF file from drawn pages: fonts, colours and pictures prepared once for all files, the rest for each.

The file is an archive (PDF/A, part 3 level B; part 1 for whoever needs it), tagged, in French, without a date of its
own: the same pages give the same bytes. Source: ISO 19005-1 and 19005-3, ISO 32000-1.
"""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from xml.sax.saxutils import escape

from cv_desktop.documents.colour_profile import srgb
from cv_desktop.documents.embedded_font import embedded_font, write_font
from cv_desktop.documents.pdf_objects import Objects, references, stream, text_string
from cv_desktop.documents.reading_order import ReadingOrder
from cv_desktop.documents.text_operators import FONT_NAMES

CREATOR = "CV Desktop"
# In the page of a letter that is signed, when others follow it.
SIGNED = b"/CVD_Signed true"
_PAGE = b"[0 0 595.28 841.89]"


@dataclass(frozen=True, slots=True)
class Picture:
    """An image ready to be embedded: RGB, deflated."""

    key: str
    width: int
    height: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Attached:
    """A file carried by the page, readable by machines: what it is, and the day of what it says."""

    name: str
    content: bytes
    media_type: str
    description: str
    dated_on: date


@dataclass(frozen=True, slots=True)
class Widget:
    """A field to fill on a screen: its entries in the file's own notation, and what is drawn for each of its states.

    A field with one look has it under an empty state. Sizes in points.
    """

    page: int
    content: bytes
    width: float
    height: float
    looks: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class PdfFile:
    """What the file holds; ``bytes_of`` puts it together. ``part`` is that of PDF/A, 0 when it is no archive."""

    title: str
    author: str
    subject: str
    part: int = 3
    pages: list[str] = field(default_factory=list)
    order: ReadingOrder = field(default_factory=ReadingOrder)
    pictures: list[Picture] = field(default_factory=list)
    signs: list[int] = field(default_factory=list)  # beyond the usual repertoire
    widgets: list[Widget] = field(default_factory=list)
    attached: tuple[Attached, ...] = ()
    signed_page: int | None = None  # counted from 0, where it is not the last one

    def bytes_of(self) -> bytes:
        """The whole file."""
        shared = _shared(self.part, tuple(self.signs), tuple(self.pictures), bool(self.widgets))
        objects = Objects.after(shared.objects)
        contents = [
            objects.add(stream(zlib.compress(page.encode("ascii"), 6), b"/Filter/FlateDecode", deflated=True))
            for page in self.pages
        ]
        looks = [_looks(objects, widget) for widget in self.widgets]
        first_page = objects.next + len(self.widgets)
        numbers = range(first_page, first_page + len(self.pages))
        parent = first_page + len(self.pages)
        fields = [
            objects.add(b"<<%s%s/P %d 0 R>>" % (widget.content, drawn, numbers[widget.page]))
            for widget, drawn in zip(self.widgets, looks, strict=True)
        ]
        for place, content in enumerate(contents):
            own = [number for number, widget in zip(fields, self.widgets, strict=True) if widget.page == place]
            annotations = b"/Annots%s" % references(own) if own else b""
            signed = SIGNED if place == self.signed_page else b""
            objects.add(
                b"<</Type/Page/Parent %d 0 R/MediaBox%s/Resources %d 0 R/Contents %d 0 R/StructParents %d/Tabs/S%s%s>>"
                % (parent, _PAGE, shared.resources, content, place, annotations, signed)
            )
        objects.add(b"<</Type/Pages/Kids%s/Count %d>>" % (references(numbers), len(numbers)))
        tree = self.order.write(objects, numbers)
        extras = self._attachments(objects)
        if fields:
            extras += b"/AcroForm<</Fields%s/DR<</Font<</Helv %d 0 R>>>>/DA(/Helv 9 Tf 0 g)>>" % (
                references(fields),
                shared.helvetica,
            )
        metadata = objects.add(stream(self._metadata(), b"/Type/Metadata/Subtype/XML", plain=True))
        root = objects.add(
            b"<</Type/Catalog/Pages %d 0 R/Lang(fr-FR)/MarkInfo<</Marked true>>/StructTreeRoot %d 0 R/Metadata %d 0 R"
            b"/OutputIntents[%d 0 R]/ViewerPreferences<</DisplayDocTitle true>>%s>>"
            % (parent, tree, metadata, shared.intent, extras)
        )
        info = objects.add(
            b"<</Title%s/Author%s/Subject%s/Creator%s/Producer%s>>"
            % tuple(map(text_string, (self.title, self.author, self.subject, CREATOR, CREATOR)))
        )
        return objects.finish(root, info)

    def _attachments(self, objects: Objects) -> bytes:
        if not self.attached or self.part == 1:
            return b""
        names, files = b"", []
        for one in sorted(self.attached, key=lambda x: x.name):
            day = f"(D:{one.dated_on:%Y%m%d}000000Z)".encode()
            check = hashlib.md5(one.content, usedforsecurity=False).hexdigest().encode()
            entries = b"/Type/EmbeddedFile/Subtype/%s/Params<</Size %d/ModDate%s/CheckSum<%s>>>" % (
                one.media_type.replace("/", "#2F").encode(),
                len(one.content),
                day,
                check,
            )
            file = objects.add(stream(one.content, entries))
            name = text_string(one.name)
            files.append(
                objects.add(
                    b"<</Type/Filespec/F%s/UF%s/Desc%s/AFRelationship/Data/EF<</F %d 0 R/UF %d 0 R>>>>"
                    % (name, name, text_string(one.description), file, file)
                )
            )
            names += b"%s %d 0 R" % (name, files[-1])
        return b"/AF%s/Names<</EmbeddedFiles<</Names[%s]>>>>" % (references(files), names)

    def _metadata(self) -> bytes:
        title, author, subject = map(_xml, (self.title, self.author, self.subject))
        kind = f"<pdfaid:part>{self.part}</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>"
        archive = _described("pdfaid", "http://www.aiim.org/pdfa/ns/id/", kind) if self.part else ""
        dublin = (
            f"<dc:format>application/pdf</dc:format>{_alternative('title', title)}"
            f"<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>"
            f"{_alternative('description', subject)}"
            "<dc:language><rdf:Bag><rdf:li>fr-FR</rdf:li></rdf:Bag></dc:language>"
        )
        body = (
            _described("dc", "http://purl.org/dc/elements/1.1/", dublin)
            + _described("xmp", "http://ns.adobe.com/xap/1.0/", f"<xmp:CreatorTool>{CREATOR}</xmp:CreatorTool>")
            + _described("pdf", "http://ns.adobe.com/pdf/1.3/", f"<pdf:Producer>{CREATOR}</pdf:Producer>")
            + archive
        )
        return (
            '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
            f'{body}</rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
        ).encode()


@dataclass(frozen=True, slots=True)
class _Shared:
    """What the files of a run begin with, and the numbers of what their pages name."""

    objects: Objects
    resources: int
    intent: int
    helvetica: int


@lru_cache(maxsize=16)
def _shared(part: int, signs: tuple[int, ...], pictures: tuple[Picture, ...], fields: bool) -> _Shared:
    version = b"1.4" if part == 1 else b"1.7"
    objects = Objects(b"%%PDF-%s\n%%\xe2\xe3\xcf\xd3\n" % version)
    fonts = b"".join(
        b"/%s %d 0 R" % (short.encode(), write_font(objects, embedded_font(name, signs), listed=part == 1))
        for name, short in FONT_NAMES.items()
    )
    profile = objects.add(stream(srgb(), b"/N 3"))
    intent = objects.add(
        b"<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/RegistryName(http://www.color.org)"
        b"/Info(sRGB IEC61966-2.1)/DestOutputProfile %d 0 R>>" % profile
    )
    images = b"".join(
        b"/I%d %d 0 R" % (place, objects.add(image_object(picture))) for place, picture in enumerate(pictures)
    )
    resources = objects.add(b"<</Font<<%s>>/XObject<<%s>>>>" % (fonts, images))
    # Fields are drawn by the program that fills them, in its own Helvetica.
    helvetica = (
        objects.add(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>") if fields else 0
    )
    return _Shared(Objects.after(objects), resources, intent, helvetica)


def image_object(picture: Picture) -> bytes:
    """A picture as an object of a file."""
    entries = b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8" % (
        picture.width,
        picture.height,
    )
    return stream(picture.data, entries + b"/Filter/FlateDecode", deflated=True)


def _looks(objects: Objects, widget: Widget) -> bytes:
    box = b"/Type/XObject/Subtype/Form/BBox[0 0 %.2f %.2f]/Resources<<>>" % (widget.width, widget.height)
    drawn = [(state.encode(), objects.add(stream(look.encode("ascii"), box))) for state, look in widget.looks]
    if not drawn[0][0]:
        return b"/AP<</N %d 0 R>>" % drawn[0][1]
    return b"/AP<</N<<%s>>>>" % b"".join(b"/%s %d 0 R" % one for one in drawn)


def _xml(text: str) -> str:
    return escape("".join(sign for sign in text if sign >= " " or sign in "\t\n"))


def _described(prefix: str, space: str, body: str) -> str:
    return f'<rdf:Description rdf:about="" xmlns:{prefix}="{space}">{body}</rdf:Description>'


def _alternative(name: str, text: str) -> str:
    return f'<dc:{name}><rdf:Alt><rdf:li xml:lang="x-default">{text}</rdf:li></rdf:Alt></dc:{name}>'
