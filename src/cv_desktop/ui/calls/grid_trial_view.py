"""A grid on the marks of another campaign, or of its own: who would change band, and among whom."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QLabel, QPushButton, QTabWidget, QVBoxLayout, QWidget

from cv_desktop.domain.grid_trial import NO_MARK, WAYS, Counterparts, FileTrial, GridTrial, Share, Verdict
from cv_desktop.domain.text import counted
from cv_desktop.services import grid_trials
from cv_desktop.services.letters import write_file
from cv_desktop.ui import theme
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.context import Context
from cv_desktop.ui.message_bar import Message
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

NBSP = "\u00a0"
EMPTY = "Choisissez une campagne, puis essayez cette grille sur ses notes révélées. Rien ne sera modifié."
UNREVEALED = "Aucune note révélée dans cette campagne."
KEPT = "Aucun dossier ne change de bande."


def doubts(found: Counterparts) -> list[str]:
    """What the marks of another grid cannot say of this one, a sentence each."""
    said = []
    if found.lacking:
        said.append(f"Sans note à reprendre, donc sans poids ici{NBSP}: {', '.join(found.lacking)}.")
    if found.left_out:
        said.append(f"Notés alors, absents de cette grille{NBSP}: {', '.join(found.left_out)}.")
    if found.rescaled:
        said.append(f"Notés sur une autre échelle, gardée en proportion{NBSP}: {', '.join(found.rescaled)}.")
    if found.reworded:
        said.append(
            f"Textes de niveau différents, les notes répondaient à d’autres{NBSP}: {', '.join(found.reworded)}."
        )
    return said


class GridTrialView(QWidget):
    """The files, then the counts by quarter, size and seniority; the export is the whole list."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.trial: GridTrial | None = None
        self._asked = ("", "")
        self.words, self.doubts = QLabel(), QLabel()
        theme.set_type(self.words, "body", weight=600)
        theme.set_type(self.doubts, "secondary", "secondary")
        for label in (self.words, self.doubts):
            label.setWordWrap(True)
        self.only = QCheckBox("Seulement ceux qui changent de bande")
        self.only.setChecked(True)
        self.only.toggled.connect(lambda _on: self._show())
        self.write = QPushButton("Exporter l’essai…")
        theme.set_kind(self.write, "secondary", small=True)
        self.write.clicked.connect(self._export)
        self.model: RowsModel[FileTrial] = RowsModel(_file_columns(), identity=lambda f: f.id)
        memory = context.settings.memory
        self.table = TableView(
            self.model, name="Essai de la grille", memory=memory("campagnes.essai_grille"), empty=EMPTY
        )
        self.shares: RowsModel[Share] = RowsModel(_share_columns(), identity=lambda s: (s.kind, s.word))
        self.counts = TableView(
            self.shares, name="Qui change de bande", memory=memory("campagnes.essai_parts"), empty=EMPTY
        )
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName("Essai de la grille")
        self.tabs.addTab(self.table, "Dossiers")
        self.tabs.addTab(self.counts, "Par quartier, taille et ancienneté")
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self.words, 1)
        top.addWidget(self.only)
        top.addWidget(self.write)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.doubts)
        column.addWidget(self.tabs, 1)
        self._show()

    def clear(self) -> None:
        self._asked, self.trial = ("", ""), None
        self._show()

    def try_on(self, call_id: str, source_id: str) -> None:
        """The replay is made by the worker: thousands of files take more than a moment."""
        self._asked = asked = (call_id, source_id)
        self.words.setText("Lecture…")
        store, viewer = self.context.store, self.context.viewer

        def work(_token: object) -> GridTrial:
            with store.read() as session:
                return grid_trials.replay(session, call_id=call_id, source_id=source_id, viewer=viewer)

        def done(trial: GridTrial) -> None:
            if asked == self._asked:
                self.trial = trial
                self._show()

        self.context.jobs.run("Essai de la grille", work, on_done=done)

    def export_to(self, path: Path) -> None:
        """Writes every file of the trial as a workbook, and says where."""
        call_id, source_id = self._asked
        store, actor, viewer = self.context.store, self.context.actor, self.context.viewer

        def work(_token: object) -> Path:
            with store.write(actor) as session:
                _changes, made = grid_trials.export(
                    session, call_id=call_id, source_id=source_id, path_name=path.name, viewer=viewer
                )
            write_file(path, made)
            return path

        def done(written: Path) -> None:
            self.context.messages.show_message(Message("success", "Essai de la grille écrit.", str(written)))

        self.context.jobs.run("Essai de la grille, classeur", work, on_done=done)

    def _export(self) -> None:
        start = str(Path.home() / "essai-grille.xlsx")
        chosen, _ = QFileDialog.getSaveFileName(self, "Exporter l’essai", start, "Classeurs (*.xlsx)")
        if chosen:
            self.export_to(Path(chosen).with_suffix(".xlsx"))

    def _show(self) -> None:
        trial = self.trial
        files = trial.files if trial else ()
        changed = trial.changed if trial else ()
        self.table.nothing.expect("" if trial is None else KEPT if files else UNREVEALED)
        self.table.set_rows(changed if self.only.isChecked() else files)
        self.counts.set_rows(trial.shares() if trial else ())
        self.only.setVisible(bool(files))
        self.write.setVisible(bool(files))
        self.doubts.setVisible(trial is not None)
        if trial is None:
            self.words.clear()
            return
        said = doubts(trial.counterparts)
        if trial.unmarked:
            said.insert(
                0, f"{counted(trial.unmarked, 'dossier')} sans note révélée, laissé{_s(trial.unmarked)} de côté."
            )
        if lost := sum(f.after is None for f in files):
            said.insert(0, f"{counted(lost, 'dossier')} sans aucune note reprise par cette grille.")
        self.doubts.setText(" ".join(said))
        self.doubts.setVisible(bool(said))
        up, down = sum(f.way > 0 for f in files), sum(f.way < 0 for f in files)
        verb = "changeraient" if len(changed) > 1 else "changerait"
        parts = [
            f"{up}{NBSP}{'montent' if up > 1 else 'monte'}" if up else "",
            f"{down}{NBSP}{'descendent' if down > 1 else 'descend'}" if down else "",
        ]
        sides = ", ".join(p for p in parts if p)
        total = f"{counted(len(changed), 'dossier')} sur {len(files)} {verb} de bande"
        self.words.setText(f"{total}{NBSP}: {sides}." if sides else f"{total}.")


