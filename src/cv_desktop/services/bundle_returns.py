"""What comes back from the members: added when new, shown when different, refused with its reason."""

from __future__ import annotations

import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.bundle import BundleReturn, DoubtfulMark
from cv_desktop.db.models.meeting import Review
from cv_desktop.db.queries import bundles, grids, scores, visibility
from cv_desktop.db.queries.bundles import KeptBundle
from cv_desktop.db.work import new_id, now, record
from cv_desktop.domain import media
from cv_desktop.domain.bundle import (
    PAPER,
    Answer,
    BundleFile,
    Doubt,
    Judged,
    Outcome,
    Returned,
    genuine,
    judged,
    off_the_sheet,
)
from cv_desktop.domain.changes import Changes, Step, in_turn
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import counted, quote
from cv_desktop.services import contents, reviews

Key = tuple[str, str]  # number of the file, code of the criterion


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a file that came back.

    ``refused_whole`` is why nothing of it was kept; ``handed_in`` the numbers whose sheet is complete and returned,
    ``unfinished`` why the others are not, by number; ``doubts`` what waits for a person.
    """

    name: str
    bundle: str
    member: str
    marks: tuple[Judged, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    altered: tuple[str, ...] = ()
    handed_in: tuple[str, ...] = ()
    unfinished: tuple[tuple[str, str], ...] = ()
    refused_whole: str = ""

    def of(self, outcome: Outcome) -> tuple[Judged, ...]:
        """The marks of one outcome."""
        return tuple(mark for mark in self.marks if mark.outcome is outcome)

    @property
    def counts(self) -> dict[str, int]:
        return {outcome.value: len(self.of(outcome)) for outcome in Outcome} | {"doubtful": len(self.doubts)}


def compare(session: Session, *, call_id: str, returned: Returned) -> Report:
    """What would become of each mark; nothing is written."""
    if not returned.key and returned.medium == PAPER:
        return Report(returned.name, "", "", doubts=returned.doubts)
    kept = bundles.bundle(session, returned.key)
    why = _refusal(session, call_id, returned, kept)
    if why or kept is None:
        return Report(returned.name, returned.key, kept.content.member if kept else "", refused_whole=why)
    marks = [*returned.refused, *(_judge(session, kept, answer) for answer in returned.answers if answer.given)]
    return Report(returned.name, returned.key, kept.content.member, tuple(marks), returned.doubts, returned.altered)


def take(
    session: Session, *, call_id: str, path: Path, returned: Returned, replacing: Collection[Key] = ()
) -> tuple[Changes, Report]:
    """Write what is new, and the differences that a person chose; hand in the sheets that are complete.

    The file is kept as it came. A mark that the rules refuse (déport since, sheet returned, marks revealed) is said
    so in the report and changes nothing.
    """
    report = compare(session, call_id=call_id, returned=returned)
    if report.refused_whole:
        return Changes(), report
    kept = bundles.bundle(session, returned.key) if returned.key else None
    steps: list[Step | None] = []
    touched = Changes()
    marks: list[Judged] = []
    for mark in report.marks:
        wanted = mark.outcome is Outcome.ADDED or (
            mark.outcome is Outcome.DIFFERENT and (mark.answer.number, mark.answer.criterion) in replacing
        )
        if wanted and kept is not None:
            mark, changes = _write(session, kept, mark)
            touched |= changes
            steps.append(changes.undo)
        marks.append(mark)
    handed, unfinished = [], []
    if kept is not None:
        for number in dict.fromkeys(m.answer.number for m in marks if m.outcome is Outcome.ADDED):
            changes, why = _hand_in(session, kept, number)
            if why:
                unfinished.append((number, why))
                continue
            handed.append(number)
            touched |= changes
            steps.append(changes.undo)
    report = Report(
        report.name, report.bundle, report.member, tuple(marks), report.doubts, report.altered, tuple(handed),
        tuple(unfinished),
    )  # fmt: skip
    _keep(session, call_id, path, report, kept)
    known = tuple(step for step in reversed(steps) if step is not None)
    undo = Step(in_turn, {"steps": known}) if known else None
    return Changes(touched.touched | Changes.of("bundle", call_id).touched, undo), report


def settle(
    session: Session,
    *,
    doubt_id: str,
    level: int | None = None,
    not_applicable: bool = False,
    dedicated: bool = False,
    comment: str = "",
) -> Changes:
    """What a person read in a doubtful place: written as that member's mark. Raises UserError as marking does."""
    doubt = _waiting(session, doubt_id)
    kept = bundles.bundle(session, doubt.bundle_id) if doubt.bundle_id else None
    if kept is None or doubt.application_id is None or not doubt.criterion:
        raise UserError(
            "Cette page ne dit pas de quelle grille elle vient\u00a0: saisissez-la par «\u00a0Noter en tant que\u00a0»."
        )
    number = session.get_one(Application, doubt.application_id).number
    answer = Answer(number, doubt.criterion, level, not_applicable, dedicated, comment.strip())
    if not answer.given:
        raise UserError("Indiquez le niveau ou la phrase lus sur l’image, ou écartez-la.")
    file = kept.content.file(number)
    why = off_the_sheet(kept.content, answer) or (_other_version(session, kept, file) if file else "")
    if why:
        raise UserError(why)
    changes = _marked(session, kept.member_id, doubt.application_id, answer)
    settled = _settled(session, doubt, "marked", f"{number}\u00a0: {doubt.criterion} lu sur l’image")
    handed, _why = _hand_in(session, kept, number)
    steps = tuple(s for s in (handed.undo, settled.undo, changes.undo) if s is not None)
    return Changes(changes.touched | settled.touched | handed.touched, Step(in_turn, {"steps": steps}))


