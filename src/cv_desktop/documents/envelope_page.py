"""The page that is printed to try the envelopes of the service: where their window falls, and whether sizes are kept.

The folded sheet slides in its envelope, 10 mm sideways and 11 mm up and down: what is always seen, and what is
sometimes seen, are drawn (model letter of the house: DL envelope of 220 x 110, window 20 mm from its right and bottom).
"""

from __future__ import annotations

from dataclasses import replace

from cv_desktop.documents.letter_head import FOLDS, WINDOWS, addressee_rows
from cv_desktop.documents.sheet import Sheet
from cv_desktop.documents.style import ACCENT, BODY, FOLIO, GREY, INK, LABEL, LEFT, MM
from cv_desktop.documents.typeset import NBSP, spans, wrap

_ADDRESSEE = (
    "Association Exemple de l’Almont",
    "Madame la Présidente",
    "Maison des associations, bâtiment B",
    "12 allée du Modèle",
    "BP 30187",
    "77350 LE MÉE-SUR-SEINE",
)
# Left, top, right, bottom of the sheet, in millimetres; the bottom of what is seen is the same for both windows.
_SOMETIMES = (90.0, 34.0, 200.0, 90.0)
_ALWAYS = {45: (100.0, 45.0, 190.0, 79.0), 35: (100.0, 55.0, 190.0, 79.0)}
_RULER = 100
_STEPS = (
    f"Imprimez cette page à la taille réelle (100{NBSP}%, sans l’ajuster à la page), sur le papier des courriers.",
    f"Mesurez la règle du bas{NBSP}: elle fait 100{NBSP}mm. Si ce n’est pas le cas, l’imprimante change les tailles.",
    "Pliez aux deux repères de gauche, l’adresse en dehors, puis glissez la page dans une enveloppe à fenêtre.",
    "Secouez l’enveloppe de haut en bas, puis de gauche à droite. Dans la fenêtre, l’adresse reste entière, et rien de "
    "ce qui est hors du grand cadre ne paraît.",
    f"Si le haut de l’adresse est caché, choisissez la fenêtre de 35{NBSP}mm dans Réglages, Page des courriers, "
    "puis imprimez cette page de nouveau.",
)


def render(window: int) -> bytes:
    """The page for envelopes whose window is 45 or 35 mm high. Same window, same bytes."""
    sheet = Sheet(title=f"Page de réglage, fenêtre de {window} mm", author="CV Desktop", subject="Réglage", archive=3)
    sheet.rows(wrap(spans("Page de réglage des enveloppes"), LABEL, 60 * MM), LEFT, 13, replace(LABEL, size=13))
    told = f"Fenêtre de 100{NBSP}×{NBSP}{window}{NBSP}mm, à 20{NBSP}mm de la droite et du bas"
    sheet.rows(wrap(spans(told), BODY, 150 * MM), LEFT, 20, BODY)
    _frames(sheet, window)
    rows, style = addressee_rows(
        tuple(spans(x) for x in _ADDRESSEE if window == 45 or x != "BP 30187"), WINDOWS[window].lines
    )
    sheet.rows(rows, 105, WINDOWS[window].top, style)
    y = 112.0
    for number, step in enumerate(_STEPS, 1):
        sheet.rows(wrap(spans(f"{number}."), LABEL, 8 * MM), LEFT, y, LABEL)
        y = sheet.rows(wrap(spans(step), BODY, 155 * MM), LEFT + 8, y, BODY) + 2.5
    for fold in FOLDS:
        sheet.rule(5, fold, 12, thickness=0.2, colour=INK)
        sheet.rows(wrap(spans("pli"), FOLIO, 10 * MM), 18, fold - 1.6, FOLIO, part=None)
    _ruler(sheet, 25.0, 262.0)
    _upright(sheet, 14.0, 112.0)
    return sheet.finish()


def _frames(sheet: Sheet, window: int) -> None:
    for (left, top, right, bottom), colour, words in (
        (_SOMETIMES, GREY, "parfois vu"),
        (_ALWAYS[window], ACCENT, "toujours vu"),
    ):
        sheet.frame(left, top, right - left, bottom - top, thickness=0.3, colour=colour)
        grey = replace(FOLIO, colour=colour)
        named = wrap(spans(words), grey, 30 * MM)
        sheet.rows(named, right - 31.5, bottom - 3.6, grey, width=30, align="right", part=None)


def _ruler(sheet: Sheet, x: float, y: float) -> None:
    """Ten centimetres from ``x``, a mark each millimetre."""
    sheet.rule(x, y, _RULER, thickness=0.25, colour=INK)
    for millimetre in range(_RULER + 1):
        height = 5.0 if millimetre % 10 == 0 else 3.5 if millimetre % 5 == 0 else 2.0
        sheet.block(x + millimetre - 0.1, y - height, 0.2, height, colour=INK)
        if millimetre % 10 == 0:
            rows = wrap(spans(str(millimetre)), FOLIO, 10 * MM)
            sheet.rows(rows, x + millimetre - 5, y + 1, FOLIO, width=10, align="center", part=None)


def _upright(sheet: Sheet, x: float, y: float) -> None:
    """Ten centimetres down from ``y``."""
    sheet.block(x, y, 0.25, _RULER, colour=INK)
    for millimetre in range(0, _RULER + 1, 5):
        width = 5.0 if millimetre % 10 == 0 else 3.0
        sheet.rule(x, y + millimetre, width, thickness=0.2, colour=INK)
        if millimetre % 10 == 0:
            sheet.rows(wrap(spans(str(millimetre)), FOLIO, 8 * MM), x - 8.5, y + millimetre - 1.6, FOLIO,
                       width=8, align="right", part=None)  # fmt: skip
