"""Import: one page, from the file to its report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from cv_desktop.db.queries import imports as import_queries
from cv_desktop.db.queries import pending_lines as pending_queries
from cv_desktop.db.queries.imports import ImportRow
from cv_desktop.db.queries.pending_lines import PendingRow
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.file_kinds import DIRECTORY
from cv_desktop.domain.repairs import Point
from cv_desktop.domain.text import NBSP, counted, fold, quote
from cv_desktop.services import import_report, import_runs, kept_files, mappings, pending_lines, readings
from cv_desktop.services.readings import RawFile, Reading, Wanted
from cv_desktop.ui.context import Context
from cv_desktop.ui.jobs import Job, Stopped, Token
from cv_desktop.ui.message_bar import Message
from cv_desktop.ui.transfer.foot import said
from cv_desktop.ui.transfer.mending import Mending
from cv_desktop.ui.transfer.parts import Parts

KINDS = "Listes et formulaires (*.xlsx *.xls *.ods *.csv *.tsv *.txt *.json *.pdf);;Tous les fichiers (*)"
REPORTS = {"xlsx": "Classeur (*.xlsx)", "pdf": "PDF (*.pdf)"}
MEMORY = "import.correspondance"
_STEPS = 5  # what a reading tells of itself: opening, columns, lines, comparison, preview


class ImportPage(Parts):
    """A simulation until « Importer » is used. ``left`` when the person goes back to the files."""

    left = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context.settings.memory, parent)
        self._context = context
        self.reading: Reading | None = None
        self._file: RawFile | None = None
        self._wanted = Wanted()
        self._opening = Path()
        self._done = ""  # the key of the import once written
        self._job: Job | None = None
        self._kept = context.settings.memory(MEMORY)
        self.mending = Mending(context, self.problems, self._read_again)
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
        self.start.pending.set_rows(self._context.read(pending_queries.rows, call_id=call))
        if self._done and self._done not in [row.id for row in past]:
            self._done = ""  # taken back with Ctrl+Z: it is a simulation again
            self.mending.put_back(self._wanted.repairs)
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
            # As a dropped file is taken: a filled form has a page of its own.
            self._context.visit.emit("applications", "import", path)

    def read(self, path: str, *, name: str = "", wanted: Wanted | None = None) -> None:
        """Reads a file in the background, then shows what an import would do."""
        call = self._context.calls.id
        if call is None:
            self._show(self.no_call)
            return
        self._done, self._wanted = "", wanted or Wanted()
        place = Path(path)
        self.heading.show_file(name or place.name)
        self._show(self.waiting)
        kind = self._wanted.kind

        def work(token: Token) -> Reading:
            tell = _teller(token)
            tell("Ouverture du fichier")
            file = readings.open_any(place, kind=kind, name=name)
            self._wanted = replace(self._wanted, repairs=self._begin(file))
            return self._context.read(readings.read, call_id=call, file=file, wanted=self._wanted, tell=tell)

        self._opening = place
        self._run(f"Lecture de {name or place.name}", work, self._shown)

    def _begin(self, file: RawFile) -> tuple[Any, ...]:
        self.mending.begin(file.sha256)
        return self.mending.made

    def _read_again(self) -> None:
        call, file = self._context.calls.id, self._file
        if call is None or file is None:
            return
        self._wanted = wanted = replace(self._wanted, repairs=self.mending.made)
        if self._job is not None:
            self._job.cancel()

        def work(token: Token) -> Reading:
            return self._context.read(readings.read, call_id=call, file=file, wanted=wanted, tell=_teller(token))

        self._run("Nouvelle lecture du fichier", work, self._shown)

    def _run(self, name: str, work: Callable[[Token], Any], done: Callable[[Any], None]) -> None:
        def finished(result: Any) -> None:
            if job is not self._job:
                return  # another reading has been asked since
            self._job = None
            self.progress.finish()
            done(result)

        def failed(error: BaseException) -> None:
            if job is not self._job:
                return
            self._job = None
            self.progress.finish()
            if isinstance(error, UserError):
                self._refuse(error)
            elif self._on_control() and self.reading is not None:
                self.foot.show_reading(self.reading)
                self._context.told.emit(f"Arrêté{NBSP}: rien n’a été écrit.")
            else:
                self._show_start()

        self.progress.start(name)
        self._job = job = self._context.jobs.run(
            name, work, on_done=finished, on_failed=failed, on_progress=self.progress.progress
        )

    def _shown(self, reading: Reading) -> None:
        known = self.reading
        if reading.refusal and known is not None and not known.refusal and known.kind == reading.kind:
            self._refuse(UserError(reading.refusal))
            return
        self.reading, self._file = reading, reading.file
        self._wanted = replace(reading.wanted, kind=reading.kind, source=reading.source)
        sources = self._context.read(mappings.sources, kind=reading.kind)
        self.mending.show_reading(reading)
        self.heading.show_reading(reading, sources, done=bool(self._done))
        self.mapping.show_reading(reading)
        self.preview.show_reading(reading)
        self.problems.show_reading(reading)
        self.foot.show_reading(reading)
        before = self._on_control()
        self._show(self.control)
        if before:
            return
        made = len(reading.wanted.repairs)
        if made:
            text = f"{counted(made, 'réparation')} de ce fichier reprise{'s' if made > 1 else ''}."
            self._context.messages.show_message(Message("info", text, "Elles n’étaient pas encore importées."))
        self.foot.primary.setFocus(Qt.FocusReason.OtherFocusReason)

    def _refuse(self, refusal: UserError) -> None:
        """The state that says why the file cannot be read; what made it unreadable is taken back."""
        if self._on_control() and self.reading is not None:
            self._wanted = replace(self.reading.wanted, kind=self.reading.kind, source=self.reading.source)
            self._shown(replace(self.reading, wanted=self._wanted))
            self._context.refuse(refusal)
            return
        self._file = self.reading = None
        self.refused.set_text(refusal.message, "Choisir un autre fichier…")
        self.heading.show_refusal()
        self._show(self.refused)
        self.refused.button.setFocus()

    def _choose_field(self, header: str, key: str) -> None:
        if self._done or self.reading is None:
            return
        # One field has one column: the column that had it is read no more as such.
        taken = {name: "" for name, kept in self.reading.chosen.items() if key and kept == key}
        self._wanted = replace(self._wanted, hand={**self._wanted.hand, **taken, fold(header): key})
        self._read_again()

    def _choose_kind(self, kind: str) -> None:
        if self._done or (self.reading is not None and self.reading.kind == kind):
            return
        self._wanted = Wanted(kind=kind, repairs=self._wanted.repairs)
        if self._file is None or DIRECTORY in (kind, self.reading.kind if self.reading else ""):
            # A register is read as it flows: the file is opened another way.
            self.read(str(self._file.path if self._file else self._opening), wanted=self._wanted)
        else:
            self._read_again()

    def _choose_source(self, source: str) -> None:
        if not self._done:
            self._wanted = replace(self._wanted, source=source)
            self._read_again()

    def _choose_year(self, year: int | None) -> None:
        if not self._done and year != self._wanted.year:
            self._wanted = replace(self._wanted, year=year)
            self._read_again()

    def _import(self) -> None:
        call, reading = self._context.calls.id, self.reading
        if call is None or reading is None or self._job is not None:
            return
        self.foot.lock()
        remember = self.mapping.keep.isChecked()

        def work(token: Token) -> tuple[Changes, str]:
            def progress(done: int, total: int) -> None:
                token.progress(done, total, "Écriture")
                if token.cancelled:
                    raise Stopped  # the transaction is undone: all or nothing

            with self._context.store.write(self._context.actor) as session:
                done = import_runs.run(session, call_id=call, reading=reading, remember=remember, progress=progress)
                if token.cancelled:
                    raise Stopped
                return done

        self._run(f"Import de {reading.file.name}", work, lambda result: self._imported(reading, *result))

    def _imported(self, reading: Reading, changes: Changes, key: str) -> None:
        self._done = key
        self.mending.forget()
        sources = self._context.read(mappings.sources, kind=reading.kind)
        self.heading.show_reading(reading, sources, done=True)
        self.problems.show_reading(reading, done=True)
        self.foot.show_done(reading)
        self._context.accept(f"import de {reading.file.name}", changes)
        self._context.messages.show_message(
            Message("success", f"Import terminé{NBSP}: {said(reading)}.", reading.file.name)
        )

    def _undo(self, key: str) -> None:
        # The last step is this import: « Rétablir » then does it again.
        if key == self._done and self._context.undo.undo_label.startswith("import de"):
            self._context.undo_last()
            return
        if self._context.do("retrait d’un import", import_runs.remove, import_id=key) is not None:
            self._context.told.emit("Import défait.")

    def _export(self, kind: str) -> None:
        if self.reading is None:
            return
        # Letters bring the printing library: only for a report.
        from cv_desktop.services.letters import write_file

        stem = Path(self.reading.file.name).stem
        proposed = str(self._context.store.folder / f"{stem} - rapport.{kind}")
        path, _ = QFileDialog.getSaveFileName(self, "Rapport d’import", proposed, REPORTS[kind])
        if not path:
            return
        written = bool(self._done)
        data = (
            import_report.pdf(self.reading, written=written) if kind == "pdf" else import_report.workbook(self.reading)
        )
        try:
            write_file(Path(path), data)
        except UserError as refusal:
            self._context.refuse(refusal)
            return
        self._context.messages.show_message(Message("success", "Rapport écrit.", path))

    def _leave(self) -> None:
        self._show_start()
        self.left.emit()

    def _point(self, point: Point | None) -> None:
        if point is None or self.reading is None:
            return
        same = {line.number: line.place for line in self.reading.lines if line.number}
        there = {line.place for line in self.reading.lines}
        here = (point.problem.sheet, point.problem.line)
        place = here if here in there else same.get(point.problem.number)
        if place:
            self.preview.show_line(place)

    def _mark(self, key: str) -> None:
        if key == "file":
            self.choose()
        elif self._on_control():
            {"mapping": self.mapping.table, "control": self.problems.table, "report": self.foot.export}[key].setFocus()

    def _resume(self, row: PendingRow) -> None:
        path = kept_files.find(self._context.store.folder, row.sha256, row.filename)
        if path is None:
            text = f"La copie de {quote(row.filename)} n’est plus dans le dossier de la base, ou elle a été modifiée."
            self._context.refuse(UserError(f"{text} Choisissez de nouveau ce fichier."))
            return
        self.read(str(path), name=row.filename, wanted=Wanted(kind=row.kind, source=row.source))

    def _dismiss(self, row: PendingRow) -> None:
        self._context.do(f"ligne {row.line} écartée", pending_lines.dismiss, keys=[row.id])

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _show_start(self) -> None:
        self.reading = self._file = None
        self._done, self._wanted = "", Wanted()
        self.heading.show_start()
        self._show(self.start)

    def _wire(self) -> None:
        self.start.choose_asked.connect(self.choose)
        self.start.undo_asked.connect(self._undo_row)
        self.start.resume_asked.connect(self._resume)
        self.start.dismiss_asked.connect(self._dismiss)
        self.refused.button_pressed.connect(self.choose)
        self.no_call.button_pressed.connect(lambda: self._context.visit.emit("calls", "", ""))
        self.heading.choose_asked.connect(self.choose)
        self.heading.close_asked.connect(self._leave)
        self.heading.kind_chosen.connect(self._choose_kind)
        self.heading.source_chosen.connect(self._choose_source)
        self.heading.year_chosen.connect(self._choose_year)
        self.heading.marks.chosen.connect(self._mark)
        self.mapping.changed.connect(self._choose_field)
        self.problems.point_chosen.connect(self._point)
        self.progress.stop_asked.connect(self._stop)
        self.foot.import_asked.connect(self._import)
        self.foot.leave_asked.connect(self._leave)
        self.foot.export_asked.connect(self._export)
        self.foot.undo_asked.connect(lambda: self._undo(self._done))

    def _undo_row(self, row: ImportRow) -> None:
        self._undo(row.id)


def _teller(token: Token) -> Callable[[str], None]:
    """Says each step of a reading, and stops it between two when « Arrêter » was used."""
    seen: list[str] = []

    def tell(words: str) -> None:
        if token.cancelled:
            raise Stopped
        step = words.rstrip("0123456789").strip()
        if step not in seen:
            seen.append(step)
        token.progress(min(len(seen), _STEPS) - 1, _STEPS, words)

    return tell