def dismiss(session: Session, *, doubt_id: str) -> Changes:
    """Put a doubtful place aside: there is nothing to read in it. Its picture is kept."""
    doubt = _waiting(session, doubt_id)
    return _settled(session, doubt, "dismissed", f"Image écartée, page {doubt.page}\u00a0: {doubt.reason}")


def _refusal(session: Session, call_id: str, returned: Returned, kept: KeptBundle | None) -> str:
    """Why nothing of a bundle is kept; empty when it may be."""
    if not returned.key:
        return "Le manifeste de ce fichier ne dit plus de quelle liasse il vient\u00a0: reprenez le fichier remis."
    if kept is None:
        return f"La liasse {returned.key} n’a pas été remise par cette base."
    if kept.call_id != call_id:
        return f"Cette liasse est celle d’une autre campagne, {kept.content.call_code}. Choisissez cette campagne."
    if returned.medium != PAPER and not genuine(returned.manifest or {}, kept.content, kept.secret):
        given = kept.content.member
        return f"Le manifeste de la liasse {kept.id} a été modifié\u00a0: reprenez le fichier remis à {given}."
    return ""


def _judge(session: Session, kept: KeptBundle, answer: Answer) -> Judged:
    why = off_the_sheet(kept.content, answer)
    file = kept.content.file(answer.number)
    if why or file is None:
        return Judged(answer, Outcome.REFUSED, why)
    if why := _other_version(session, kept, file):
        return Judged(answer, Outcome.REFUSED, why)
    known = scores.sheet(session, application_id=file.application_id, member_id=kept.member_id)
    found = judged(answer, known.get(answer.criterion))
    seen = select(Application.id).where(Application.id == file.application_id, visibility.visible(kept.member_id))
    if found.outcome is Outcome.IDENTICAL and session.scalar(seen) is not None:
        return found
    try:
        reviews.may_mark(session, application_id=file.application_id, member_id=kept.member_id)
    except UserError as refusal:
        return Judged(answer, Outcome.REFUSED, refusal.message)
    return found


def _other_version(session: Session, kept: KeptBundle, file: BundleFile) -> str:
    """Why a sheet no more fits its file; empty when both follow the same version of the grid."""
    printed, now_on = kept.content.version_of(file), grids.of_file(session, application_id=file.application_id).version
    return (
        ""
        if printed == now_on
        else (f"Cette feuille suit la grille version {printed}, ce dossier la version {now_on}.")
    )


def _write(session: Session, kept: KeptBundle, mark: Judged) -> tuple[Judged, Changes]:
    file = kept.content.file(mark.answer.number)
    assert file is not None, "judged before"
    changes = _marked(session, kept.member_id, file.application_id, mark.answer)
    return Judged(mark.answer, Outcome.ADDED, mark.reason), changes


