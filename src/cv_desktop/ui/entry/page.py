"""« Saisie rapide » and « Nouveau dossier »: a form from paper to the register, and to the next one."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cv_desktop.db.queries import calls
from cv_desktop.db.queries import form as form_queries
from cv_desktop.domain import budget, budget_paste, form
from cv_desktop.domain.dates import local, long_date
from cv_desktop.domain.entry import listed, missing
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.expected_documents import DEPOSIT
from cv_desktop.domain.money import euros
from cv_desktop.domain.text import NBSP, counted
from cv_desktop.services import budgets, entries, reference, renewals, unfinished
from cv_desktop.ui import regions, theme
from cv_desktop.ui.applications.small_tables import shares
from cv_desktop.ui.context import Context
from cv_desktop.ui.entry.pdf_form import PdfForm
from cv_desktop.ui.entry.sheet import Sheet
from cv_desktop.ui.look import px
from cv_desktop.ui.message_bar import Level, Message, MessageBar

WIDTH = 1080
KEEP = 1000
ABOVE, BELOW = 40, 110
HELP = (
    "Entrée\u00a0: champ suivant · Maj+Entrée\u00a0: à la ligne · F6\u00a0: partie suivante · "
    "Ctrl+V\u00a0: budget copié"
)


class EntryPage(QWidget):
    """``left(id)`` with the key of the file written, empty when there is none to show."""

    left = Signal(str)

    def __init__(self, context: Context, *, short: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._short = context, short
        self._accounts = context.read(reference.accounts)
        self._last = ""
        self._filling = False
        self._left_at = 0
        self.sheet = Sheet(context, context.read(form_queries.choices), self._accounts, short=short)
        self.notice = MessageBar()
        self.title = QLabel("Nouveau dossier" if short else "Saisie rapide")
        self.help = QLabel(HELP if not short else "")
        self.state = QLabel()
        self.state.setWordWrap(True)
        theme.set_type(self.title, "title", weight=600)
        theme.set_type(self.help, "secondary", "secondary")
        theme.set_type(self.state, "body", "secondary", 500)
        self._pages = QStackedWidget()
        self.pdf = PdfForm(context, self.notice, self._typed, self)
        self.pdf.read.connect(self._take_form)
        self.pdf.written.connect(self.left)
        self.pdf.shown.connect(lambda on: self._pages.setCurrentIndex(int(on)))
        self.close_button = QPushButton("Fermer")
        self.one = QPushButton("Valider et ouvrir")
        self.primary = QPushButton("Créer et ouvrir le dossier" if short else "Valider et saisir le suivant")
        theme.set_kind(self.primary, "primary")
        for button in (self.close_button, self.one):
            theme.set_kind(button, "secondary")
        self.primary.setToolTip("Ctrl+Entrée")
        self._lay_out()
        for button in (self.pdf.button, self.one):
            button.setVisible(not short)
        self._keep = QTimer(self)
        self._keep.setSingleShot(True)
        self._keep.setInterval(KEEP)
        self._keep.timeout.connect(self.keep)
        self.sheet.edited.connect(self._edited)
        self.sheet.block_pasted.connect(self.paste)
        self.sheet.structure.known.connect(lambda _id: self._after_structure())
        self.sheet.structure.renewal_asked.connect(self._renew)
        self.primary.clicked.connect(lambda: self.validate(follow=not short))
        self.one.clicked.connect(lambda: self.validate(follow=False))
        self.close_button.clicked.connect(lambda: self.left.emit(self._last))
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self._ctrl_enter)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_moved)

    def enter(self) -> None:
        """The page ready to type, with what was left unfinished."""
        self._expect()
        self._last = ""
        kept = None if self._short else unfinished.kept(self._context.store.folder)
        if kept is not None and not self.sheet.structure.fields["name"].text():
            self._fill(kept.content)
            self._left_at = int(kept.content.get("place", 0))
            if kept.call_id != self._context.calls.id:
                self._context.calls.select(kept.call_id)
            moment = local(kept.kept_at)
            words = f"Brouillon repris du {long_date(moment.date())}, {moment:%H}{NBSP}h{NBSP}{moment:%M}."
            self.notice.clear()
            self.notice.show_message(
                Message("info", words, "", (("Continuer", self._continue), ("Effacer", self._erase)))
            )
        self.sheet.structure.enter()
        self._say()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Échap leaves a page where nothing is typed; what is typed is kept, and leaving it is asked on purpose."""
        if event.key() == Qt.Key.Key_Escape and not self._typed():
            self.left.emit(self._last)
        else:
            super().keyPressEvent(event)

    def regions(self) -> list[QWidget]:
        if self._pages.currentIndex():
            return [self.pdf.panel.table, self.pdf.panel.make]
        return [*self.sheet.sections, self.primary]

    def keep(self) -> None:
        """What is typed, put aside beside the base; a full disk is said and the page stays."""
        self._keep.stop()
        call = self._context.calls.id
        if self._short or call is None or self._filling:
            return
        try:
            unfinished.keep(
                self._context.store.folder,
                call_id=call,
                moment=self._context.clock(),
                content={**self.sheet.content(), "place": self.sheet.place()},
            )
        except UserError as refusal:
            self._context.refuse(refusal)

    def paste(self, text: str) -> None:
        """A budget copied from a spreadsheet replaces the two blocks."""
        try:
            read = budget_paste.read(text, self._accounts)
        except UserError as refusal:
            self.sheet.notes.setText(refusal.message)
            return
        call = self._context.calls.id
        lines = self._context.read(budgets.marked, call_id=call, lines=read.lines) if call else read.lines
        self.sheet.put_budget(lines)
        self.sheet.notes.setText("\n".join((f"{counted(len(lines), 'ligne collée')}.", *read.doubts, *read.aside)))
        self.sheet.produits.enter()
        self._edited()

    def validate(self, *, follow: bool) -> None:
        """Write the file, then an empty page for the next one, or the file itself."""
        call = self._context.calls.id
        if call is None:
            return
        if wrong := self.sheet.wrong():
            wrong.setFocus()
            self._context.told.emit("Un champ ne peut pas être lu. Corrigez-le, ou videz-le.")
            return
        iban = self.sheet.structure.fields["iban"]
        if sentence := iban.fault():
            # The record of a structure keeps a wrong SIRET as the paper has it; an account that cannot be paid, never.
            iban.refuse(sentence)
            iban.setFocus()
            self._context.told.emit(f"{sentence} Corrigez l’IBAN, ou videz-le.")
            return
        entry = self.sheet.entry()
        if not entry.structure.name:
            self.sheet.structure.fields["name"].refuse("Indiquez au moins le nom de la structure.")
            self.sheet.structure.fields["name"].setFocus()
            return
        changes = self._context.do(
            f"saisie d’un dossier, {entry.structure.name}", entries.create, call_id=call, entry=entry
        )
        if changes is None:
            return
        self._last = next((id for noun, id in changes.touched if noun == "application"), "")
        doubtful = self.sheet.structure.doubtful()
        lacking = self._missing()
        unfinished.forget(self._context.store.folder)
        self.pdf.join_to(self._last)
        self._fill({})
        self.notice.clear()
        if not follow:
            self.left.emit(self._last)
            return
        record = self._context.read(form_queries.record, application_id=self._last)
        if record is not None:
            told = f"{entry.structure.name}, {record.values['title']}."
            if lacking:
                told += f" Il manque {listed(lacking)}."
            if doubtful:
                told += f" À vérifier sur la fiche de la structure{NBSP}: {listed(doubtful)}."
            level: Level = "warning" if doubtful else "info" if lacking else "success"
            state = "gardé en brouillon" if lacking else "enregistré"
            self.notice.show_message(Message(level, f"Dossier {record.number} {state}.", told))
        self.sheet.structure.enter()
        self._say()

    def _ctrl_enter(self) -> None:
        if self._pages.currentIndex():
            self.pdf.panel.make.click()
        else:
            self.validate(follow=not self._short)

    def _after_structure(self) -> None:
        """A known structure has nothing more to tell: straight to the request."""
        first = "title" if self._short else "deposited_at"
        self.sheet.fields[first].setFocus()
        self._edited()

    def _renew(self, application_id: str) -> None:
        entry = self._context.read(renewals.entry, application_id=application_id)
        self.sheet.take(entry)
        self._context.told.emit("Dossier précédent repris\u00a0: les montants et les dates restent à saisir.")
        self._edited()

    def _continue(self) -> None:
        self.notice.clear()
        regions.enter(self.sheet.sections[min(self._left_at, len(self.sheet.sections) - 1)])

    def _take_form(self, content: dict[str, object]) -> None:
        self._fill(content)
        self.sheet.structure.recognise()
        self.sheet.structure.fields["name"].setFocus()
        self._edited()

    def _typed(self) -> bool:
        written = self.sheet.content()
        return any(self.sheet.structure.content().values()) or any(written["fields"].values())

    def _erase(self) -> None:
        unfinished.forget(self._context.store.folder)
        self.pdf.forget()
        self._fill({})
        self.notice.clear()
        self.sheet.structure.enter()
        self._say()

    def _fill(self, content: dict[str, object]) -> None:
        self._filling = True
        self.sheet.fill(content)
        self._filling = False
        self._keep.stop()

    def _expect(self) -> None:
        call = self._context.calls.id
        if call is None or self._short:
            return
        rules = self._context.read(calls.rules, call)
        self.sheet.expect([(x.kind, x.label) for x in rules.documents if x.due == DEPOSIT])

    def _edited(self) -> None:
        if not self._filling:
            self._keep.start()
            self._say()

    def _say(self) -> None:
        """What is missing, the gap of the budget, the parts larger than their whole: live."""
        values, lines = self.sheet.values(), self.sheet.budget()
        charges, produits = budget.charges(lines), budget.produits(lines)
        given, used = budget.volunteer_totals(lines)
        gap = produits - charges
        said = f"Charges {euros(charges)} · Produits {euros(produits)}"
        if lines:
            said += " · Équilibré" if gap == 0 else f" · Écart{NBSP}: {'+ ' if gap > 0 else ''}{euros(gap)}"
        if given or used:
            said += f" · 86{NBSP}: {euros(given)}, 87{NBSP}: {euros(used)}"
        self.sheet.totals.setText(said)
        theme.set_type(self.sheet.totals, "body", "danger" if gap or given != used else "success", 600)
        self.sheet.partners.say(shares(values.get("lead_share"), self.sheet.partners.values()))
        lacking = self._missing()
        words = [f"Il manque {listed(lacking)}{NBSP}: le dossier restera en brouillon."] if lacking else []
        words += form.doubts(values)
        self.state.setText(" ".join(words) or "Prêt à être déposé.")

    def _missing(self) -> tuple[str, ...]:
        """What keeps the file a draft; the amount asked may stand in the budget alone."""
        values = self.sheet.values()
        asked = sum(x.amount_cents for x in self.sheet.budget() if x.state == budget.Funding.OURS)
        return missing({**values, "asked_cents": values.get("asked_cents") or asked}, structure=self._name())

    def _name(self) -> str:
        return self.sheet.structure.fields["name"].text()

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self.sheet.isAncestorOf(new):
            self._reveal(new)
        if self._keep.isActive() and old is not None and self.sheet.isAncestorOf(old):
            self.keep()

    def _reveal(self, widget: QWidget) -> None:
        """Scroll so that a field is seen with its label above and room below for what may be said of it."""
        top = widget.mapTo(self.sheet, QPoint(0, 0)).y()
        self._scroll.ensureVisible(0, top + widget.height(), 0, px(BELOW))
        self._scroll.ensureVisible(0, top, 0, px(ABOVE))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(24, 12, 16, 4)
        head.setSpacing(16)
        head.addWidget(self.title)
        head.addWidget(self.help)
        head.addStretch(1)
        head.addWidget(self.pdf.button)
        self.sheet.setMaximumWidth(px(WIDTH))
        self._scroll = QScrollArea()
        self._scroll.setWidget(self.sheet)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        foot = QFrame()
        foot.setProperty("surface", "surface")
        row = QHBoxLayout(foot)
        row.setContentsMargins(24, 10, 16, 10)
        row.setSpacing(8)
        row.addWidget(self.state, 1)
        for button in (self.close_button, self.one, self.primary):
            row.addWidget(button)
        typed = QWidget()
        below = QVBoxLayout(typed)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        below.addWidget(self._scroll, 1)
        below.addWidget(foot)
        self._pages.addWidget(typed)
        self._pages.addWidget(self.pdf.panel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.notice)
        layout.addWidget(self._pages, 1)
