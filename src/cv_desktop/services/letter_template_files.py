"""The texts of letters from one base to another, as one file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.call import LetterTemplate
from cv_desktop.db.queries import letter_templates as queries
from cv_desktop.db.work import record, today
from cv_desktop.domain.changes import Changes, together
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.letter_template_file import GivenTemplate
from cv_desktop.domain.text import NBSP, counted, quote
from cv_desktop.services import letter_templates


@dataclass(frozen=True, slots=True)
class Taken:
    """``written`` are the (label, version) of the texts that changed, ``same`` the labels of those that did not."""

    written: tuple[tuple[str, int], ...]
    same: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """« 2 modèles pris : Attribution (version 3), Refus (version 2). 5 modèles identiques. »"""
        named = ", ".join(f"{label} (version {version})" for label, version in self.written)
        said = f"{counted(len(self.written), 'modèle pris')}{NBSP}: {named}." if named else "Aucun modèle à prendre."
        return f"{said} {counted(len(self.same), 'modèle identique')}." if self.same else said


def export(session: Session, *, call_id: str = "", kinds: Sequence[str] = ()) -> tuple[GivenTemplate, ...]:
    """The texts that a campaign uses (the general ones without ``call_id``), all of them or these ``kinds``.

    Says so in the journal.
    """
    newest: dict[str, queries.TemplateRow] = {}
    for row in queries.rows(session, day=today(session)):
        if row.call_id in ("", call_id) and (not kinds or row.kind in kinds):
            newest[row.kind] = row if row.call_id or row.kind not in newest else newest[row.kind]
    found = tuple(GivenTemplate(row.kind, row.label, row.version, row.content) for row in newest.values())
    record(
        session,
        verb="letter_templates.export",
        noun="letter_template",
        noun_id=call_id or "tous",
        summary=f"{counted(len(found), 'modèle')} de courrier exporté{'s' if len(found) > 1 else ''}",
    )
    return found


def take(session: Session, *, given: Sequence[GivenTemplate], said: str, call_id: str = "") -> tuple[Changes, Taken]:
    """Write the texts of a file for every campaign, or for one; all of them or none.

    ``said`` tells where they come from. Raises UserError naming the text that does not hold, or a kind that this
    program cannot produce.
    """
    known = set(session.scalars(select(LetterTemplate.kind)))
    touched, steps, written, same = Changes(), [], [], []
    for one in given:
        if one.kind not in known:
            raise UserError(f"Le modèle {quote(one.label)} ({one.kind}) n’existe pas dans cette version du logiciel. "
                            "Mettez l’application à jour\u00a0; rien n’est pris.")  # fmt: skip
        try:
            done, key = letter_templates.write(
                session, kind=one.kind, content=one.content, call_id=call_id, said=said, source="import"
            )
        except UserError as refusal:
            raise UserError(f"Modèle {quote(one.label)}. {refusal.message} Rien n’est pris.") from None
        if not done.touched:
            same.append(one.label)
            continue
        written.append((one.label, session.get_one(LetterTemplate, key).version))
        touched |= done
        steps.append(done.undo)
    return Changes(touched.touched, together(*steps)), Taken(tuple(written), tuple(same))
