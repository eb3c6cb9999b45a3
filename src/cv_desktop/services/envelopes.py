"""The parts of a campaign's envelope: their amounts, floors and caps, what is kept aside, what goes to the next one."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.call import Call
from cv_desktop.db.models.envelope import Envelope
from cv_desktop.db.models.round import Round
from cv_desktop.db.queries import envelope_parts, envelopes, rounds
from cv_desktop.db.work import new_id, record
from cv_desktop.domain.changes import Changes, Step, together
from cv_desktop.domain.envelopes import GROUPING, Kind, refusals
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros, parse_amount
from cv_desktop.services import calls, phases
from cv_desktop.services import rounds as round_verbs

LIMITS = {"amount_cents": "montant", "floor_cents": "plancher", "cap_cents": "plafond"}


def set_limit(session: Session, *, call_id: str, kind: str, key: str, name: str, text: str) -> Changes:
    """Write the amount, the floor or the cap of a part of the envelope as typed; empty takes it away.

    Raises UserError on a text that is no amount, on one that makes the parts exceed the envelope, or a floor exceed
    its cap, and for a limit that the part cannot have: a funder and the reserve only have an amount.
    """
    call = phases.of_open(session, call_id)
    node = next((n for n in envelope_parts.nodes(session, call_id=call_id) if n.group == f"{kind}:{key}"), None)
    if node is None:
        raise UserError("Cette part de l’enveloppe n’existe plus. Rouvrez la campagne pour la revoir.")
    if name != "amount_cents" and node.kind not in GROUPING:
        raise UserError(f"{node.kind.label} : seul un montant se fixe ici.", field=name)
    cents = parse_amount(text) if text.strip() else None
    if cents is not None and cents < 0:
        raise UserError(f"« {text.strip()} » est négatif. Exemple : 7 500.", field=name)
    if node.kind is Kind.ROUND and name == "amount_cents":
        return round_verbs.set_field(session, round_id=key, name="share_cents", text=text.strip())
    row = session.scalars(
        select(Envelope).where(Envelope.call_id == call_id, Envelope.kind == kind, Envelope.key == key)
    ).first()
    before = getattr(row, name) if row else None
    if row is None:
        row = Envelope(
            id=new_id(session),
            call_id=call_id,
            kind=kind,
            key=key,
            label=node.label,
            amount_cents=None,
            floor_cents=None,
            cap_cents=None,
            position=node.position,
        )
        session.add(row)
    setattr(row, name, cents)
    session.flush()
    if all(getattr(row, limit) is None for limit in LIMITS):
        session.delete(row)
        session.flush()
    wrong = refusals(call.envelope_cents, envelope_parts.nodes(session, call_id=call_id))
    # What was already too much is not a reason to refuse what makes it less.
    if cents is not None and (before is None or cents > before or name == "cap_cents") and wrong:
        raise UserError(wrong[0], field=name)
    shown = [euros(x) if x is not None else "aucun" for x in (before, cents)]
    record(
        session,
        verb="envelopes.set_limit",
        noun="call",
        noun_id=call_id,
        summary=f"{call.label}, {node.named} : {LIMITS[name]} {shown[0]} → {shown[1]}",
        before=before,
        after=cents,
    )
    undo = Step(
        set_limit,
        {
            "call_id": call_id,
            "kind": kind,
            "key": key,
            "name": name,
            "text": euros(before) if before is not None else "",
        },
    )
    return Changes.of("call", call_id, undo=undo)


def roll_over(session: Session, *, round_id: str) -> Changes:
    """Give what is free of a round's share to the next round, at once and without waiting for its closing.

    Free is the share less what its files hold, marked amounts included. Raises UserError when nothing is, when the
    round is closed (its rest already went on), or when no open round follows.
    """
    row = session.get_one(Round, round_id)
    phases.of_open(session, row.call_id)
    part = next(
        p
        for p in envelope_parts.rows(session, call_id=row.call_id)
        if p.node.kind is Kind.ROUND and p.node.key == round_id
    )
    later = [r for r in rounds.dates(session, row.call_id) if r.deposit_closes > row.deposit_closes and not r.closed_on]
    if row.closed_on is not None:
        raise UserError(f"« {row.label} » est close : son reste est déjà allé à la session suivante.")
    if not later:
        raise UserError(f"Aucune session ouverte ne suit « {row.label} ». Ajoutez-en une dans l’onglet Sessions.")
    free = min((row.share_cents or 0) + part.carried_cents - part.given_cents, row.share_cents or 0)
    if free <= 0:
        raise UserError(f"Rien n’est libre dans « {row.label} » : ses dossiers tiennent toute sa part.")
    target = session.get_one(Round, later[0].id)
    done = [
        round_verbs.set_field(session, round_id=key, name="share_cents", text=euros(cents))
        for key, cents in ((row.id, (row.share_cents or 0) - free), (target.id, (target.share_cents or 0) + free))
    ]
    record(
        session,
        verb="envelopes.roll_over",
        noun="call",
        noun_id=row.call_id,
        summary=f"{euros(free)} libres de « {row.label} » reportés sur « {target.label} »",
        after=free,
    )
    touched = done[0] | done[1]
    return Changes(touched.touched, together(*(changes.undo for changes in done)))


def carry_over(session: Session, *, call_id: str, target_id: str, cents: int) -> Changes:
    """Take ``cents`` that are free in a campaign to another one: both envelopes change, by the same amount.

    Raises UserError when less is free, or when the amount is not positive.
    """
    source, target = phases.of_open(session, call_id), phases.of_open(session, target_id)
    if call_id == target_id:
        raise UserError("Choisissez une autre campagne.", field="target")
    free = envelopes.buckets(session, call_id=call_id).free_cents
    if cents <= 0 or cents > free:
        raise UserError(
            f"{euros(cents)} ne peuvent pas être reportés : « {source.label} » a {euros(max(free, 0))} libres.",
            field="amount",
        )
    done = [_changed(session, source, -cents), _changed(session, target, cents)]
    record(
        session,
        verb="envelopes.carry_over",
        noun="call",
        noun_id=target_id,
        summary=f"{euros(cents)} libres de « {source.label} » reportés sur « {target.label} »",
        after=cents,
    )
    touched = done[0] | done[1]
    return Changes(touched.touched, together(*(changes.undo for changes in done)))


def _changed(session: Session, call: Call, cents: int) -> Changes:
    return calls.set_envelope(session, call_id=call.id, envelope_cents=call.envelope_cents + cents)
