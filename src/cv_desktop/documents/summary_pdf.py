"""One A4 page of figures and remarks (end of a campaign, statement of an import)."""

from __future__ import annotations

from collections.abc import Sequence

from cv_desktop.documents.fonts import register
from cv_desktop.documents.sheet import Sheet
from cv_desktop.documents.style import ACCENT, BODY, GREY, LEFT, MM, NOTES, RIGHT, Style
from cv_desktop.documents.typeset import spans, wrap

_WIDTH = RIGHT - LEFT
_TITLE = Style(18, 23, bold=True, colour=ACCENT)
_VALUE = Style(15, 18, bold=True)
_HEADING = Style(11.5, 15, bold=True, colour=ACCENT)
_COLUMNS = 3
_BOTTOM = 280.0
_TIGHTEST = 60


def render(title: str, figures: Sequence[tuple[str, str]], sections: Sequence[tuple[str, Sequence[str]]]) -> bytes:
    """The PDF of a summary: key figures in three columns, then headed lists of sentences.

    It holds on one page: set smaller down to 60 %, then the last lines give way to their number.
    """
    register()
    sheet = Sheet(title=title, author="", subject="Bilan")
    y = sheet.rows(wrap(spans(title), _TITLE, _WIDTH * MM), LEFT, 18, _TITLE) + 2
    sheet.rule(LEFT, y, _WIDTH, thickness=0.3, colour=GREY)
    y += 5
    for percent in range(100, _TIGHTEST - 1, -5):
        factor = percent / 100
        if _draw(None, y, figures, sections, factor) <= _BOTTOM or percent == _TIGHTEST:
            _draw(sheet, y, figures, sections, factor)
            break
    return sheet.finish()


def _draw(
    sheet: Sheet | None,
    y: float,
    figures: Sequence[tuple[str, str]],
    sections: Sequence[tuple[str, Sequence[str]]],
    factor: float,
) -> float:
    """Lay everything out below y and return where it ends; without a sheet nothing is drawn nor left out."""
    y = _figures(sheet, y, figures, factor)
    heading, body, notes = _HEADING.scaled(factor), BODY.scaled(factor), NOTES.scaled(factor)
    for index, (name, sentences) in enumerate(sections):
        left_out = sum(len(others) for _, others in sections[index:])
        if sheet and y + heading.line + 2 * body.line > _BOTTOM:
            _more(sheet, y, left_out, notes)
            return y
        head = wrap(spans(name), heading, _WIDTH * MM)
        if sheet:
            sheet.rows(head, LEFT, y, heading)
        y += len(head) * heading.line + 1 * factor
        for sentence in sentences:
            rows = wrap(spans(sentence), body, (_WIDTH - 5) * MM)
            if sheet and y + (len(rows) + 1) * body.line > _BOTTOM + body.line:
                _more(sheet, y, left_out, notes)
                return y
            if sheet:
                sheet.rows(wrap(spans("–"), body, 4 * MM), LEFT + 1, y, body)
                sheet.rows(rows, LEFT + 5, y, body)
            left_out -= 1
            y += len(rows) * body.line + 0.8 * factor
        y += 3.5 * factor
    return y


def _figures(sheet: Sheet | None, y: float, figures: Sequence[tuple[str, str]], factor: float) -> float:
    value_style, label_style = _VALUE.scaled(factor), NOTES.scaled(factor)
    column = _WIDTH / _COLUMNS
    for start in range(0, len(figures), _COLUMNS):
        bottom = y
        for index, (label, value) in enumerate(figures[start : start + _COLUMNS]):
            x = LEFT + index * column
            values = wrap(spans(value), value_style, (column - 4) * MM)
            labels = wrap(spans(label), label_style, (column - 4) * MM)
            below = y + len(values) * value_style.line
            if sheet:
                sheet.rows(values, x, y, value_style)
                sheet.rows(labels, x, below, label_style)
            bottom = max(bottom, below + len(labels) * label_style.line)
        y = bottom + 4 * factor
    return y + 2 * factor


def _more(sheet: Sheet, y: float, count: int, style: Style) -> None:
    text = "… et une autre ligne." if count == 1 else f"… et {count} autres lignes."
    sheet.rows(wrap(spans(text), style, _WIDTH * MM), LEFT, y, style)