def _s(count: int) -> str:
    return "s" if count > 1 else ""


def _file_columns() -> list[Column[FileTrial]]:
    def note(key: str, title: str) -> Column[FileTrial]:
        def of(f: FileTrial) -> Verdict | None:
            return f.before if key == "before" else f.after

        def shown(f: FileTrial) -> str:
            verdict = of(f)
            return verdict.note.shown if verdict else "–"

        def order(f: FileTrial) -> object:
            verdict = of(f)
            return verdict.note.note if verdict else None

        return Column(f"note_{key}", title, shown, sort=order, width=84, align="right")

    def way(f: FileTrial) -> Badge | None:
        up, down = Badge(WAYS[1], "success", "arrow-up"), Badge(WAYS[-1], "warning", "arrow-down")
        return {1: up, -1: down}.get(f.way)

    return [
        Column("number", "N°", lambda f: f.number, width=124),
        Column("structure", "Structure", lambda f: f.structure, width=180, stretch=True, weight=500),
        note("before", "Note avant"),
        Column("before", "Bande avant", lambda f: f.before.word, width=110),
        note("after", "Note après"),
        Column("after", "Bande après", lambda f: f.after.word if f.after else NO_MARK, width=120, weight=500),
        Column("way", "", lambda f: WAYS[f.way], width=96, badge=way),
        Column("quarters", "Quartiers", lambda f: ", ".join(f.quarters), width=150, tone="secondary"),
        Column("small", "Petite asso.", lambda f: _yes(f.small), width=90, tone="secondary"),
        Column("newcomer", "1re demande", lambda f: _yes(f.newcomer), width=96, tone="secondary"),
    ]


def _share_columns() -> list[Column[Share]]:
    def count(key: str, title: str) -> Column[Share]:
        return Column(key, title, lambda s: str(getattr(s, key)), sort=lambda s: getattr(s, key), width=96,
                      align="right")  # fmt: skip

    return [
        Column("kind", "Par", lambda s: s.kind, width=110, tone="secondary"),
        Column("word", "", lambda s: s.word, width=220, stretch=True, weight=500),
        count("files", "Dossiers"),
        count("up", "Montent"),
        count("down", "Descendent"),
    ]


def _yes(known: bool | None) -> str:
    return "–" if known is None else "oui" if known else "non"
