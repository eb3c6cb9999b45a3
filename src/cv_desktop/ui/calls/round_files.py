"""The files of the chosen round, and those that fall in none; one is moved by typing the name of a round."""

from __future__ import annotations

from collections.abc import Sequence

from cv_desktop.db.queries.rounds import RoundFile
from cv_desktop.domain.dates import short_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros
from cv_desktop.domain.rounds import Round
from cv_desktop.domain.text import counted, fold
from cv_desktop.services import rounds
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.card import Card
from cv_desktop.ui.context import Context
from cv_desktop.ui.tables.columns import Column
from cv_desktop.ui.tables.rows_model import RowsModel
from cv_desktop.ui.tables.table_view import TableView

OUTSIDE = "hors session"
BY_DEPOSIT = ("", "selon son dépôt", "dépôt")


class RoundFiles(Card):
    """Shown under the rounds; hidden while there is none."""

    def __init__(self, context: Context) -> None:
        super().__init__("Dossiers de la session", flush=True)
        self.context = context
        self._rounds: Sequence[Round] = ()
        self.model: RowsModel[RoundFile] = RowsModel(
            [
                Column("number", "N°", lambda f: f.number, width=130),
                Column("structure", "Structure", lambda f: f.structure, width=220, stretch=True, weight=500),
                Column(
                    "deposited",
                    "Déposé le",
                    lambda f: short_date(f.deposited_on),
                    sort=lambda f: f.deposited_on,
                    width=100,
                ),
                Column(
                    "asked",
                    "Demandé",
                    lambda f: euros(f.asked_cents),
                    sort=lambda f: f.asked_cents,
                    width=100,
                    align="right",
                ),
                Column(
                    "round",
                    "Session",
                    lambda f: f.round_label or OUTSIDE,
                    width=150,
                    edit=self._move,
                    tooltip="Tapez le nom d’une autre session ; vide, c’est la date de dépôt qui décide",
                    mark=lambda f: "" if f.round_label else "warning",
                ),
                Column("moved", "", lambda f: "déplacé" if f.moved else "", width=100, badge=_moved),
            ]
        )
        self.table = TableView(
            self.model,
            name="Dossiers de la session",
            memory=context.settings.memory("campagnes.sessions.dossiers"),
            empty="Aucun dossier dans cette session.",
        )
        self.table.refused.connect(context.told)
        self.add(self.table, 1)

    def show_files(self, files: Sequence[RoundFile], known: Sequence[Round], current: Round | None) -> None:
        self._rounds = known
        self.setVisible(bool(known))
        if current is None:
            return
        outside = [f for f in files if not f.round_id]
        inside = [f for f in files if f.round_id == current.id]
        late = f", {counted(len(outside), 'dossier')} {OUTSIDE}" if outside else ""
        self.set_title(f"Dossiers de « {current.label} »", f"{counted(len(inside), 'dossier')}{late}")
        self.table.set_rows([*inside, *outside])

    def _move(self, file: RoundFile, text: str) -> None:
        bare = fold(text)
        if bare in map(fold, BY_DEPOSIT):
            wanted = None
        else:
            found = [r for r in self._rounds if fold(r.label) == bare] or [
                r for r in self._rounds if fold(r.label).endswith(f" {bare}")
            ]
            if not found:
                names = ", ".join(r.label for r in self._rounds)
                raise UserError(f"« {text.strip()} » n’est pas une session. Sessions : {names}.")
            wanted = found[0].id
        label = f"{file.number}, session {text.strip() or 'selon son dépôt'}"
        self.context.attempt(label, rounds.move_file, application_id=file.id, round_id=wanted)


def _moved(file: RoundFile) -> Badge | None:
    return Badge("déplacé", "info", "pencil") if file.moved else None
