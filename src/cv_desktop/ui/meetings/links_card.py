"""Liens: what may tie a member to a structure, with its evidence; confirmed or dismissed by a person."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLabel, QPushButton, QWidget

from cv_desktop.db.queries import call_rows, suspicions, usual_reasons
from cv_desktop.db.queries import links as queries
from cv_desktop.db.queries.links import LinkRow
from cv_desktop.domain.dates import local, short_date
from cv_desktop.domain.text import counted, quote
from cv_desktop.services import links, register
from cv_desktop.ui import dialogs, icons, theme
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.card import Card
from cv_desktop.ui.context import Context
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

_FILES = "Classeur (*.xlsx);;Pages (*.pdf)"


def state_badge(row: LinkRow) -> Badge:
    """À vérifier, confirmé, écarté, ou levé avec son jour."""
    if not row.id:
        return Badge("Déclaré" if row.declared else "À vérifier", "warning", "triangle-alert")
    if row.state == "confirmed":
        return Badge("Confirmé", "pause", "eye-off")
    if row.confirmed_at is None or row.settled_at is None:
        return Badge("Écarté", "neutral", "minus")
    return Badge(f"Levé le {short_date(local(row.settled_at).date())}", "neutral", "minus")


class LinksCard(Card):
    """Lines to decide first; one gesture each, and the register of the year."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__("Liens avec les structures", parent=parent)
        self.context = context
        self.call = ""
        self._kinds: dict[str, queries.LinkKind] = {}
        self.view = TableView(
            RowsModel(self._columns(), identity=lambda row: row.key),
            name="Liens avec les structures",
            empty="Aucun lien trouvé entre les membres et les structures.",
        )
        self.view.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.view.current_row_changed.connect(lambda _row: self._fit())
        self.confirm_button, self.dismiss_button = QPushButton("Co&nfirmer…"), QPushButton("É&carter…")
        self.lift_button, self.export_button = QPushButton("Le&ver…"), QPushButton("Re&gistre de l’année…")
        gestures = (self.confirm_button, self.dismiss_button, self.lift_button, self.export_button)
        verbs = (self.confirm, self.dismiss, self.lift, self.export)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        for button, verb in zip(gestures, verbs, strict=True):
            theme.set_kind(button, "secondary", small=True)
            button.clicked.connect(verb)
            if button is self.export_button:
                foot.addStretch(1)
            foot.addWidget(button)
        icons.dress(self.confirm_button, "eye-off", "text", 16)
        self.whole = QLabel()
        self.whole.setWordWrap(True)
        theme.set_type(self.whole, "secondary", "secondary")
        self.add(self.view, 1)
        self.add(self.whole)
        self.body.addLayout(foot)

    def show_call(self, call: str) -> None:
        self.call = call
        key = {"call_id": call, "viewer": self.context.viewer}
        self._kinds = self.context.read(queries.kinds)
        waiting = self.context.read(suspicions.rows, **key)
        self.view.set_rows([*waiting, *self.context.read(queries.rows, **key)])
        here = sum(row.files > 0 for row in waiting)
        self.detail.setText(
            f"{counted(here, 'lien')} à vérifier sur des dossiers de la campagne. Rien n’est décidé sans vous."
            if here
            else "Rien n’est décidé sans vous\u00a0: confirmez ou écartez, avec un motif."
        )
        self._fit()

    def confirm(self) -> None:
        row = self.view.current_row()
        if row is None or row.state == "confirmed":
            return
        labels = {kind.label: code for code, kind in self._kinds.items()}
        question = dialogs.ReasonQuestion(self, "Confirmer ce lien ?", _effects(row), tuple(labels), "Confirmer", "Non")
        if row.declared:
            question.choice.setCurrentText(self._kinds[row.kind].label if row.kind in self._kinds else "")
            question.text.setPlainText(row.reason)
        if question.exec() == QDialog.DialogCode.Accepted:
            self.context.do(
                "lien confirmé",
                links.confirm,
                member_id=row.member_id,
                structure_id=row.structure_id,
                application_id=row.application_id or None,
                declared=row.declared,
                kind=labels[question.choice.currentText()],
                reason=question.text.toPlainText(),
                evidence=row.evidence,
            )

    def dismiss(self) -> None:
        row = self.view.current_row()
        if row is None or row.id:
            return
        effects = [f"{row.member} garde les dossiers de {quote(row.structure)}.", "Ce lien ne sera plus signalé."]
        reason = dialogs.ask_reason(
            self,
            "Écarter ce lien ?",
            effects,
            "Écarter",
            reasons=self.context.read(usual_reasons.of_gesture, "lien_ecarte"),
        )
        if reason is not None:
            pair = {
                "member_id": row.member_id,
                "structure_id": row.structure_id,
                "application_id": row.application_id or None,
            }
            self.context.do("lien écarté", links.dismiss, **pair, reason=reason, evidence=row.evidence)

    def lift(self) -> None:
        row = self.view.current_row()
        if row is None or row.state != "confirmed":
            return
        effects = [f"{row.member} verra de nouveau les dossiers de {quote(row.structure)}. Le registre garde la trace."]
        reason = dialogs.ask_reason(
            self,
            "Lever ce lien ?",
            effects,
            "Lever le lien",
            reasons=self.context.read(usual_reasons.of_gesture, "lien_leve"),
        )
        if reason is not None:
            self.context.do("lien levé", links.lift, link_id=row.id, reason=reason)

    def export(self) -> None:
        call = self.context.read(call_rows.row, self.call)
        year = call.year if call else local(self.context.clock()).year
        start = str(Path.home() / f"registre-deports-{year}.xlsx")
        chosen, kind = QFileDialog.getSaveFileName(self, "Registre des déports", start, _FILES)
        if chosen:
            self.write_register(year, Path(chosen).with_suffix(".pdf" if "pdf" in kind else ".xlsx"))

    def write_register(self, year: int, path: Path) -> None:
        """The register of a year in a file, made by the worker: the documents' libraries load with the first one."""
        store, actor = self.context.store, self.context.actor

        def work(_token: object) -> Path:
            from cv_desktop.services import letters

            with store.write(actor) as session:
                _changes, made = register.export(session, year=year, suffix=path.suffix)
            letters.write_file(path, made)
            return path

        said = self.context.told.emit
        self.context.jobs.run(
            "Registre des déports", work, on_done=lambda done: said(f"Registre écrit\u00a0: {done.name}")
        )

    def _fit(self) -> None:
        row = self.view.current_row()
        confirmed = row is not None and row.state == "confirmed"
        self.whole.setText(f"{row.member}, {row.structure}. {self._said(row)}" if row is not None else "")
        self.confirm_button.setEnabled(row is not None and not confirmed)
        self.dismiss_button.setEnabled(row is not None and not row.id)
        self.lift_button.setEnabled(confirmed)

    def _columns(self) -> tuple[Column[LinkRow], ...]:
        return (
            Column("state", "État", lambda row: state_badge(row).word, width=124, badge=state_badge),
            Column(
                "member", "Membre", lambda row: f"{row.member} (agent)" if row.officer else row.member, width=130,
                weight=500,
            ),
            Column("structure", "Structure", lambda row: row.structure, width=150),
            Column(
                "files", "Dossiers", lambda row: row.number or str(row.files or "–"), sort=lambda row: row.files,
                width=72, align="right",
            ),
            Column("said", "Indices ou motif", self._said, stretch=True, width=300),
        )  # fmt: skip

    def _said(self, row: LinkRow) -> str:
        if not row.id:
            return " ".join(row.evidence)
        kind = self._kinds.get(row.kind)
        return " : ".join(x for x in (kind.label if kind else "", row.reason) if x)


def _effects(row: LinkRow) -> list[str]:
    if row.application_id:
        return [
            f"{row.member} ne verra plus le dossier {row.number} de {quote(row.structure)}.",
            "Ses notes déjà données sur ce dossier ne comptent plus\u00a0; le journal les garde.",
        ]
    files = counted(row.files, "dossier") if row.files else "aucun dossier pour l’instant"
    if row.officer:
        return [f"{row.member} ne pourra plus instruire les dossiers de {quote(row.structure)} ({files})."]
    return [
        f"{row.member} ne verra plus les dossiers de {quote(row.structure)} ({files}), ni ceux déposés ensuite.",
        "Ses notes déjà données sur ces dossiers ne comptent plus\u00a0; le journal les garde.",
    ]