def _marked(session: Session, member_id: str, application_id: str, answer: Answer) -> Changes:
    """The verbs that a person marking by hand would use, in turn."""
    key = {"application_id": application_id, "member_id": member_id, "criterion": answer.criterion}
    steps: list[Step] = []
    if answer.level is not None or answer.not_applicable:
        given = {"level": answer.level, "not_applicable": answer.not_applicable}
        steps.append(Step(reviews.set_mark, key | given))
    if answer.dedicated:
        steps.append(Step(reviews.set_dedicated, key | {"dedicated": True}))
    if answer.comment:
        steps.append(Step(reviews.set_comment, key | {"text": answer.comment}))
    return in_turn(session, steps=steps)


def _hand_in(session: Session, kept: KeptBundle, number: str) -> tuple[Changes, str]:
    file = kept.content.file(number)
    assert file is not None, "one of its marks was written"
    key = {"application_id": file.application_id, "member_id": kept.member_id}
    returned = select(Review.returned_at).where(
        Review.application_id == file.application_id, Review.member_id == kept.member_id
    )
    if session.scalars(returned).first() is not None:
        return Changes(), ""
    try:
        return reviews.hand_in(session, **key), ""
    except UserError as refusal:
        return Changes(), refusal.message


def _keep(session: Session, call_id: str, path: Path, report: Report, kept: KeptBundle | None) -> None:
    """The file as it came, and the places that a person must read, with their pictures."""
    stored = contents.receive(session, path)
    row = BundleReturn(
        id=new_id(session),
        call_id=call_id,
        filename=path.name,
        sha256=stored.sha256,
        read_at=now(session),
        counts=report.counts,
    )
    session.add(row)
    session.flush()
    for doubt in report.doubts:
        file = kept.content.file(doubt.number) if kept is not None else None
        session.add(
            DoubtfulMark(
                id=new_id(session),
                call_id=call_id,
                bundle_id=kept.id if kept is not None else None,
                application_id=file.application_id if file is not None else None,
                return_id=row.id,
                criterion=doubt.criterion,
                reason=doubt.reason,
                page=doubt.page,
                sha256=_picture(session, doubt.picture),
                settled_as="",
                settled_at=None,
            )
        )
    whose = f"Grilles de {report.member}" if report.member else "Pages à classer"
    record(
        session,
        verb="bundle_returns.take",
        noun="bundle",
        noun_id=report.bundle or row.id,
        summary=f"{whose}\u00a0: {quote(path.name)}, {counted(report.counts['added'], 'note ajoutée')}, "
        f"{counted(report.counts['doubtful'], 'image')} à relire",
        after={**report.counts, "sha256": stored.sha256},
        source="import",
    )


def _picture(session: Session, picture: bytes) -> str:
    with tempfile.TemporaryDirectory(prefix="cv-desktop-") as folder:
        path = Path(folder) / "image.png"
        path.write_bytes(picture)
        return contents.keep(session, path, media.recognise(picture)).sha256


def _waiting(session: Session, doubt_id: str) -> DoubtfulMark:
    doubt = session.get_one(DoubtfulMark, doubt_id)
    if doubt.settled_as:
        raise UserError("Cette image a déjà été relue.")
    return doubt


def _settled(session: Session, doubt: DoubtfulMark, settled_as: str, summary: str) -> Changes:
    doubt.settled_as, doubt.settled_at = settled_as, now(session)
    record(session, verb="bundle_returns.settle", noun="doubtful_mark", noun_id=doubt.id, summary=summary)
    return Changes.of("doubtful_mark", doubt.id, undo=Step(reopen, {"doubt_id": doubt.id}))


def reopen(session: Session, *, doubt_id: str) -> Changes:
    """Put a place that was read, or set aside, back among those to read."""
    doubt = session.get_one(DoubtfulMark, doubt_id)
    before, doubt.settled_as, doubt.settled_at = doubt.settled_as, "", None
    record(
        session,
        verb="bundle_returns.reopen",
        noun="doubtful_mark",
        noun_id=doubt.id,
        summary=f"Image remise à relire, page {doubt.page}",
    )
    return Changes.of("doubtful_mark", doubt.id, undo=Step(_resettle, {"doubt_id": doubt_id, "settled_as": before}))


def _resettle(session: Session, *, doubt_id: str, settled_as: str) -> Changes:
    return _settled(session, session.get_one(DoubtfulMark, doubt_id), settled_as, "Image relue")
