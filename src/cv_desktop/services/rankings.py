"""The whole ranking of a campaign with what it rests on: means, dispersion, solidity; nothing before the revelation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.meeting import AgendaItem, Meeting, Member, Review
from cv_desktop.db.queries import calls, grids, scores, visibility
from cv_desktop.domain import solidity
from cv_desktop.domain.fairness import Dispersion, Fairness, fairness
from cv_desktop.domain.marks import Mark as Given
from cv_desktop.domain.ranking import Ranked, rank
from cv_desktop.domain.scoring import CommitteeNote, committee_note
from cv_desktop.domain.solidity import Judged, Shaking, Solidity

UNREVEALED = "Notes non révélées."
UNMARKED = "Aucune note."


@dataclass(frozen=True, slots=True)
class RankingRow:
    """A file. ``reason`` says why it has no note; ``short`` that fewer sheets count than the règlement asks.

    ``excluded`` are sheets that a déport keeps out of the note.
    """

    application_id: str
    number: str
    external: str
    note: CommitteeNote | None
    sheets: int
    excluded: int
    short: bool
    dispersion: Dispersion | None
    solidity: Solidity | None
    reason: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """Every file of a campaign but drafts and withdrawn ones, the best first, those without note last."""

    rows: tuple[Ranked[RankingRow], ...]
    fairness: Fairness
    members: Mapping[str, str]
    minimum: int


def of_call(session: Session, *, call_id: str, places: int | None = None, shaking: Shaking | None = None) -> Ranking:
    """The ranking of a campaign. ``places``: solidity looks at that many first files instead of the bands.

    ``shaking``: how its weights are shaken, as the règlement says when None.
    """
    shaking = shaking or Shaking.of_rules(calls.rules(session, call_id))
    held = grids.of_call(session, call_id=call_id)
    given = scores.sheets(session, call_id=call_id)
    judged = {key: Judged(held.of(key), tuple(sheets.values())) for key, sheets in given.items()}
    firm = solidity.by_band(judged, shaking) if places is None else solidity.by_cut(judged, places, shaking)
    found = fairness({key: (held.of(key), sheets) for key, sheets in given.items()})
    minimum = calls.rules(session, call_id).count("reviews_minimum") or 1
    excluded = _excluded(session, call_id)
    hidden = _hidden(session, call_id) - given.keys()
    rows = []
    query = select(Application.id, Application.number, Application.external_id).where(
        Application.call_id == call_id, Application.status.not_in(("draft", "withdrawn"))
    )
    for key, number, external in session.execute(query):
        note = None
        sheets = 0
        if key in judged:
            sheets = sum(1 for sheet in judged[key].sheets if sheet)
            note = committee_note(held.of(key), [{c: Given(v) for c, v in s.items()} for s in judged[key].sheets])
        noted = note is not None and note.note is not None
        rows.append(
            RankingRow(
                application_id=key,
                number=number,
                external=external or "",
                note=note if noted else None,
                sheets=sheets,
                excluded=0 if key in hidden else excluded[key],
                short=noted and sheets < minimum,
                dispersion=found.files.get(key),
                solidity=firm.get(key),
                reason="" if noted else UNREVEALED if key in hidden else UNMARKED,
            )
        )
    return Ranking(rank(rows, note=_note, number=lambda r: r.number), found, _names(session, call_id), minimum)


@dataclass(frozen=True, slots=True)
class Firm:
    """Whether each revealed file of a campaign keeps its band, and the sheets and the shaking that say so."""

    judged: Mapping[str, Judged]
    shaking: Shaking
    found: Mapping[str, Solidity]


def firm(session: Session, *, call_id: str, known: Firm | None = None) -> Firm:
    """For the screens that show a note: what is ``known`` holds as long as no sheet, grid nor shaking changed."""
    judged, shaking = _judged(session, call_id), Shaking.of_rules(calls.rules(session, call_id))
    if known is not None and (judged, shaking) == (known.judged, known.shaking):
        return known
    return Firm(judged, shaking, solidity.by_band(judged, shaking))


def solidities_at_cut(
    session: Session, *, call_id: str, inside: Collection[str], between: Callable[[], object] = lambda: None
) -> dict[str, Solidity]:
    """Whether each revealed file of a campaign stays on its side of the end of the envelope.

    ``inside`` are the files that it serves today: as many places, counted among those that have a note. Empty when the
    envelope serves all of them, or none: there is no line to cross. ``between`` is called all along: it may wait, and
    what it raises ends the work.
    """
    judged = _judged(session, call_id)
    noted = {key for key, file in judged.items() if file.note is not None}
    places = len(noted.intersection(inside))
    if not 0 < places < len(noted):
        return {}
    return solidity.by_cut(judged, places, Shaking.of_rules(calls.rules(session, call_id)), between)


def fairness_of(session: Session, *, call_id: str) -> tuple[Fairness, dict[str, str]]:
    """What the revealed sheets of a campaign say of one another, and the names of the members by their keys."""
    held = grids.of_call(session, call_id=call_id)
    given = scores.sheets(session, call_id=call_id)
    return fairness({key: (held.of(key), sheets) for key, sheets in given.items()}), _names(session, call_id)


def _judged(session: Session, call_id: str) -> dict[str, Judged]:
    held = grids.of_call(session, call_id=call_id)
    given = scores.sheets(session, call_id=call_id)
    return {key: Judged(held.of(key), tuple(sheets.values())) for key, sheets in given.items()}


def _note(row: RankingRow) -> Fraction | None:
    return row.note.note if row.note else None


def _names(session: Session, call_id: str) -> dict[str, str]:
    query = select(Member.id, Member.name).where(Member.call_id == call_id).order_by(Member.position)
    return dict(session.execute(query).all())


def _excluded(session: Session, call_id: str) -> Counter[str]:
    """Sheets that a déport keeps out, by file."""
    pairs = visibility.kept_out().subquery().c
    query = (
        select(Review.application_id, func.count())
        .where(Review.application_id == pairs[0], Review.member_id == pairs[1])
        .where(Review.application_id.in_(select(Application.id).where(Application.call_id == call_id)))
        .group_by(Review.application_id)
    )
    return Counter(dict(session.execute(query).all()))


def _hidden(session: Session, call_id: str) -> set[str]:
    """Files with sheets, or on an agenda, whose marks are not revealed."""
    awaited = (
        select(AgendaItem.application_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(Meeting.call_id == call_id, Meeting.revealed_at.is_(None))
    )
    own = (
        select(Review.application_id)
        .join(Application, Application.id == Review.application_id)
        .where(Application.call_id == call_id, ~Review.outside)
    )
    return {*session.scalars(awaited), *session.scalars(own)}
