"""One file for the printer out of the letters issued, signed when they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cv_desktop.db.queries import institution
from cv_desktop.db.queries import letters as queries
from cv_desktop.db.store import Store
from cv_desktop.db.work import record
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.letters import LetterContent
from cv_desktop.domain.text import counted
from cv_desktop.services import letter_files


def print_run(
    store: Store,
    *,
    actor: str,
    letter_ids: Sequence[str],
    render: Callable[[LetterContent], bytes],
    merge: Callable[..., bytes],
) -> bytes:
    """The pages of the issued letters among these as one PDF, in the order given; the print is journaled.

    ``merge`` puts PDFs together; as the service prints, each letter begins on a recto or follows the one before.
    A letter whose file was lost or altered is made again from what was kept of it. Raises UserError when none
    of them is issued, or when one can no longer be made as it was issued.
    """
    with store.read() as session:
        chosen = queries.issued_files(session, letter_ids)
        double_sided = bool(institution.values(session).get("letter_double_sided"))
    if not chosen:
        raise UserError("Aucun de ces courriers n’est émis : générez d’abord les PDF.")
    made = (letter_files.last_bytes(store.folder, issued, render) for issued in chosen)
    pages = merge(made, double_sided=double_sided)
    with store.write(actor) as session:
        record(
            session,
            verb="printing.print_run",
            noun="letter",
            noun_id=chosen[0].id,
            summary=f"Fichier d’impression de {counted(len(chosen), 'courrier')}",
            after=[issued.number for issued in chosen],
            source="export",
        )
    return pages
