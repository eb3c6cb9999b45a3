"""Règlement: each value with its article and what it forbids, typed in place."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from cv_desktop.db.queries import calls as queries
from cv_desktop.db.queries import rules as stored
from cv_desktop.db.queries import rules_words
from cv_desktop.db.queries.calls import ParameterRow
from cv_desktop.domain import rules_comparison
from cv_desktop.domain.comparison import compare
from cv_desktop.domain.dates import short_date
from cv_desktop.domain.errors import UserError
from cv_desktop.services import rules
from cv_desktop.ui import icons, theme
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.calls.comparison_view import ComparisonView
from cv_desktop.ui.calls.tab import Tab
from cv_desktop.ui.calls.version_bar import VersionBar
from cv_desktop.ui.chip import Chip
from cv_desktop.ui.context import Context
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.filter_field import FilterField
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

NBSP = "\u00a0"
UNITS = {
    "cents": "montant",
    "percent": "pourcentage",
    "days": "jours",
    "months": "mois",
    "count": "nombre",
    "date": "date",
    "month_day": "jour et mois",
    "flag": "oui ou non",
    "list": "liste",
    "text": "texte",
    "method": "méthode",
    "caps": "plafonds",
    "offsets": "jours",
}
SEVERITIES = {"block": "bloque", "warn": "avertit", "none": "–"}
TO_VALIDATE, VALIDATED = "à valider", "validé"


def severity_badge(row: ParameterRow) -> Badge | None:
    match row.parameter.severity:
        case "block":
            return Badge("bloque", "neutral", "ban")
        case "warn":
            return Badge("avertit", "neutral", "triangle-alert")
    return None


def read_severity(text: str) -> str:
    """ "block" or "warn" from « bloque », « avertit » or their first letters. Raises UserError."""
    bare = text.strip().casefold()
    for code in ("block", "warn"):
        if bare and SEVERITIES[code].startswith(bare):
            return code
    raise UserError(f"«{NBSP}{text.strip()}{NBSP}» n’est pas une gravité. Écrivez bloque ou avertit.", field="severity")


def values_words(count: int) -> str:
    """« 32 valeurs à valider »."""
    return f"{count}{NBSP}valeur{'s' if count > 1 else ''} à valider" if count else "Toutes les valeurs sont validées"


class RulesTab(Tab):
    """What is typed is written at once and undone like the rest."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._names: rules_words.Names = {}
        self.model = RowsModel(self._columns())
        self.table = TableView(self.model, name="Règlement", memory=context.settings.memory("campagnes.reglement"))
        self.filter = FilterField(self.table, "Filtrer le règlement")
        self.doubts = Chip("", "warning", title="Règlement")
        self.only = QPushButton("Ne montrer que celles-ci")
        theme.set_kind(self.only, "link", small=True)
        self.only.setCheckable(True)
        self.only.toggled.connect(self._filter_doubts)
        self.validate = QPushButton("Valider ce défaut")
        theme.set_kind(self.validate, "secondary", small=True)
        icons.dress(self.validate, "check", "text", 14)
        self.validate.clicked.connect(self.validate_selected)
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self.doubts)
        top.addWidget(self.only)
        top.addStretch(1)
        top.addWidget(self.validate)
        self.hint = QLabel()
        self.hint.setWordWrap(True)
        theme.set_type(self.hint, "secondary", "secondary")
        side = QFrame()
        side.setProperty("card", True)
        inside = QHBoxLayout(side)
        inside.setContentsMargins(12, 8, 12, 8)
        inside.setSpacing(8)
        mark = QLabel()
        icons.dress(mark, "info", "secondary", 16)
        inside.addWidget(mark)
        inside.addWidget(self.hint, 1)
        self.versions, self.comparison = (
            VersionBar(context),
            ComparisonView("du règlement", place="Article", thing="Paramètre"),
        )
        self.comparison.older_chosen.connect(lambda key: self._compare(key, self.versions.versions[0].id))
        self.versions.compared.connect(self._compare)
        values = QWidget()
        inner = QVBoxLayout(values)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(10)
        inner.addLayout(top)
        inner.addWidget(self.filter)
        inner.addWidget(self.table, 1)
        inner.addWidget(side)
        self.pages = QStackedWidget()
        self.pages.addWidget(values)
        self.pages.addWidget(self.comparison)
        self.column.addWidget(self.versions)
        self.column.addWidget(self.pages, 1)
        self.table.selection_changed.connect(self._selected)
        self.table.current_row_changed.connect(self._show_hint)
        self.table.refused.connect(context.told)
        self.table.filters_cleared.connect(lambda: self.only.setChecked(False))

    def refresh(self) -> None:
        if self.row is None:
            return
        rows = self.context.read(queries.parameters, self.row.id)
        self._names = self.context.read(rules_words.names)
        self.table.set_rows(rows)
        count = sum(row.parameter.to_validate for row in rows)
        self.doubts.set_badge(values_words(count), "warning" if count else "success")
        self.only.setVisible(bool(count) or self.only.isChecked())
        if self.table.current_row() is None and rows:
            self.table.select_identity(rows[0].id, "value")
        self._selected(self.table.selected_rows())
        self._show_hint(self.table.current_row())
        self.versions.show_call(self.row.id)

    def _compare(self, older: str, newer: str) -> None:
        """Two versions side by side; the values again when the comparison is left."""
        known = {version.id: version for version in self.versions.versions}
        if older in known and newer in known:
            lines = compare(*(rules_comparison.parts(self.context.read(stored.of_version, x)) for x in (older, newer)))
            self.comparison.offer([(v.id, v.number) for v in self.versions.versions[1:]])
            self.comparison.show_versions(known[older].number, known[newer].number, lines)
            self.pages.setCurrentWidget(self.comparison)
        else:
            self.pages.setCurrentIndex(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Échap leaves the comparison, whatever of it has the focus."""
        if event.key() == Qt.Key.Key_Escape and self.versions.compare.isChecked():
            self.versions.compare.setChecked(False)
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    def validate_selected(self) -> None:
        keys = [row.id for row in self.table.selected_rows() if row.parameter.to_validate]
        if keys:
            s = "s" if len(keys) > 1 else ""
            self.context.do(
                f"{len(keys)} valeur{s} du règlement validée{s}", rules.validate_parameters, parameter_ids=keys
            )

    def _selected(self, rows: Sequence[ParameterRow]) -> None:
        count = sum(row.parameter.to_validate for row in rows)
        self.validate.setText("Valider ce défaut" if count < 2 else f"Valider {count} défauts")
        self.validate.setEnabled(count > 0)
        self.validate.setToolTip("" if count else "Les valeurs choisies sont déjà validées.")

    def _show_hint(self, row: ParameterRow | None) -> None:
        if row is None:
            self.hint.clear()
            return
        parameter = row.parameter
        place = parameter.reference[0].upper() + parameter.reference[1:]
        self.hint.setText(f"{place}, {parameter.label}. {parameter.hint}".strip())

    def _filter_doubts(self, only: bool) -> None:
        self.model.set_column_filter("to_validate", [TO_VALIDATE] if only else None)
        self.only.setText("Montrer toutes les valeurs" if only else "Ne montrer que celles-ci")

    def _columns(self) -> list[Column[ParameterRow]]:
        return [
            Column("label", "Paramètre", lambda r: r.parameter.label, width=250, stretch=True, weight=500),
            Column(
                "value",
                "Valeur",
                self._words,
                width=170,
                edit=self._write_value,
                edit_text=lambda r: r.parameter.shown,
                tooltip="Tapez pour changer la valeur ; vide, un nombre n’a pas de limite",
                weight=500,
            ),
            Column("unit", "Unité", lambda r: UNITS[r.parameter.unit], width=98, tone="secondary"),
            Column("article", "Article", lambda r: r.parameter.article, sort=lambda r: r.position, width=88),
            Column(
                "severity",
                "Gravité",
                lambda r: SEVERITIES[r.parameter.severity],
                width=92,
                badge=severity_badge,
                edit=self._write_severity,
                editable=lambda r: r.parameter.check is not None,
                tooltip="bloque empêche de déclarer recevable, avertit le signale",
            ),
            Column(
                "since",
                "Depuis le",
                lambda r: short_date(r.effective_from),
                sort=lambda r: r.effective_from,
                width=96,
                tone="secondary",
            ),
            Column(
                "to_validate",
                "Défaut",
                lambda r: TO_VALIDATE if r.parameter.to_validate else VALIDATED,
                width=104,
                badge=lambda r: (
                    Badge(TO_VALIDATE, "warning", tinted=True)
                    if r.parameter.to_validate
                    else Badge(VALIDATED, "success")
                ),
            ),
        ]

    def _words(self, row: ParameterRow) -> str:
        """The value as a person says it: communes and legal forms by name, typed by their codes."""
        return rules_words.said(row.parameter, self._names)

    def _write_value(self, row: ParameterRow, text: str) -> None:
        label = f"{row.parameter.label}, {row.parameter.with_text(text).shown or 'vide'}"
        self.context.attempt(label, rules.set_parameter, parameter_id=row.id, text=text)

    def _write_severity(self, row: ParameterRow, text: str) -> None:
        severity = read_severity(text)
        label = f"{row.parameter.label}, {SEVERITIES[severity]}"
        self.context.attempt(label, rules.set_severity, parameter_id=row.id, severity=severity)
