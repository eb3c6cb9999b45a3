"""Import: one page, from the file to its report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from cv_desktop.db.queries import imports as import_queries
from cv_desktop.db.queries.imports import ImportRow
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.intake import Problem
from cv_desktop.domain.text import fold
from cv_desktop.services import import_removal, imports, readings
from cv_desktop.services.readings import RawFile, Reading
from cv_desktop.ui.context import Context
from cv_desktop.ui.empty_state import EmptyState
from cv_desktop.ui.jobs import Job, Stopped, Token
from cv_desktop.ui.message_bar import Message
from cv_desktop.ui.progress_panel import ProgressPanel
from cv_desktop.ui.transfer.foot import Foot
from cv_desktop.ui.transfer.heading import Heading
from cv_desktop.ui.transfer.mapping_card import MappingCard
from cv_desktop.ui.transfer.preview_card import PreviewCard
from cv_desktop.ui.transfer.problems_card import ProblemsCard
from cv_desktop.ui.transfer.start import Start

KINDS = "Tableurs (*.xlsx *.xls *.ods *.csv *.tsv *.txt);;Tous les fichiers (*)"
NO_CALL = "Aucune campagne n’est choisie. Créez ou choisissez la campagne qui recevra ces dossiers."
MEMORY = "import.correspondance"


class ImportPage(QWidget):
    """A simulation until « Importer » is used. ``left`` when the person goes back to the files."""

    left = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.reading: Reading | None = None
        self._file: RawFile | None = None
        self._done = ""  # the key of the import once written
        self._job: Job | None = None
        self._kept = context.settings.memory(MEMORY)
        self._chosen: dict[str, str] = {}
        memory = context.settings.memory
        self.heading = Heading()
        self.start = Start(memory("import.passes"))
        self.no_call = EmptyState(NO_CALL, "Ouvrir les campagnes")
        self.refused = EmptyState("", "Choisir un autre fichier…")
        self.waiting = EmptyState("Lecture…")
        self.mapping = MappingCard(memory("import.colonnes"))
        self.preview = PreviewCard(memory("import.apercu"))
        self.problems = ProblemsCard(memory("import.problemes"))
        self.progress = ProgressPanel("Rien n’est écrit tant que l’import n’est pas terminé.")
        self.foot = Foot()
        right = QSplitter(Qt.Orientation.Vertical)
        right.addWidget(self.preview)
        right.addWidget(self.problems)
        right.setSizes([340, 220])
        self.control = QSplitter(Qt.Orientation.Horizontal)
        self.control.addWidget(self.mapping)
        self.control.addWidget(right)
        self.control.setSizes([446, 800])
        self.control.setStretchFactor(1, 1)
        for split in (self.control, right):
            # The cards have their own borders: a line between them would be one too many.
            split.setHandleWidth(12)
            split.setStyleSheet("QSplitter::handle { border: none; background: transparent; }")
        self.pages = QStackedWidget()
        for page in (self.start, self.no_call, self.refused, self.waiting, self._framed(self.control)):
            self.pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.heading)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.progress)
        layout.addWidget(self.foot)
        self._wire()
        self._show_start()

    def refresh(self) -> None:
        """The campaign changed, or something was written: the comparison is made again."""
        call = self._context.calls.id
        if call is None:
            self._show(self.no_call)
            return
        past = self._context.read(import_queries.rows, call_id=call)
        self.start.past.set_rows(past)
        if self._done and self._done not in [row.id for row in past]:
            self._done = ""  # taken back with Ctrl+Z: it is a simulation again
        if self.pages.currentWidget() is self.no_call:
            self._show_start()
        if self._file is not None and not self._done and self._job is None:
            self._read_again()

    def regions(self) -> list[QWidget]:
        if self._on_control():
            return [self.heading, self.mapping, self.preview, self.problems, self.foot]
        return [self.heading, self.pages]

    def enter(self) -> None:
        """Puts the focus on what there is to do."""
        buttons: dict[QWidget | None, QPushButton] = {
            self.start: self.start.choose,
            self.no_call: self.no_call.button,
            self.refused: self.refused.button,
        }
        buttons.get(self.pages.currentWidget(), self.foot.primary).setFocus(Qt.FocusReason.OtherFocusReason)

    def choose(self) -> None:
        """Asks for a file."""
        downloads = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
        offered = (str(self._kept.get("folder", "")), downloads, str(Path.home()))
        folder = next(place for place in offered if place and Path(place).is_dir())
        path, _ = QFileDialog.getOpenFileName(self, "Fichier à importer", folder, KINDS)
        if path:
            self._kept["folder"] = str(Path(path).parent)
            self.read(path)

    def read(self, path: str) -> None:
        """Reads a file in the background, then shows what an import would do."""
        call = self._context.calls.id
        if call is None:
            self._show(self.no_call)
            return
        self._done, self._chosen = "", dict(self._kept.get("chosen", {}))
        self.heading.show_file(Path(path).name)
        self._show(self.waiting)
        self._run(f"Lecture de {Path(path).name}", self._opened(Path(path), call), self._shown)

    def _opened(self, path: Path, call: str) -> Callable[[Token], Reading]:
        chosen = dict(self._chosen)

        def work(_token: Token) -> Reading:
            file = readings.open_file(path)
            return self._context.read(readings.read, call_id=call, file=file, chosen=chosen)

        return work

    def _read_again(self) -> None:
        call, file, chosen = self._context.calls.id, self._file, dict(self._chosen)
        if call is None or file is None:
            return

        def work(_token: Token) -> Reading:
            return self._context.read(readings.read, call_id=call, file=file, chosen=chosen)

        self._run("Nouvelle lecture du fichier", work, self._shown)

    def _run(self, name: str, work: Callable[[Token], Any], done: Callable[[Any], None]) -> None:
        def finished(result: Any) -> None:
            self._job = None
            self.progress.finish()
            done(result)

        def failed(error: BaseException) -> None:
            self._job = None
            self.progress.finish()
            if isinstance(error, UserError):
                self._refuse(error)
            elif self._on_control() and self.reading is not None:
                self.foot.show_reading(self.reading)
                self._context.told.emit("Import arrêté\u00a0: rien n’a été écrit.")
            else:
                self._show_start()

        self.progress.start(name)
        self._job = self._context.jobs.run(name, work, on_done=finished, on_failed=failed)

    def _shown(self, reading: Reading) -> None:
        self.reading, self._file = reading, reading.file
        self.heading.show_reading(reading, done=bool(self._done))
        self.mapping.show_reading(reading, set(self._kept.get("chosen", {})))
        self.preview.show_reading(reading)
        self.problems.show_reading(reading)
        self.foot.show_reading(reading)
        before = self._on_control()
        self._show(self.control)
        if not before:
            self.foot.primary.setFocus(Qt.FocusReason.OtherFocusReason)

    def _refuse(self, refusal: UserError) -> None:
        """The state that says why the file cannot be read; a column given up wrongly is given back."""
        if self._on_control() and self.reading is not None:
            self._chosen = dict(self.reading.chosen)
            self.foot.show_reading(self.reading)
            self._context.refuse(refusal)
            return
        self._file = self.reading = None
        self.refused.set_text(refusal.message, "Choisir un autre fichier…")
        self.heading.show_refusal()
        self._show(self.refused)
        self.refused.button.setFocus()

    def _choose_field(self, header: str, key: str) -> None:
        if self._done:
            return
        # One field has one column: the column that had it is read no more as such.
        self._chosen = {name: kept for name, kept in self._chosen.items() if not key or kept != key}
        self._chosen[fold(header)] = key
        self._read_again()

    def _import(self) -> None:
        call, reading = self._context.calls.id, self.reading
        if call is None or reading is None or self._job is not None:
            return
        self.foot.lock()

        def work(token: Token) -> tuple[Changes, str]:
            with self._context.store.write(self._context.actor) as session:
                done = imports.run(
                    session,
                    call_id=call,
                    intake=reading.intake,
                    filename=reading.file.name,
                    sha256=reading.file.sha256,
                    path=reading.file.path,
                )
                if token.cancelled:
                    raise Stopped  # the transaction is undone: all or nothing
                return done

        self._run(f"Import de {reading.file.name}", work, lambda result: self._imported(reading, *result))

    def _imported(self, reading: Reading, changes: Changes, key: str) -> None:
        self._done = key
        if self.mapping.keep.isChecked() and self._chosen:
            self._kept["chosen"] = dict(self._chosen)
        self.heading.show_reading(reading, done=True)
        self.foot.show_done(reading)
        self._context.accept(f"import de {len(reading.plan.new)} dossiers", changes)
        self._context.messages.show_message(
            Message("success", f"Import terminé\u00a0: {len(reading.plan.new)} dossiers.", reading.file.name)
        )

    def _undo(self, key: str) -> None:
        if self._context.do("retrait d’un import", import_removal.remove, import_id=key) is None:
            return
        self._context.told.emit("Import défait.")
        if key == self._done:
            self._done = ""
            self._read_again()

    def _export(self) -> None:
        if self.reading is None:
            return
        # Letters bring the printing library: only for a report.
        from cv_desktop.services.letters import write_file

        stem = Path(self.reading.file.name).stem
        proposed = str(self._context.store.folder / f"{stem} - rapport.xlsx")
        path, _ = QFileDialog.getSaveFileName(self, "Rapport d’import", proposed, "Classeur (*.xlsx)")
        if not path:
            return
        try:
            write_file(Path(path), readings.report(self.reading))
        except UserError as refusal:
            self._context.refuse(refusal)
            return
        self._context.messages.show_message(Message("success", "Rapport écrit.", path))

    def _leave(self) -> None:
        self._show_start()
        self.left.emit()

    def _problem(self, problem: Problem | None) -> None:
        if problem is None or self.reading is None:
            return
        same = {line.number: line.line for line in self.reading.lines if line.number}
        on_files = self.reading.intake.mapping and problem.sheet == self.reading.intake.mapping[0].sheet
        line = problem.line if on_files else same.get(problem.number, 0)
        if line:
            self.preview.show_line(line)

    def _mark(self, key: str) -> None:
        if key == "file":
            self.choose()
        elif self._on_control():
            {"mapping": self.mapping.table, "control": self.problems.table, "report": self.foot.export}[key].setFocus()

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _show_start(self) -> None:
        self.reading = self._file = None
        self._done = ""
        self.heading.show_start()
        self._show(self.start)

    def _on_control(self) -> bool:
        return self.pages.currentIndex() == self.pages.count() - 1

    def _show(self, page: QWidget) -> None:
        if page is self.control:
            self.pages.setCurrentIndex(self.pages.count() - 1)
        else:
            self.pages.setCurrentWidget(page)
        self.foot.setVisible(page is self.control)

    def _wire(self) -> None:
        self.start.choose_asked.connect(self.choose)
        self.start.undo_asked.connect(self._undo_row)
        self.refused.button_pressed.connect(self.choose)
        self.no_call.button_pressed.connect(lambda: self._context.visit.emit("calls", "", ""))
        self.heading.choose_asked.connect(self.choose)
        self.heading.close_asked.connect(self._leave)
        self.heading.marks.chosen.connect(self._mark)
        self.mapping.changed.connect(self._choose_field)
        self.problems.problem_chosen.connect(self._problem)
        self.progress.stop_asked.connect(self._stop)
        self.foot.import_asked.connect(self._import)
        self.foot.leave_asked.connect(self._leave)
        self.foot.export_asked.connect(self._export)
        self.foot.undo_asked.connect(lambda: self._undo(self._done))

    def _undo_row(self, row: ImportRow) -> None:
        self._undo(row.id)

    @staticmethod
    def _framed(inside: QWidget) -> QWidget:
        frame = QWidget()
        layout = QHBoxLayout(frame)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.addWidget(inside)
        return frame
