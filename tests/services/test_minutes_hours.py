"""A meeting typed while it is held: the minutes say the real hours, also of a déport on two files in a row."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

import docx
import pypdfium2
import pytest
from docx.oxml.ns import qn

import committee
from cv_desktop.db.store import Store
from cv_desktop.documents import minutes_docx, minutes_pdf
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.hours import moment_of
from cv_desktop.domain.minutes import Minutes
from cv_desktop.domain.votes import Votes
from cv_desktop.services import closing, meetings, minutes, opinions, presence

DAY = date(2026, 4, 16)


class Clock:
    """The hour on the wall of the room."""

    def __init__(self) -> None:
        self.hour = time(14, 0)

    def __call__(self) -> datetime:
        return moment_of(DAY, self.hour)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Minutes:
    """Two files of one déport, then a third: out at 14 h 12 before the first, back at 14 h 31 before the third."""
    base = committee.build(tmp_path_factory.mktemp("hours") / "cv-desktop.sqlite")
    clock, out = Clock(), base.members[0]
    with Store.open(base.path, clock=clock) as store:
        committee.mark_all(store, base)

        def do(verb: Callable[..., Any], **kw: Any) -> Any:
            with store.write(committee.ACTOR) as session:
                return verb(session, **kw)

        do(meetings.declare_recusal, member_id=out, application_id=base.files[3], reason="Présidente de l’association.")
        _, key = do(
            meetings.create,
            call_id=base.call,
            label="Comité",
            held_on=DAY,
            starts_at=time(14, 0),
            application_ids=base.files[2:5],
        )
        clock.hour = time(14, 9)
        for member in base.members:
            do(presence.enter, meeting_id=key, member_id=member)
        with pytest.raises(UserError, match="15\u00a0h\u00a009 n’est pas encore passé"):
            do(presence.leave, meeting_id=key, member_id=out, at=moment_of(DAY, time(15, 9)))
        do(meetings.open_meeting, meeting_id=key)
        do(meetings.reveal, meeting_id=key)
        clock.hour = time(14, 12)
        do(presence.leave, meeting_id=key, member_id=out, application_id=base.files[2])
        for file, hour in zip(base.files[2:5], (time(14, 20), time(14, 30), time(14, 45)), strict=True):
            clock.hour = hour
            if file == base.files[4]:
                clock.hour = time(14, 31)
                do(presence.enter, meeting_id=key, member_id=out)
                clock.hour = hour
            do(
                opinions.give,
                meeting_id=key,
                application_id=file,
                opinion="adjourned",
                votes=Votes(5, 0, 0),
                asked="Un budget.",
            )
        clock.hour = time(14, 50)
        do(closing.close, meeting_id=key)
        with store.read() as session:
            return minutes.compose(session, meeting_id=key, version=1)


def test_an_exit_before_two_files_of_a_deport_is_said_for_both(held: Minutes) -> None:
    assert [[x.words for x in file.withdrawals] for file in held.files] == [
        ["Alix Exemple, hors de la salle de 14\u00a0h\u00a012 à 14\u00a0h\u00a031"],
        ["Alix Exemple, hors de la salle de 14\u00a0h\u00a012 à 14\u00a0h\u00a031"],
        [],
    ]


def test_the_meeting_lasts_from_its_opening_to_its_last_opinion(held: Minutes) -> None:
    assert (held.begins, held.ends) == ("14:09", "14:45")


def test_the_signatures_never_stand_alone_on_a_page(held: Minutes) -> None:
    seen = set()
    for count in range(3, 16):
        long = replace(held, files=tuple(replace(held.files[0], rank=i + 1) for i in range(count)))
        document = pypdfium2.PdfDocument(minutes_pdf.render(long, "0" * 64))
        last = document[len(document) - 1].get_textpage().get_text_bounded()
        assert "Présidence de séance" in last and "Ces avis ne valent pas décision" in last
        seen.add(len(document))
    assert len(seen) > 1


def test_the_columns_of_the_word_document_keep_their_widths(held: Minutes) -> None:
    document = docx.Document(io.BytesIO(minutes_docx.render(held, "0" * 64)))
    first = next(table for table in document.tables if table.cell(0, 0).text == "Demande")
    assert [round(column.width.mm) for column in first.columns] == [36, 129]
    for name in ("Title", "Heading 1", "Heading 2"):
        # A font of the theme would win over the one that is named.
        fonts = document.styles[name].element.rPr.rFonts
        assert (fonts.get(qn("w:ascii")), fonts.get(qn("w:asciiTheme"))) == ("Calibri", None)
