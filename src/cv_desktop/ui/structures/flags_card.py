"""What the service must not forget of a structure: its alerts, its flags raised and lifted with their reasons."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from cv_desktop.db.queries import structure_flags as queries
from cv_desktop.db.queries import usual_reasons
from cv_desktop.db.queries.structure_flags import FlagRow
from cv_desktop.db.queries.structures import StructureRecord
from cv_desktop.domain.dates import local, long_date
from cv_desktop.domain.structure_alerts import FLAG_KINDS
from cv_desktop.domain.text import stopped
from cv_desktop.services import structure_flags
from cv_desktop.ui import dialogs, icons, theme
from cv_desktop.ui.card import Card
from cv_desktop.ui.context import Context


class FlagsCard(Card):
    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__("Alertes", parent=parent)
        self._context = context
        self._record: StructureRecord | None = None
        self.alerts = QLabel()
        self.alerts.setWordWrap(True)
        theme.set_type(self.alerts, "body", "warning", 500)
        self.alerts.setTextFormat(Qt.TextFormat.PlainText)
        self.raise_button = QPushButton("Signaler…")
        theme.set_kind(self.raise_button, "secondary", small=True)
        icons.dress(self.raise_button, "flag", "text", 16)
        self.raise_button.clicked.connect(self.signal)
        self.add_action(self.raise_button)
        self.lines = QVBoxLayout()
        self.lines.setSpacing(4)
        self.add(self.alerts)
        self.body.addLayout(self.lines)
        self.lift_buttons: dict[str, QPushButton] = {}

    def show_record(self, record: StructureRecord) -> None:
        self._record = record
        self.alerts.setText("\n".join(record.alerts) or "Rien à signaler.")
        theme.set_type(self.alerts, "body", "warning" if record.alerts else "secondary", 500 if record.alerts else 400)
        theme.repolish(self.alerts)
        while (item := self.lines.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.lift_buttons.clear()
        for flag in self._context.read(queries.rows, structure_id=record.id):
            self._add(flag)

    def _add(self, flag: FlagRow) -> None:
        if flag.in_force:
            self.lines.addWidget(self._lift_button(flag), 0, Qt.AlignmentFlag.AlignLeft)
        else:
            self.lines.addWidget(self._lifted(flag))

    def signal(self) -> None:
        record = self._record
        if record is None:
            return
        given = dialogs.ask_motive(
            self,
            f"Signaler {record.name}",
            ["Le signalement paraît dans la liste, sur la fiche et dans les alertes, jusqu’à ce qu’il soit levé."],
            "Signaler",
            reasons=tuple(FLAG_KINDS.values()),
        )
        if given is None:
            return
        word, reason = given
        kind = next(key for key, label in FLAG_KINDS.items() if label == word)
        self._context.do(
            f"signalement, {word}", structure_flags.raise_flag, structure_id=record.id, kind=kind, reason=reason
        )

    def lift(self, flag: FlagRow) -> None:
        title = f"Lever le signalement « {FLAG_KINDS[flag.kind]} » ?"
        reason = dialogs.ask_reason(
            self,
            title,
            [f"Signalé par {flag.author} : {flag.reason}"],
            "Lever",
            reasons=self._context.read(usual_reasons.of_gesture, "signalement_leve"),
        )
        if reason is not None:
            self._context.do("signalement levé", structure_flags.lift, flag_id=flag.id, reason=reason)
            self.raise_button.setFocus()  # the button that was pressed is gone with the flag

    def _lift_button(self, flag: FlagRow) -> QPushButton:
        button = QPushButton(f"Lever « {FLAG_KINDS[flag.kind]} », signalé par {flag.author}…")
        theme.set_kind(button, "secondary", small=True)
        button.clicked.connect(lambda: self.lift(flag))
        self.lift_buttons[flag.id] = button
        return button

    def _lifted(self, flag: FlagRow) -> QLabel:
        day = long_date(local(flag.lifted_at).date()) if flag.lifted_at else ""
        label = QLabel(
            f"{FLAG_KINDS[flag.kind]}, depuis le {long_date(flag.since)} : {stopped(flag.reason)} "
            f"Levé le {day} par {flag.lifted_by} : {stopped(flag.lifted_reason)}"
        )
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        theme.set_type(label, "secondary", "secondary")
        return label
