"""The PDF of the letters on the disk: one erased or changed is noticed, and comes back as it was."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from cv_desktop.db.queries import letters as outbox
from cv_desktop.db.store import Store
from cv_desktop.documents import letter_pdf
from cv_desktop.services import letter_files, letters
from cv_desktop.services.demonstration import ACTOR, Story
from cv_desktop.services.letter_files import Damage

Opened = Callable[[str], tuple[Store, Story]]


def test_a_pdf_erased_or_changed_is_noticed_and_put_back(base_at: Opened) -> None:
    store, story = base_at("written")
    folder = store.folder / letters.FOLDER
    with store.read() as session:
        rows = outbox.rows(session, call_id=story.call_id)
        ids = [row.id for row in rows]
        assert letter_files.damages(session, letter_ids=ids) == {}
    gone, changed = folder / rows[0].filename, folder / rows[1].filename
    whole = [path.read_bytes() for path in (gone, changed)]
    gone.unlink()
    changed.write_bytes(whole[1].replace(b"%%EOF", b"%%EOG"))
    with store.read() as session:
        found = letter_files.damages(session, letter_ids=ids)
    assert found == {rows[0].id: Damage.ABSENT, rows[1].id: Damage.ALTERED}
    changes = letter_files.mend(store, actor=ACTOR, letter_ids=ids, render=letter_pdf.render)
    assert {key for _noun, key in changes.touched} == set(found)
    assert [path.read_bytes() for path in (gone, changed)] == whole
    # What somebody did to it is kept beside, under a name that says so.
    (aside,) = folder.glob("*_modifie.pdf")
    assert aside.read_bytes().endswith(b"%%EOG\n")
    with store.read() as session:
        assert letter_files.damages(session, letter_ids=ids) == {}
        (kept,) = outbox.issued_files(session, [rows[1].id])
    assert hashlib.sha256(changed.read_bytes()).hexdigest() == kept.sha256
