"""The tasks as rows of a grouped table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cv_desktop.db.queries.tasks import Task
from cv_desktop.domain.dates import WEEKDAYS
from cv_desktop.ui.home.wording import GROUPS, LATE, MEETING, NEXT, NOW, WEEK, Words, due_words, group_of, words
from cv_desktop.ui.tables.columns import Band, Column


@dataclass(frozen=True, slots=True)
class Line:
    """A task with its words, or the title of a group."""

    id: str
    task: Task | None = None
    words: Words | None = None
    due: str = ""
    late: bool = False
    band: Band | None = None


def lines(tasks: Sequence[Task], today: date) -> list[Line]:
    """The tasks under the titles of their groups, by date in each; those without a date last."""
    result: list[Line] = []
    for group in GROUPS:
        found = [t for t in tasks if group_of(t, today) == group]
        if not found:
            continue
        found.sort(key=lambda t: (t.due is None, t.due or date.max))
        result.append(Line(f"group:{group}", band=_band(group, found, today)))
        result += [Line(t.id, t, words(t, today), due_words(t.due, today), group == LATE) for t in found]
    return result


def _band(group: str, tasks: Sequence[Task], today: date) -> Band:
    title, icon, status = {
        LATE: ("En retard", "triangle-alert", "danger"),
        MEETING: ("Avant la séance", "flag", "warning"),
        NOW: ("Dès maintenant", "list-todo", ""),
        WEEK: ("Cette semaine", "calendar", ""),
        NEXT: ("Ensuite", "calendar", ""),
    }[group]
    if group == MEETING and len({t.target for t in tasks}) == 1 and (due := tasks[0].due):
        title = f"Avant la séance {_said(due, today)}"
    return Band(title, str(len(tasks)), icon, status)


def _said(due: date, today: date) -> str:
    if due == today:
        return "d’aujourd’hui"
    if 0 < (due - today).days < 7:
        return f"de {WEEKDAYS[due.weekday()]}"
    return f"du {due_words(due, today)}"


def _words(line: Line) -> Words:
    return line.words or Words("", "", "", "")


def columns() -> list[Column[Line]]:
    return [
        Column("due", "Échéance", lambda x: x.due, width=92, weight=500),
        Column(
            "what",
            "À faire",
            lambda x: _words(x).title,
            width=260,
            stretch=True,
            weight=500,
            second=lambda x: _words(x).detail,
            accessible=_sentence,
        ),
        Column("reason", "Motif", lambda x: _words(x).reason, width=244, tone="secondary"),
        Column("go", "", lambda _x: "", width=172, align="right", button=lambda x: _words(x).button),
    ]


def _sentence(line: Line) -> str:
    said = _words(line)
    due = f", échéance {line.due}{', en retard' if line.late else ''}" if line.due else ""
    return f"{said.title}, {said.detail}, {said.reason}{due}"
