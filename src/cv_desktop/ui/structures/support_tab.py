"""The tab « Accompagnement »: the log of the help given to the structure, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence

from cv_desktop.db.queries import supports
from cv_desktop.db.queries.structures import StructureRecord
from cv_desktop.db.queries.supports import SupportRow
from cv_desktop.domain.dates import local, short_date
from cv_desktop.domain.structure_lines import SUPPORT, SUPPORT_KINDS
from cv_desktop.ui.structures.lines_tab import LinesTab
from cv_desktop.ui.tables.columns import Column


class SupportTab(LinesTab):
    kind = SUPPORT
    title = "Accompagnement"
    empty = "Aucun accompagnement noté. Un rendez-vous, un appel, une aide au dossier se notent ci-dessous."
    add_words = "Noter un accompagnement"
    form = (
        ("subject", 4),
        ("kind", 2),
        ("given_on", 2),
        ("minutes", 1),
        ("agent", 2),
        ("next_step", 3),
        ("next_on", 2),
    )

    def prepare(self) -> None:
        self.choices["kind"] = [(word, word) for word in SUPPORT_KINDS]

    def columns(self) -> Sequence[Column[SupportRow]]:
        return (
            self.cell("given_on", width=100),
            self.cell("kind", width=120),
            self.cell("subject", width=220, stretch=True, weight=500),
            self.cell("minutes", width=72, align="right"),
            self.cell("agent", width=120),
            self.cell("next_step", width=160),
            self.cell("next_on", width=100),
        )

    def rows(self, record: StructureRecord) -> Sequence[SupportRow]:
        return self.context.read(supports.rows, structure_id=record.id)

    def start(self) -> None:
        self.fields["given_on"].set_value(short_date(local(self.context.clock()).date()))
        self.fields["agent"].set_value(self.context.actor)
