"""The marking sheets of a member as a PDF to fill on a screen: one page a file, levels chosen in lists."""

from __future__ import annotations

import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf

from cv_desktop.documents.bundle_heading import heading
from cv_desktop.documents.bundle_layout import LEFT, RIGHT
from cv_desktop.documents.fonts import BOLD
from cv_desktop.documents.form_fields import choice_field, text_field, tick_field
from cv_desktop.documents.form_read import read_form
from cv_desktop.documents.sheet import Sheet
from cv_desktop.documents.style import ACCENT, GREY, MM, PALE, SECONDARY, Style
from cv_desktop.documents.typeset import fitted, spans, stacked, wrap
from cv_desktop.domain.bundle import FORM, Answer, Asked, Bundle, BundleFile, Judged, Outcome, Returned, readable
from cv_desktop.domain.bundle_words import choices, dedicated_of, level_of
from cv_desktop.domain.errors import UserError

_MANIFEST = "manifeste.json"
_NOTE = Style(9, 11.5, colour=SECONDARY)
_CODE = Style(9.5, 12, bold=True, colour=ACCENT)
_LABEL = Style(9, 11)
_LEVEL = Style(7, 8.4, colour=SECONDARY)
_TOP, _BOTTOM = 46.0, 280.0
_LOWEST, _TALLEST = 17.0, 26.0


def render(bundle: Bundle, manifest: Mapping[str, Any]) -> bytes:
    """A PDF whose fields are named by file and criterion, with its manifest attached. Same bundle, same bytes."""
    title = f"Grilles de {bundle.member}, {bundle.call_code}"
    sheet = Sheet(title=title, author=bundle.call_label, subject="Grilles à remplir", archive=0)
    first = True
    most = int((_BOTTOM - _TOP) / _LOWEST)
    for place, file in enumerate(bundle.files):
        asked = bundle.asked(file)
        for start in range(0, max(1, len(asked)), most):
            if not first:
                sheet.next_page()
            first = False
            _page(sheet, bundle, file, place, asked[start : start + most])
    return _with_manifest(sheet.finish(), manifest)


def _with_manifest(pdf: bytes, manifest: Mapping[str, Any]) -> bytes:
    content = json.dumps(manifest, ensure_ascii=False, sort_keys=True).encode()
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as opened:
        attached = pikepdf.AttachedFileSpec(
            opened, content, filename=_MANIFEST, mime_type="application/json", description="Manifeste de la liasse"
        )
        opened.attachments[_MANIFEST] = attached
        opened.save(out, deterministic_id=True)
    return out.getvalue()


def _page(sheet: Sheet, bundle: Bundle, file: BundleFile, place: int, asked: tuple[Asked, ...]) -> None:
    if bundle.example:
        sheet.watermark("EXEMPLE", BOLD, 105, y=178, colour=PALE)
    heading(sheet, bundle, file, RIGHT - LEFT)
    height = min(_TALLEST, (_BOTTOM - _TOP) / max(1, len(asked)))
    for line, criterion in enumerate(asked):
        _row(sheet, f"d{place}.{criterion.code}", criterion, _TOP + line * height, height)


def _row(sheet: Sheet, name: str, asked: Asked, y: float, height: float) -> None:
    sheet.rule(LEFT, y, RIGHT - LEFT, thickness=0.2, colour=GREY)
    sheet.rows(wrap(spans(asked.code), _CODE, 16 * MM), LEFT, y + 1, _CODE)
    label, style = fitted(spans(asked.label), _LABEL, 62 * MM, 2)
    below = sheet.rows(label, LEFT + 14, y + 1.2, style)
    texts = [spans(f"{level.value} {level.name}") for level in asked.levels if level.name]
    rows, style = stacked(texts, _LEVEL, 74 * MM, y + height - below - 0.4)
    sheet.rows(rows, LEFT + 2, below + 0.2, style)
    said = f"{asked.code}, {asked.label}\u00a0: niveau"
    choice_field(sheet, f"{name}.niveau", choices(asked), 96, y + 1.4, 60, 6, said=said)
    if asked.may_be_dedicated:
        sheet.rows(wrap(spans("Action dédiée"), _NOTE, 30 * MM), 164, y + 2.2, _NOTE)
        tick_field(sheet, f"{name}.dediee", 188, y + 1.8, 5, said=f"{asked.code}\u00a0: action dédiée")
    asking = ", ".join(map(str, asked.sentence_levels))
    said = f"{asked.code}\u00a0: phrase" + (f", demandée pour {asking}" if asking else "")
    text_field(sheet, f"{name}.phrase", 96, y + 8.4, RIGHT - 96, height - 9.6, said=said)


def read(path: Path) -> Returned:
    """A form that came back: its manifest and its answers, unjudged.

    Raises UserError when it is no PDF of ours: protected, damaged, printed, or without its manifest.
    """
    boxes = read_form(path).boxes
    manifest = _manifest(path)
    files = [str(number) for number in manifest.get("files", ())]
    criteria: Mapping[str, object] = manifest.get("criteria", {})
    said: dict[tuple[int, str], dict[str, str]] = {}
    altered: list[str] = []
    for box in boxes:
        parts = box.name.split(".")
        known = len(parts) == 3 and parts[0][:1] == "d" and parts[0][1:].isdigit() and int(parts[0][1:]) < len(files)
        if not known or parts[1] not in criteria:
            altered.append(f"Le champ «\u00a0{box.name}\u00a0» n’est pas de cette liasse.")
            continue
        said.setdefault((int(parts[0][1:]), parts[1]), {})[parts[2]] = box.value
    answers: list[Answer] = []
    refused: list[Judged] = []
    for (place, code), values in said.items():
        try:
            level, away = level_of(values.get("niveau", ""))
            flag = dedicated_of(values.get("dediee", ""))
            answers.append(Answer(files[place], code, level, away, flag, values.get("phrase", "").strip()))
        except UserError as refusal:
            refused.append(Judged(Answer(files[place], code), Outcome.REFUSED, refusal.message))
    key = str(manifest.get("bundle", ""))
    return Returned(path.name, FORM, key, manifest, tuple(answers), refused=tuple(refused), altered=tuple(altered))


def _manifest(path: Path) -> Mapping[str, Any]:
    found: object = None
    with pikepdf.open(path) as pdf:
        if _MANIFEST in pdf.attachments:
            try:
                found = json.loads(pdf.attachments[_MANIFEST].get_file().read_bytes())
            except ValueError:
                found = None
    if not isinstance(found, dict) or not readable(found):
        raise UserError(
            "Ce PDF n’est pas une liasse de grilles à remplir\u00a0: son manifeste manque ou a été modifié. "
            "Reprenez celui qui a été remis."
        )
    return found
