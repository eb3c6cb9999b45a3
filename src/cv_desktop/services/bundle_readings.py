"""Reads what came back from the members, each file by its kind; nothing is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from cv_desktop.db.queries import bundles
from cv_desktop.db.queries.bundles import KeptBundle
from cv_desktop.db.store import Store
from cv_desktop.documents.given_file import given
from cv_desktop.domain.bundle import PAPER, Answer, Doubt, Returned, page_code, page_of

Tell = Callable[[int, int, str], None]
_ZIP, _PDF = b"PK\x03\x04", b"%PDF-"


def read(store: Store, path: Path, *, tell: Tell | None = None) -> tuple[Returned, ...]:
    """What a file says: one answer for a workbook or a form, one per bundle for a pile of scans.

    The pages of a scan whose QR cannot be read are doubts of a reading without bundle. ``tell`` hears each page.
    Raises UserError when the file is none of these; Unavailable when it cannot be read.
    """
    with given(path), path.open("rb") as reading:
        head = reading.read(1024)
    from cv_desktop.documents import form_read

    if head.startswith(_ZIP):
        from cv_desktop.documents import bundle_workbook

        return (bundle_workbook.read(path),)
    if _PDF in head and form_read.has_boxes(path):
        from cv_desktop.documents import bundle_form

        return (bundle_form.read(path),)
    return _scans(store, path, tell)


def _scans(store: Store, path: Path, tell: Tell | None) -> tuple[Returned, ...]:
    from cv_desktop.documents import bundle_layout, bundle_paper, bundle_scan

    known: dict[str, tuple[KeptBundle, tuple[bundle_layout.PagePlace, ...], bundle_scan.Template] | None] = {}
    answers: dict[str, list[Answer]] = defaultdict(list)
    doubts: dict[str, list[Doubt]] = defaultdict(list)
    for page in bundle_scan.scanned_pages(path):
        if tell is not None:
            tell(page.index, page.count, path.name)
        key, number, proof = page_of(page.code) or ("", 0, "")
        if key not in known:
            known[key] = None
            with store.read() as session:
                kept = bundles.bundle(session, key) if key else None
            if kept is not None:
                drawn = bundle_scan.Template(bundle_paper.render(kept.content, kept.secret))
                known[key] = (kept, bundle_layout.pages(kept.content), drawn)
        found = known[key]
        if not key:
            doubts[""].append(Doubt("", "", "page sans QR lisible", page.index, page.picture()))
        elif found is None:
            doubts[""].append(Doubt("", "", f"la liasse {key} n’est pas de cette base", page.index, page.picture()))
        elif proof != page_code(key, found[0].secret, number).rsplit(" ", 1)[1] or number > len(found[1]):
            doubts[""].append(Doubt("", "", "QR que cette base n’a pas imprimé", page.index, page.picture()))
        elif number == 0:
            continue  # the page that explains the levels: nothing is marked there
        elif page.straight is None:
            place = found[1][number - 1]
            reason = "page pliée, coupée ou trop floue"
            doubts[key].append(Doubt(place.file.number, "", reason, page.index, page.picture()))
        else:
            place = found[1][number - 1]
            said, unsure = bundle_scan.read_page(page.straight, place, found[2].printed(number))
            answers[key] += said
            doubts[key] += unsure
    return tuple(
        Returned(path.name, PAPER, key, None, tuple(answers[key]), tuple(doubts[key]))
        for key in dict.fromkeys([*answers, *doubts])
    )
