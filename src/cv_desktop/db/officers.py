"""An officer with a link to a structure does not instruct its files: the store itself refuses the write.

Held here, where every write ends, so that no verb to come can forget it. Source: CGFP L121-4 and L121-5.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.engine import ask
from cv_desktop.db.models.application import Application
from cv_desktop.db.models.decision import Letter
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries import settings
from cv_desktop.db.queries.members import same_person
from cv_desktop.db.queries.visibility import visible
from cv_desktop.db.work import Work, today
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import quote

_BY_HAND = "saisie"
# As text: it is asked at every write.
_OFFICERS = "SELECT id, name FROM member WHERE kind = 'officer'"


def refuse_linked(session: Session, work: Work) -> None:
    """Raises UserError when the actor, as an officer, is kept out of a file that these entries say was worked on.

    What the program computes or imports by itself is not instruction, nor are the acts of a meeting.
    """
    officers = ask(session, _OFFICERS)
    own = [key for key, name in officers if same_person(name) == same_person(work.actor)]
    if not own:
        return
    touched = {e.noun_id for e in work.entries if e.noun == "application" and e.source == _BY_HAND}
    written = {e.noun_id for e in work.entries if e.noun == "letter" and e.source == _BY_HAND}
    touched |= set(session.scalars(select(Letter.application_id).where(Letter.id.in_(written)))) if written else set()
    for key in own if touched else ():
        query = (
            select(Application.number, Structure.name)
            .join(Structure, Structure.id == Application.structure_id)
            .where(Application.id.in_(touched), ~visible(key))
            .order_by(Application.number)
        )
        if found := session.execute(query).first():
            law = settings.text_in_force(session, "lien_agent_droit", today(session))
            raise UserError(
                f"{work.actor} a un lien avec {quote(found.name)} et ne peut pas instruire {found.number}"
                f"{f' ({law})' if law else ''}. Confiez ce dossier à un autre agent."
            )
