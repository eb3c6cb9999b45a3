"""Head of the first page: letterhead, service and references, addressee in the window of the envelope."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cv_desktop.documents.sheet import Sheet, picture
from cv_desktop.documents.style import (
    ACCENT,
    ACCENT_LIGHT,
    ADDRESSEE,
    BODY,
    GREY,
    KIND,
    LEFT,
    MM,
    NAME,
    SERVICE,
    SERVICE_NAME,
    WHITE,
    Style,
)
from cv_desktop.documents.typeset import NBSP, Row, fitted, spans, wrap
from cv_desktop.domain.letters import LetterContent, Line, Span

_LOGO_HEIGHT, _LOGO_WIDTH = 15.0, 70.0
FOLDS = (99.0, 198.0)
_ADDRESS_LEFT, _ADDRESS_WIDTH = 105.0, 85.0


@dataclass(frozen=True, slots=True)
class Window:
    """Part of the sheet an envelope shows whatever the folded sheet does inside."""

    top: float
    lines: int


# By the height of the window of the envelope, in millimetres.
WINDOWS = {45: Window(50.0, 6), 35: Window(55.0, 5)}


def draw(sheet: Sheet, content: LetterContent, logo: bytes | None) -> None:
    """All that stands above the object, and the fold marks."""
    window = WINDOWS[content.window]
    letterhead(sheet, content, logo)
    _service(sheet, content)
    rows, style = addressee_rows(content.addressee, window.lines)
    sheet.rows(rows, _ADDRESS_LEFT, window.top, style)
    sheet.rows(wrap(content.place_date, BODY, _ADDRESS_WIDTH * MM), _ADDRESS_LEFT, 91.5, BODY)
    for fold in FOLDS:
        sheet.rule(5, fold, 4, thickness=0.2, colour=GREY)


def letterhead(sheet: Sheet, content: LetterContent, logo: bytes | None) -> None:
    """The logo, or a neutral mark, with the name of the authority unless the picture carries it."""
    if logo:
        image = picture(logo, _LOGO_WIDTH, _LOGO_HEIGHT)
        ratio = image.width / image.height
        height = min(_LOGO_HEIGHT, _LOGO_WIDTH / ratio)
        width = height * ratio
        said = f"Logo{NBSP}: {content.authority_kind} {content.authority}".rstrip()
        sheet.image(image, LEFT, 13, width, height, said=said)
    else:
        width = 13.0
        sheet.block(LEFT, 13, width, width, colour=ACCENT, radius=0.8)
        for shift, colour in ((4.5, ACCENT_LIGHT), (8.6, WHITE)):
            y = 13 + shift
            points = [(1.9, 0.1), (3.6, -1.9), (4.9, -1.5), (6.4, 0.3), (7.9, 2.1), (9.3, 2.0), (11.1, 0.1)]
            sheet.wave([(LEFT + x, y + dy) for x, dy in points], thickness=1.1, colour=colour)
    if width > 45:  # a wide picture already carries the name
        return
    x = LEFT + width + 3.5
    room = (LEFT + 100 - x) * MM
    name = fitted(spans(content.authority), NAME, room, 1)
    sheet.rows(name[0], x, 12.9, name[1])
    kind = fitted(spans(content.authority_kind), KIND, room, 1)
    sheet.rows(kind[0], x, 18.4, kind[1])


def _service(sheet: Sheet, content: LetterContent) -> None:
    """Direction, agent and references: 63 mm wide, 45 mm high, set smaller rather than longer."""
    for percent in range(100, 59, -5):
        style, bold = SERVICE.scaled(percent / 100), SERVICE_NAME.scaled(percent / 100)
        direction = wrap(spans(content.direction), bold, 63 * MM)
        agent = [row for line in content.agent for row in wrap(line, style, 63 * MM)]
        references = [row for line in content.references for row in wrap(line, style, 63 * MM)]
        if (len(direction) + len(agent) + len(references)) * style.line + 2.2 <= 45:
            break
    y = sheet.rows(direction, LEFT, 38, bold)
    y = sheet.rows(agent, LEFT, y, style)
    sheet.rows(references, LEFT, y + 2.2, style)


def addressee_rows(lines: tuple[Line, ...], most: int) -> tuple[list[Row], Style]:
    """Rows of an address, ``most`` at most, 38 signs a row as the post wants it, smaller when that is not enough.

    An address that is too long even so keeps its room, with more rows set closer; nothing leaves the window.
    """
    bound = [_numbered(line) for line in lines]
    height = most * ADDRESSEE.leading
    for size, signs in ((11.0, 38), (10.5, 38), (10.0, 44), (9.5, 48), (9.0, 52), (8.5, 54), (8.0, 58)):
        style = replace(ADDRESSEE, size=size)
        rows = _address(bound, style, signs)
        if len(rows) <= most:
            return rows, style
    for size in (8.5, 8.0, 7.5, 7.0, 6.5, 6.0):
        style = replace(ADDRESSEE, size=size)
        rows = _address(bound, style, 1000)
        style = replace(style, leading=min(ADDRESSEE.leading, height / len(rows)))
        if style.leading >= 1.1 * size:
            return rows, style
    # The town stays; what is before it ends with an ellipsis.
    style = replace(style, leading=1.1 * size)
    town = wrap(bound[-1], style, _ADDRESS_WIDTH * MM)[-1:]
    kept = rows[: int(height / style.leading) - 1]
    text = "".join(piece.text for piece in kept[-1].pieces)
    kept[-1:] = wrap(spans(text[:-3] + "…"), style, _ADDRESS_WIDTH * MM)[:1]
    return [*kept, *town], style


def _address(lines: list[Line], style: Style, signs: int) -> list[Row]:
    return [row for line in lines for row in wrap(line, style, _ADDRESS_WIDTH * MM, signs)]


def _numbered(line: Line) -> Line:
    """« 12 allée » on one row: the first space after a number does not break."""
    if not line or line[0].missing:
        return line
    first, separator, rest = line[0].text.partition(" ")
    if first.rstrip(",").isdigit() and len(first) < 5:
        return (Span(f"{first}{NBSP if separator else ''}{rest}"), *line[1:])
    return line
