"""The partners of a consortium, besides the structure that leads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.partner import Partner as Row
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.queries.form import partners
from cv_desktop.db.work import new_id, record
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.consortium import WHOLE, Partner
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.identifiers import parse_siret
from cv_desktop.domain.structure_fields import hundredths
from cv_desktop.services.applications import refuse_judged


def put(session: Session, *, application_id: str, partners: Sequence[Partner]) -> Changes:
    """Give a file these partners and no others. A SIRET is checked and recognises a known structure.

    Raises UserError on a partner without a name, a wrong SIRET or a share above 100 %, or when the file was judged.
    """
    file = session.get_one(Application, application_id)
    refuse_judged(file)
    before = _known(session, application_id)
    write(session, application_id, partners)
    after = _known(session, application_id)
    record(
        session,
        verb="partners.put",
        noun="application",
        noun_id=application_id,
        summary=f"{file.number} › Consortium : {_said(before)} → {_said(after)}",
        before=[_plain(x) for x in before],
        after=[_plain(x) for x in after],
    )
    undo = Step(put, {"application_id": application_id, "partners": before})
    return Changes.of("application", application_id, undo=undo)


def write(session: Session, application_id: str, partners: Sequence[Partner]) -> None:
    checked = [_checked(session, partner) for partner in partners]
    session.execute(delete(Row).where(Row.application_id == application_id))
    session.add_all(
        Row(
            id=x.id or new_id(session),
            application_id=application_id,
            structure_id=x.structure_id or None,
            position=position,
            name=x.name,
            siret=x.siret or None,
            role=x.role,
            share=x.share,
        )
        for position, x in enumerate(checked)
    )
    session.flush()


def _checked(session: Session, partner: Partner) -> Partner:
    name = partner.name.strip()
    if not name:
        raise UserError("Le nom du partenaire est obligatoire.", field="name")
    if partner.share is not None and not 0 <= partner.share <= WHOLE:
        raise UserError(f"Une part de {hundredths(partner.share)} % n’est pas possible : de 0 à 100.", field="share")
    siret = parse_siret(partner.siret) if partner.siret.strip() else ""
    known = partner.structure_id
    if siret:
        known = session.scalars(select(Structure.id).where(Structure.siren == siret[:9])).first() or ""
    return replace(partner, name=name, siret=siret, role=partner.role.strip(), structure_id=known)


def _known(session: Session, application_id: str) -> tuple[Partner, ...]:
    return partners(session, application_id=application_id)


def _said(partners: Sequence[Partner]) -> str:
    named = (f"{x.name}{f' ({hundredths(x.share)} %)' if x.share is not None else ''}" for x in partners)
    return ", ".join(named) or "aucun partenaire"


def _plain(partner: Partner) -> dict[str, object]:
    return {"name": partner.name, "siret": partner.siret, "role": partner.role, "share": partner.share}
