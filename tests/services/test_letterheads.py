"""The logo of the service on its letters: those issued keep theirs, and it is missed when its file is gone."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from cv_desktop.db import pieces
from cv_desktop.db.models.decision import Letter
from cv_desktop.db.store import Store
from cv_desktop.documents import letter_pdf
from cv_desktop.domain.errors import UserError
from cv_desktop.services import letterheads, letters
from cv_desktop.services.demonstration import ACTOR, Story

Opened = Callable[[str], tuple[Store, Story]]


def pictures(path: Path) -> int:
    """How many pictures the first page of a PDF has: its logo, the neutral mark being drawn with lines."""
    with pikepdf.open(BytesIO(path.read_bytes())) as pdf:
        return len(pdf.pages[0].get_images())


def test_an_issued_letter_keeps_the_logo_it_had(base_at: Opened, tmp_path: Path) -> None:
    store, story = base_at("examined")
    logo = tmp_path / "logo.png"
    Image.new("RGB", (400, 150), (15, 92, 115)).save(logo)
    with store.write(ACTOR) as session:
        letterheads.choose(session, path=logo)
        letters.prepare(session, call_id=story.call_id, kinds=["AR"])
        ready = letters.not_issued(session, call_id=story.call_id)[:2]

    def issue(key: str) -> Path:
        return letters.issue(store, actor=ACTOR, letter_ids=[key], render=letter_pdf.render)[1][0].path

    first = issue(ready[0])
    with store.write(ACTOR) as session:
        letterheads.clear(session)
    second = issue(ready[1])
    assert (pictures(first), pictures(second)) == (1, 0)
    # The logo was taken off the settings: the letter that had it is still made again as it was.
    whole = first.read_bytes()
    first.unlink()
    assert letters.restore_files(store, letter_pdf.render) == []
    assert first.read_bytes() == whole
    with store.read() as session:
        kept = letters.compose(session, letter_id=ready[0])
        assert session.get_one(Letter, ready[1]).content["logo"] == ""
    pieces.place(store.folder, kept.logo).write_bytes(b"autre chose")
    with pytest.raises(UserError, match="logo des courriers a été effacé ou modifié"):
        letterheads.drawn(store.folder, kept, letter_pdf.render)
