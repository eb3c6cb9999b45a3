"""Sheets away from the computer: what each member takes, on a workbook, a form or paper."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping

from sqlalchemy.orm import Session

from cv_desktop.db.models.bundle import Bundle
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.meeting import Meeting, Member
from cv_desktop.db.queries import application_records, bundles, grids, sheets
from cv_desktop.db.queries.application_records import ApplicationRecord
from cv_desktop.db.queries.calls import GridRow
from cv_desktop.db.work import new_id, now, record, today
from cv_desktop.domain import bundle as domain
from cv_desktop.domain import grid_faults
from cv_desktop.domain.bundle import FORM, MEDIA, PAPER, WORKBOOK, BundleFile, asked_of, manifest
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros, group, percent
from cv_desktop.domain.text import counted, quote, words

WORDS: Mapping[str, str] = {WORKBOOK: "classeur", FORM: "PDF à remplir", PAPER: "papier"}
_SUFFIXES: Mapping[str, str] = {WORKBOOK: ".xlsx", FORM: ".pdf", PAPER: "_papier.pdf"}


def take_away(
    session: Session, *, call_id: str, member_id: str, medium: str, meeting_id: str = ""
) -> tuple[Changes, str]:
    """Keep what a member takes away, and answer its key: every file to mark, none where a déport keeps him or her out.

    Each sheet is that of the version of the grid its file was begun with, the newest for the others. With a meeting,
    the files of its agenda; without one, every eligible file. Raises UserError on an unknown medium,
    once the marks of the meeting are revealed, or when the member has no file to mark.
    """
    if medium not in MEDIA:
        raise UserError(f"{quote(medium)} n’est pas un support\u00a0: {', '.join(MEDIA)}.")
    call, member = session.get_one(Call, call_id), session.get_one(Member, member_id)
    meeting = session.get_one(Meeting, meeting_id) if meeting_id else None
    if meeting is not None and meeting.revealed_at is not None:
        raise UserError(f"Les grilles de {quote(meeting.label)} sont révélées\u00a0: elles ne se distribuent plus.")
    rows = sheets.matrix(session, call_id=call_id, meeting_id=meeting_id or None, viewer=member_id)
    held = {row.application_id: grids.of_file(session, application_id=row.application_id) for row in rows}
    if not held:
        raise UserError(f"{member.name} n’a aucun dossier à noter.")
    whole = {row.version: row for row in grids.versions(session, call_id=call_id)}
    used = sorted({row.version for row in held.values()}, reverse=True)
    grid = whole[used[0]]
    if grid.frozen_at is None:
        grid_faults.refuse_use(grid.grid)
    files = tuple(_file(session, key, member_id, row, grid.version) for key, row in held.items())
    key = _key(new_id(session))
    content = domain.Bundle(
        key=key,
        call_code=call.code,
        call_label=call.label,
        meeting=meeting.label if meeting is not None else "",
        member_id=member_id,
        member=member.name,
        body=member.body,
        grid_version=grid.version,
        criteria=asked_of(grid.grid),
        files=files,
        made_on=today(session).isoformat(),
        example=call.example,
        former={version: asked_of(whole[version].grid) for version in used[1:]},
    )
    session.add(
        Bundle(
            id=key,
            call_id=call_id,
            meeting_id=meeting_id or None,
            member_id=member_id,
            grid_id=grid.id,
            medium=medium,
            made_at=now(session),
            secret=new_id(session) + new_id(session),
            content=content.to_json(),
        )
    )
    record(
        session,
        verb="bundles.take_away",
        noun="bundle",
        noun_id=key,
        summary=f"Liasse {key} de {member.name}, {WORDS[medium]}, {counted(len(files), 'dossier')}",
        after={"files": [file.number for file in files], "checksum": domain.checksum(content)},
        source="export",
    )
    return Changes.of("bundle", key), key


def drawn(session: Session, *, key: str) -> tuple[str, bytes]:
    """The file of a bundle and its name, always the same bytes for the same bundle."""
    kept = bundles.bundle(session, key)
    if kept is None:
        raise UserError(f"La liasse {key} n’existe pas dans cette base.")
    if kept.medium == WORKBOOK:
        from cv_desktop.documents import bundle_workbook

        content = bundle_workbook.render(kept.content, manifest(kept.content, kept.secret))
    elif kept.medium == FORM:
        from cv_desktop.documents import bundle_form

        content = bundle_form.render(kept.content, manifest(kept.content, kept.secret))
    else:
        from cv_desktop.documents import bundle_paper

        content = bundle_paper.render(kept.content, kept.secret)
    who = "-".join(words(kept.content.member).split())
    return f"{kept.content.made_on}_{kept.content.call_code}_grilles_{who}_{key}{_SUFFIXES[kept.medium]}", content


def _key(unique: str) -> str:
    """Eight letters and digits that a person can read aloud: neither 0, 1, 8 nor 9."""
    return base64.b32encode(hashlib.sha256(unique.encode()).digest()[:5]).decode()


def _file(session: Session, application_id: str, member_id: str, grid: GridRow, newest: int) -> BundleFile:
    found = application_records.record(session, application_id=application_id, viewer=member_id)
    assert found is not None, "the matrix only gives files the member may see"
    row = found.row
    figures, former = _figures(found), grid.version if grid.version != newest else 0
    if former:
        figures = (*figures, ("Grille", f"version {former}"))
    return BundleFile(application_id, row.number, row.structure, row.title, figures, grid.grid.codes, former)


def _figures(found: ApplicationRecord) -> tuple[tuple[str, str], ...]:
    row = found.row
    pairs = [
        ("Demandé", euros(row.asked_cents)),
        ("Budget de l’action", euros(row.cost_cents)),
        ("Taux demandé", percent(row.asked_cents, row.cost_cents)),
    ]
    if row.quarters:
        pairs.append(("Quartiers", row.quarters))
    if found.beneficiaries is not None:
        pairs.append(("Bénéficiaires", group(found.beneficiaries)))
    return tuple(pairs)
