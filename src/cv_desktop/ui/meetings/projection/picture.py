"""The projected picture: drawn 900 high whatever the screen, always light, nothing smaller than 17."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter

from cv_desktop.db.queries.projection import CriterionShown, FileShown, RoomShown
from cv_desktop.domain.dates import long_date
from cv_desktop.domain.hours import spoken_moment
from cv_desktop.domain.money import euros, percent
from cv_desktop.domain.states import Opinion
from cv_desktop.domain.text import counted
from cv_desktop.ui.charts.dots import draw_dots
from cv_desktop.ui.charts.envelope_bar import Pattern, brush
from cv_desktop.ui.meetings.projection.paint import Pen
from cv_desktop.ui.tokens import LIGHT

HEIGHT = 900.0
MARGIN = 36.0
LEFT_WIDTH = 826.0
BAND, FOOT = 64.0, 104.0
PAPER, INK, SECONDARY, LINE = "#F7F8F4", "#18242C", "#43515A", "#C9CDC8"
NAVY, ON_NAVY, ACCENT, SOFT = "#12313D", "#FFFFFF", "#0F5C73", "#DFEDF1"
# Darker than on the desk: seven to one on the paper, seen from the end of a room.
TINTS = {
    "success": ("#17562F", "check"),
    "warning": ("#5F3800", "triangle-alert"),
    "danger": ("#7E1421", "x"),
}
BANDS = {"favorable": "success", "reserve": "warning", "defavorable": "danger"}
PAUSE, PAUSE_FILL = "#452C70", "#EDE7F7"
GAP, GAP_FILL = "#5F3800", "#FBEDCD"
OCHRE = "#F0C674"
ICONS = {
    Opinion.FAVORABLE: "thumbs-up",
    Opinion.RESERVED: "triangle-alert",
    Opinion.UNFAVORABLE: "thumbs-down",
    Opinion.ADJOURNED: "clock",
}


@dataclass(frozen=True, slots=True)
class Scene:
    """All that the screen shows. ``file`` None: a pause, ``pause`` says which and ``detail`` what is waited for."""

    room: RoomShown
    file: FileShown | None = None
    pause: str = ""
    detail: tuple[str, ...] = ()
    rank: int = 0
    time: str = ""
    gone: float = 0.0
    late: bool = False
    black: bool = False


def draw(painter: QPainter, width: float, scene: Scene) -> None:
    """Paint a scene on ``width`` × 900."""
    if scene.black:
        painter.fillRect(QRectF(0, 0, width, HEIGHT), QColor("#000000"))
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(QRectF(0, 0, width, HEIGHT), QColor(PAPER))
    pen = Pen(painter)
    _band(pen, width, scene)
    if scene.file is None:
        _pause(pen, width, scene)
        return
    _title(pen, width, scene.file)
    top = 178.0
    if scene.file.exits:
        _exits(pen, width, scene.file, top)
        top += 62
    _criteria(pen, scene.file, top)
    _opinion(pen, width, scene, top)
    _foot(pen, width, scene.file)


def sentence(scene: Scene) -> str:
    """The same for a screen reader."""
    if scene.black:
        return "Écran noir"
    file = scene.file
    if file is None:
        return " ".join((scene.pause, *scene.detail))
    said = [f"Dossier {file.rank} sur {scene.room.total}, {file.structure}, {file.title}."]
    if file.note:
        said.append(f"Note du comité {file.note} sur 100, bande {file.band.lower()}.")
    if file.opinion:
        said.append(f"Avis {file.opinion.label.lower()}.")
    if file.amount_cents:
        said.append(f"Montant proposé {euros(file.amount_cents)}.")
    return " ".join(said)


def _band(pen: Pen, width: float, scene: Scene) -> None:
    pen.fill(0, 0, width, BAND, NAVY)
    room = scene.room
    x = pen.text(MARGIN, 19, room.label, 19, ON_NAVY, 600) + 28
    day = long_date(room.held_on, weekday=True)
    pen.text(x, 19, day[0].upper() + day[1:], 19, "#D3E0E5")
    right = width - MARGIN
    if scene.time:
        word, _space, clock = scene.time.rpartition(" ")
        right = pen.text_right(right, 13, clock, 31, ON_NAVY, 600) - 8
        right = pen.text_right(right, 22, word, 19, "#D3E0E5") - 34
    if scene.rank:
        right = pen.text_right(right, 19, f"Dossier {scene.rank} sur {room.total}", 19, "#D3E0E5") - 34
    quorum = "quorum atteint" if room.reached else "quorum non atteint"
    words = f"{counted(room.present, 'présent')}, {quorum}"
    right = pen.text_right(right, 19, words, 19, ON_NAVY if room.reached else OCHRE, 400 if room.reached else 600)
    pen.icon(right - 32, 20, 24, "users" if room.reached else "triangle-alert", ON_NAVY if room.reached else OCHRE)
    gone = width * scene.gone
    pen.fill(0, BAND, width, 5, "#DCDDD7")
    if scene.late:
        pen.pattern(0, BAND, width, 5, QBrush(QColor("#B7741C"), Qt.BrushStyle.BDiagPattern))
    else:
        pen.fill(0, BAND, gone, 5, "#B7741C")


def _pause(pen: Pen, width: float, scene: Scene) -> None:
    pen.icon(width / 2 - 32, 300, 64, "eye-off", PAUSE)
    pen.text_middle(width / 2, 396, scene.pause, 42, INK, 600, most=width - 2 * MARGIN)
    y = 470.0
    for line in scene.detail:
        pen.text_middle(width / 2, y, line, 26, SECONDARY, most=width - 2 * MARGIN)
        y += 42


def _title(pen: Pen, width: float, file: FileShown) -> None:
    figures = [("Demandé", euros(file.asked_cents)), ("Budget de l’action", euros(file.cost_cents))]
    if file.quarter_share:
        figures.append(("Public QPV", file.quarter_share))
    x = width - MARGIN
    for label, value in reversed(figures):
        wide = max(pen.width(label, 19), pen.width(value, 31, 600)) + 40
        x -= wide
        pen.fill(x, 88, 1, 66, LINE)
        pen.text(x + 26, 88, label, 19, SECONDARY)
        pen.text(x + 26, 116, value, 31, INK, 600)
    room = x - MARGIN - 24
    where = "  ·  ".join(part for part in (file.structure, file.place) if part)
    pen.text(MARGIN, 88, where, 21, SECONDARY, most=room)
    size = 42 if pen.width(file.title, 42, 600) <= room else 31
    pen.text(MARGIN, 116 + (42 - size) / 2, file.title, size, INK, 600, most=room)


def _exits(pen: Pen, width: float, file: FileShown, top: float) -> None:
    pen.fill(MARGIN, top, width - 2 * MARGIN, 44, PAUSE_FILL)
    pen.fill(MARGIN, top, 5, 44, PAUSE)
    pen.icon(MARGIN + 22, top + 10, 24, "door-open", PAUSE)
    x = pen.text(MARGIN + 58, top + 9, f"{counted(len(file.exits), 'déport')}.", 21, PAUSE, 600) + 8
    said = []
    for body, at in file.exits:
        who = f"Pour {body}" if body else "Un membre"
        said.append(f"{who}, sortie à {spoken_moment(at)}." if at else f"{who}, absence.")
    pen.text(x, top + 9, " ".join((*said, "Sans accès au dossier.")), 21, PAUSE, most=width - MARGIN - 16 - x)


def _criteria(pen: Pen, file: FileShown, top: float) -> None:
    if not file.criteria:
        pen.icon(MARGIN, top + 60, 32, "lock", SECONDARY)
        words = f"{counted(file.sheets, 'grille rendue')}. Les notes se voient après la révélation."
        pen.text(MARGIN + 46, top + 60, words, 26, SECONDARY, most=LEFT_WIDTH - 46)
        return
    pen.text(MARGIN + 14, top + 4, counted(file.sheets, "grille révélée"), 21, INK, 600)
    pen.text_right(MARGIN + 700, top + 4, "Moy.", 19, SECONDARY, 600)
    scales = {criterion.scale for criterion in file.criteria}
    axis = QRectF(MARGIN + 300, top, 310, 30)
    if len(scales) == 1:
        _axis(pen, axis, scales.pop())
    pen.fill(MARGIN, top + 36, LEFT_WIDTH, 2, INK)
    room = HEIGHT - FOOT - 20 - (top + 38)
    height = min(54.0, room / len(file.criteria))
    for place, criterion in enumerate(file.criteria):
        _criterion(pen, criterion, QRectF(MARGIN, top + 38 + place * height, LEFT_WIDTH, height), axis)


def _axis(pen: Pen, axis: QRectF, scale: int) -> None:
    levels = range(scale + 1) if scale <= 5 else (0, scale // 2, scale)
    left, right = axis.left() + 25, axis.right() - 25
    for level in levels:
        pen.text_middle(left + (right - left) * level / scale, axis.top() + 4, str(level), 19, SECONDARY, 600)


def _criterion(pen: Pen, criterion: CriterionShown, rect: QRectF, axis: QRectF) -> None:
    if criterion.gap:
        pen.fill(rect.x(), rect.y(), rect.width(), rect.height(), GAP_FILL)
    middle = rect.y() + rect.height() / 2
    fits = pen.width(criterion.label, 21) <= 286
    pen.lines(rect.x() + 14, middle, criterion.label, 21 if fits else 18, INK, 286)
    shrink = min(1.0, rect.height() / 54)
    dots = QRectF(axis.left(), rect.y(), axis.width(), rect.height())
    draw_dots(pen.painter, dots, criterion.levels, criterion.mean, criterion.scale, shrink, LIGHT)
    pen.text_right(rect.x() + 700, middle - 15, criterion.mean_shown, 23, INK, 600)
    if criterion.gap:
        pen.text(rect.x() + 716, middle - 12, f"↔ {criterion.gap}", 17, GAP, 600)
    pen.fill(rect.x(), rect.bottom(), rect.width(), 1, LINE)


def _opinion(pen: Pen, width: float, scene: Scene, top: float) -> None:
    file = scene.file
    assert file is not None
    x = MARGIN + LEFT_WIDTH + 30
    room = width - MARGIN - x
    y = top
    if file.note:
        pen.text(x, y, "Note du comité", 21, SECONDARY)
        right = pen.text(x, y + 22, file.note, 68, INK, 600)
        right = pen.text(right + 8, y + 62, "/ 100", 26, SECONDARY) + 18
        colour, icon = TINTS[BANDS.get(file.band_opinion, "warning")]
        pen.icon(right, y + 38, 22, icon, colour)
        pen.text(right + 30, y + 36, f"Bande {file.band.lower()}", 21, colour, 600, most=x + room - right - 30)
        pen.text(x, y + 102, file.range, 17, SECONDARY, most=room)
        y += 140
    pen.text(x, y, "Avis du comité", 21, SECONDARY)
    half = (room - 12) / 2
    for place, opinion in enumerate(Opinion):
        row, column = divmod(place, 2)
        _choice(pen, QRectF(x + column * (half + 12), y + 32 + row * 62, half, 52), opinion, file.opinion is opinion)
    y += 164
    pen.text(x, y, "Montant proposé", 21, SECONDARY)
    box = QRectF(x, y + 32, room * 0.62, 62)
    pen.frame(box, "#7E898E", 2)
    amount = file.amount_cents
    pen.text_right(box.right() - 18, box.y() + 6, euros(amount) if amount is not None else "–", 40, INK, 600)
    if amount is not None:
        share = percent(amount, file.asked_cents)
        pen.text(box.right() + 18, box.y() + 6, share, 23, INK, 600)
        pen.text(box.right() + 18, box.y() + 34, "de la demande", 17, SECONDARY, most=width - MARGIN - box.right() - 18)
    y += 108
    if y > HEIGHT - FOOT - 62:
        return
    pen.fill(x, y, room, 1, LINE)
    following = file.rank + 1
    if following <= scene.room.total:
        pen.icon(x, y + 20, 22, "eye-off", SECONDARY)
        words = f"Ensuite\u00a0: dossier {following} sur {scene.room.total}, après l’appel des déports."
        pen.text(x + 36, y + 16, words, 19, SECONDARY, most=room - 36)


def _choice(pen: Pen, rect: QRectF, opinion: Opinion, chosen: bool) -> None:
    pen.frame(rect, ACCENT if chosen else "#7E898E", 3 if chosen else 1.5, SOFT if chosen else "#FFFFFF")
    pen.icon(rect.x() + 18, rect.y() + 15, 22, ICONS[opinion], ACCENT if chosen else SECONDARY)
    pen.text(rect.x() + 54, rect.y() + 12, opinion.label, 21, INK, 600 if chosen else 500, most=rect.width() - 92)
    if chosen:
        pen.icon(rect.right() - 38, rect.y() + 15, 22, "check", ACCENT)


def _foot(pen: Pen, width: float, file: FileShown) -> None:
    top = HEIGHT - FOOT
    pen.fill(0, top, width, FOOT, "#FFFFFF")
    pen.fill(0, top, width, 1, LINE)
    held, own = file.buckets, file.own
    here = own.decided_cents + own.submitted_cents or (file.amount_cents or 0)
    parts: tuple[tuple[str, int, Pattern], ...] = (
        ("Engagé", held.decided_cents - own.decided_cents, "solid"),
        ("Soumis", held.submitted_cents - own.submitted_cents, "dots"),
        ("Marqué", held.marked_cents - own.marked_cents, "hatch"),
        ("Ce dossier", here, "second"),
    )
    x = pen.text(MARGIN, top + 20, f"Enveloppe {euros(held.envelope_cents)}", 19, SECONDARY) + 30
    for label, cents, pattern in parts:
        if cents > 0:
            pen.swatch(QRectF(x, top + 24, 20, 16), _brush(pattern), ACCENT)
            x = pen.text(x + 30, top + 20, f"{label} {euros(cents)}", 19, INK) + 26
    free = held.envelope_cents - sum(cents for _label, cents, _pattern in parts)
    right = pen.text_right(width - MARGIN, top + 20, "libres après ce dossier", 19, SECONDARY) - 8
    pen.text_right(right, top + 10, euros(free).replace("-", "−"), 31, INK if free >= 0 else "#7E1421", 600)
    _bar(pen, QRectF(MARGIN, top + 60, width - 2 * MARGIN, 22), held.envelope_cents, parts)


def _bar(pen: Pen, rect: QRectF, envelope: int, parts: Sequence[tuple[str, int, Pattern]]) -> None:
    total = max(envelope, sum(max(0, cents) for _l, cents, _p in parts), 1)
    pen.fill(rect.x(), rect.y(), rect.width(), rect.height(), "#FFFFFF")
    x = rect.x()
    for _label, cents, pattern in parts:
        wide = rect.width() * max(0, cents) / total
        pen.pattern(x, rect.y(), wide, rect.height(), _brush(pattern))
        x += wide
    pen.frame(rect, ACCENT, 1)


def _brush(pattern: Pattern) -> QBrush:
    return brush(pattern, chosen=LIGHT)
