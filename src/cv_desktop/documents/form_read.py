"""Reads the boxes of a PDF form, with the words printed beside each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pypdfium2

from cv_desktop.documents.given_file import given
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.filled_form import Box
from cv_desktop.domain.text import quote

MAX_BYTES = 60_000_000
MAX_BOXES = 5_000
DAMAGED = "Ce PDF est incomplet ou abîmé. Téléchargez-le de nouveau."
_DEEPEST = 20
_TAIL = 2048
_TALL = 24.0
# Words further apart than a gap belong to different boxes; above, within so much (in points).
_GAP, _ABOVE = 14.0, 14.0

Rect = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class FormFile:
    """``printed`` is the text of the pages, which says which form it is."""

    boxes: tuple[Box, ...]
    printed: str


@dataclass(frozen=True, slots=True)
class _Widget:
    name: str
    label: str
    value: str
    page: int
    rect: Rect
    button: bool
    state: str


@dataclass(frozen=True, slots=True)
class _Run:
    rect: Rect
    text: str


def has_boxes(path: Path) -> bool:
    """Whether a PDF has boxes to fill. False for one that is protected or damaged: whoever reads it says so."""
    try:
        with pikepdf.open(path) as pdf:
            return bool(list(_widgets(pdf)))
    except pikepdf.PdfError:
        return False


def read_form(path: Path) -> FormFile:
    """The boxes of a PDF form in the order of the file, filled or not.

    Raises UserError when it is no PDF, protected, damaged, or beyond any form; Unavailable when it cannot be read.
    """
    content = _content(path)
    try:
        with pikepdf.open(path) as pdf:
            widgets = list(_widgets(pdf))
            if not widgets and _dynamic(pdf):
                raise UserError(
                    "Ce PDF est un formulaire dynamique d’Adobe (XFA)\u00a0: ses champs ne se lisent que dans Adobe "
                    "Reader. Saisissez le dossier avec «\u00a0Saisie rapide\u00a0» et joignez le PDF aux pièces."
                )
        document = pypdfium2.PdfDocument(content)
    except pikepdf.PasswordError:
        raise UserError(
            "Ce PDF est protégé par un mot de passe. Demandez une copie sans mot de passe, puis recommencez."
        ) from None
    except (pikepdf.PdfError, pypdfium2.PdfiumError):
        raise UserError(DAMAGED) from None
    try:
        pages = [document[number].get_textpage() for number in range(len(document))]
        printed = "\n".join(page.get_text_range() for page in pages)
        runs = [_runs(page) for page in pages]
        named: dict[str, list[_Widget]] = {}
        for widget in widgets:
            named.setdefault(widget.name, []).append(widget)
        boxes = tuple(_box(several, runs) for several in named.values())
        for page in pages:
            page.close()
    finally:
        document.close()
    return FormFile(boxes, printed)


def _content(path: Path) -> bytes:
    with given(path):
        if path.stat().st_size > MAX_BYTES:
            raise UserError(f"Ce PDF pèse plus de {MAX_BYTES // 1_000_000} Mo : ce n’est pas un formulaire.")
        content = path.read_bytes()
    if b"%PDF-" not in content[:1024]:
        raise UserError(f"{quote(path.name)} n’est pas un PDF.")
    # A reader mends what it can of a cut file: half a form would then pass for a whole one.
    if b"%%EOF" not in content[-_TAIL:]:
        raise UserError(DAMAGED)
    return content


def _dynamic(pdf: pikepdf.Pdf) -> bool:
    form = pdf.Root.get("/AcroForm")
    return isinstance(form, pikepdf.Dictionary) and "/XFA" in form


def _box(widgets: Sequence[_Widget], runs: Sequence[Sequence[_Run]]) -> Box:
    """The widgets of one name are one box: a text shown twice, or buttons of which one is chosen."""
    first = widgets[0]
    around = runs[first.page]
    if not first.button:
        return Box(first.name, first.label, _beside(around, first.rect), first.value)
    if len(widgets) == 1:
        beside = _right(around, first.rect) or _beside(around, first.rect)
        return Box(first.name, first.label, beside, first.value, tick=True)
    chosen = next((w for w in widgets if w.value), None)
    said = (_right(runs[chosen.page], chosen.rect) or chosen.state) if chosen else ""
    return Box(first.name, first.label, _beside(around, first.rect), said)


def _widgets(pdf: pikepdf.Pdf) -> Iterator[_Widget]:
    form = pdf.Root.get("/AcroForm")
    if not isinstance(form, pikepdf.Dictionary):
        return
    # A box is a field or the child of one; what it lacks it has from its parent.
    for number, page in enumerate(pdf.pages):
        for count, annotation in enumerate(page.get("/Annots", pikepdf.Array())):
            if count >= MAX_BOXES:
                raise UserError("Ce PDF a trop de champs pour un formulaire de demande.")
            if annotation.get("/Subtype") == "/Widget" and "/Rect" in annotation:
                one, two, three, four = (float(side) for side in annotation.Rect)
                rect = (min(one, three), min(two, four), max(one, three), max(two, four))
                if name := _name(annotation):
                    label, button = _text(_inherited(annotation, "/TU")), _inherited(annotation, "/FT") == "/Btn"
                    state = str(annotation.get("/AS", "")).lstrip("/")
                    yield _Widget(name, label, _value(annotation), number, rect, button, state)


def _name(field: pikepdf.Object) -> str:
    parts: list[str] = []
    for _ in range(_DEEPEST):
        if "/T" in field:
            parts.append(str(field.T))
        if "/Parent" not in field:
            break
        field = field.Parent
    return ".".join(reversed(parts))


def _inherited(field: pikepdf.Object, key: str) -> pikepdf.Object | None:
    for _ in range(_DEEPEST):
        if key in field:
            return field[key]
        if "/Parent" not in field:
            return None
        field = field.Parent
    return None


def _value(field: pikepdf.Object) -> str:
    kind, value = _inherited(field, "/FT"), _inherited(field, "/V")
    if kind == "/Btn":
        state = field.get("/AS", value)
        return "oui" if state is not None and str(state) not in ("/Off", "") else ""
    if isinstance(value, pikepdf.Array):
        return ", ".join(_text(item) for item in value)
    return _text(value)


def _text(value: object) -> str:
    """A text of the file without its control characters, line breaks kept."""
    if value is None or isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
        return ""
    plain = str(value).replace("\r\n", "\n").replace("\r", "\n")
    # A no-break space is not « printable », yet without it two words become one.
    return "".join(sign for sign in plain if sign in "\n\u00a0\u202f" or sign.isprintable()).strip()


def _runs(page: pypdfium2.PdfTextPage) -> list[_Run]:
    """The printed pieces of text of a page, with their places."""
    rects = [page.get_rect(number) for number in range(page.count_rects())]
    return [_Run(rect, text) for rect in rects if (text := str(page.get_text_bounded(*rect)).strip())]


def _right(runs: Sequence[_Run], rect: Rect) -> str:
    """The words that follow a button on its line, next to it: those that name it on printed forms."""
    _left, bottom, right, top = rect
    middle = (bottom + top) / 2
    said: list[str] = []
    reached = right
    for run in sorted(runs, key=lambda run: run.rect[0]):
        if run.rect[1] - 2 <= middle <= run.rect[3] + 2 and run.rect[0] >= right - 2:
            if run.rect[0] - reached > _GAP:
                break
            said.append(run.text)
            reached = run.rect[2]
    return " ".join(said)


def _beside(runs: Sequence[_Run], rect: Rect) -> str:
    """The words on the line of a box, to its left and next to each other; else those just above it."""
    left, bottom, right, top = rect
    # The words of a tall box stand beside its first line.
    middle = (bottom + top) / 2 if top - bottom <= _TALL else top - _TALL / 2
    on_line = [run for run in runs if run.rect[1] - 2 <= middle <= run.rect[3] + 2 and run.rect[2] <= left + _GAP]
    if not on_line and top - bottom > _TALL:
        beside = [r for r in runs if bottom <= (r.rect[1] + r.rect[3]) / 2 <= top and r.rect[2] <= left + _GAP]
        highest = max((run.rect[3] for run in beside), default=0.0)
        on_line = [run for run in beside if run.rect[3] > highest - 2]
    said: list[str] = []
    reached = None
    for run in sorted(on_line, key=lambda run: run.rect[2], reverse=True):
        if reached is not None and reached - run.rect[2] > _GAP:
            break
        said.append(run.text)
        reached = run.rect[0]
    if said:
        return " ".join(reversed(said))
    above = [r for r in runs if top - 2 <= r.rect[1] <= top + _ABOVE and r.rect[0] < right and r.rect[2] > left]
    return " ".join(run.text for run in sorted(above, key=lambda run: run.rect[0]))
