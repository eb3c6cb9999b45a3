"""The text of a kind of letter as a person writes it: what may stand in it, and what does not hold, in sentences.

See :mod:`cv_desktop.domain.letters` for its shape. What the law wants of a kind is not judged here but when a letter
is issued; here a text must be readable, ask only what the application knows, and keep its protected mentions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.letters import Field
from cv_desktop.domain.text import NBSP, quote

Content = Mapping[str, Any]
Block = Mapping[str, Any]

TEXT, LIST, TABLE = "text", "list", "table"
TYPES = {
    "paragraph": "Paragraphe",
    "heading": "Intertitre",
    "list": "Liste",
    "conditions": "Conditions",
    "table": "Tableau",
    "amount": "Montant accordé",
}
PARTS = {
    "object": "Objet",
    "detail": "Détail de l’objet",
    "salutation": "Formule d’appel",
    "closing": "Formule de politesse",
}
LINES = {"enclosures": "Pièces jointes", "copies": "Copies"}
SIGNATORIES = {"president": "Le ou la signataire", "agent": "L’agent chargé du dossier"}
# Once a text says them, every later version does: what was decided, by which act, and until when one may answer.
KEPT = ("acte.reference", "date_rejet_implicite")
_WIDEST = 5
_TOKEN = re.compile(r"\{([^{}]*)\}")
# What people leave for later in a text: it would be printed as it stands.
_BLANK = re.compile(r"\bN/A\b|\bXX+\b|\bTODO\b|_{3,}|\.{4,}|\?{2,}")


@dataclass(frozen=True, slots=True)
class Known:
    """A field that a text may hold: its name for people, where it is filled, what it gives on the example.

    ``shape`` is TEXT, LIST (the items of a list) or TABLE (the rows of a table).
    """

    name: str
    label: str
    source: str
    example: str
    shape: str = TEXT


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the texts of a kind may ask: fields by name, conditions and recourse texts by key, with their words.

    ``lacking`` answers the signs of a text that the font of the letters cannot print.
    """

    fields: Mapping[str, Known]
    conditions: Mapping[str, str]
    recourses: Mapping[str, str] = field(default_factory=dict)
    lacking: Callable[[str], str] = lambda _text: ""


@dataclass(frozen=True, slots=True)
class Fault:
    """``where`` is the place in the text, « object », « blocks.2 »; ``sentence`` says what, where and what to do."""

    where: str
    sentence: str


def known(fields: Mapping[str, Field]) -> dict[str, Known]:
    """The fields a letter is merged with, as what a text may ask; sorted by their words."""
    found = []
    for name, said in fields.items():
        shape = TABLE if said.rows else LIST if isinstance(said.value, tuple) else TEXT
        value = said.value if isinstance(said.value, str) else ", ".join(said.value or ())
        found.append(Known(name, said.label, said.source, value, shape))
    return {one.name: one for one in sorted(found, key=lambda one: (one.label, one.name))}


def read(data: Any) -> dict[str, Any]:
    """The text that plain data holds, its parts of the right kind. Raises UserError naming the part that is not."""
    if not isinstance(data, dict):
        raise UserError("Ce modèle n’a pas la forme attendue.")
    for key, label in PARTS.items():
        if not isinstance(data.get(key), str):
            raise UserError(f"{label}{NBSP}: le texte manque.")
    for key, label in LINES.items():
        if not _texts_only(data.get(key, [])):
            raise UserError(f"{label}{NBSP}: une ligne n’est pas un texte.")
    blocks = data.get("blocks")
    if not isinstance(blocks, list) or not blocks:
        raise UserError("Ce modèle n’a aucun bloc.")
    for rank, block in enumerate(blocks, 1):
        if not _shaped(block):
            raise UserError(f"Le bloc {rank} n’est d’aucun type connu, ou n’a pas la forme de son type.")
    if data.get("recourse") is not None and not isinstance(data["recourse"], str):
        raise UserError("Voies et délais de recours\u00a0: la mention n’est pas un texte.")
    if data.get("signatory", "president") not in SIGNATORIES:
        raise UserError("Le signataire de ce modèle n’est ni l’élu, ni l’agent.")
    return dict(data)


def faults(content: Content, words: Vocabulary, kept: frozenset[str] = frozenset()) -> tuple[Fault, ...]:
    """Everything that keeps a text from being written, in reading order; ``kept`` are the mentions it must have."""
    found: list[Fault] = []
    for key in ("object", "salutation"):
        if not content[key].strip():
            found.append(Fault(key, f"{PARTS[key]}{NBSP}: le texte est vide. Écrivez-le."))
    for key in ("object", "detail", "salutation"):
        found += _of_text(content[key], key, PARTS[key], words)
    if not content["blocks"]:
        found.append(Fault("blocks", "Ce courrier n’a aucun bloc. Ajoutez-en un."))
    for rank, block in enumerate(content["blocks"]):
        found += _of_block(block, rank, words)
    found += _of_text(content["closing"], "closing", PARTS["closing"], words)
    for key, label in LINES.items():
        for rank, text in enumerate(content.get(key, [])):
            if not text.strip():
                found.append(Fault(f"{key}.{rank}", f"{label}{NBSP}: la ligne {rank + 1} est vide. Retirez-la."))
            found += _of_text(text, f"{key}.{rank}", label, words)
    recourse = content.get("recourse")
    if recourse and words.recourses and recourse not in words.recourses:
        found.append(Fault("recourse", f"La mention {quote(recourse)} n’existe pas. Choisissez-en une autre."))
    return (*found, *(_lost(mention, words) for mention in sorted(kept - mentions(content))))


def blocks_faults(blocks: Sequence[Block], words: Vocabulary, kept: frozenset[str] = frozenset()) -> tuple[Fault, ...]:
    """As ``faults``, of the blocks of one letter alone."""
    if not blocks:
        return (Fault("blocks", "Ce courrier n’a aucun bloc. Ajoutez-en un."),)
    found = [fault for rank, block in enumerate(blocks) for fault in _of_block(block, rank, words)]
    return (*found, *(_lost(mention, words) for mention in sorted(kept - block_mentions(blocks))))


def mentions(content: Content) -> frozenset[str]:
    """The protected mentions a text has: « recourse », « amount », « field:pieces » of a list, « field:acte… »."""
    recourse = {"recourse"} if content.get("recourse") else set()
    return block_mentions(content["blocks"]) | recourse


def block_mentions(blocks: Sequence[Block]) -> frozenset[str]:
    """Those of the blocks alone. A mention under a condition counts: it is said whenever it must be."""
    found = set()
    for block in blocks:
        if block["type"] == "amount":
            found.add("amount")
        elif "field" in block:
            found.add(f"field:{block['field']}")
        for _where, text in texts_of(block):
            found |= {f"field:{name}" for name in _TOKEN.findall(text) if name in KEPT}
    return frozenset(found)


def texts_of(block: Block) -> Iterator[tuple[str, str]]:
    """(which, text) of every text of a block: « ligne 2 », « libellé 1 », nothing for the only one."""
    match block["type"]:
        case "paragraph" | "heading":
            yield "", block["text"]
        case "list" if "field" not in block:
            for rank, text in enumerate(block["items"], 1):
                yield f"ligne {rank}", text
        case "conditions":
            for rank, (label, text) in enumerate(block["items"], 1):
                yield f"libellé {rank}", label
                yield f"condition {rank}", text
        case "table":
            for rank, text in enumerate(block["head"], 1):
                yield f"titre de la colonne {rank}", text
            for line, row in enumerate(block.get("rows", ()), 1):
                for rank, text in enumerate(row, 1):
                    yield f"ligne {line}, colonne {rank}", text


def named(rank: int, block: Block) -> str:
    """« Bloc 3 (paragraphe) »."""
    return f"Bloc {rank + 1} ({TYPES[block['type']].lower()})"


def empty_block(type_: str) -> dict[str, Any]:
    """A block just added, still to be written."""
    match type_:
        case "list":
            return {"type": type_, "items": [""]}
        case "conditions":
            return {"type": type_, "items": [["", ""]]}
        case "table":
            return {"type": type_, "head": ["", ""], "rows": [["", ""]]}
        case "amount":
            return {"type": type_}
    return {"type": type_, "text": ""}


def _of_block(block: Block, rank: int, words: Vocabulary) -> Iterator[Fault]:
    where, name = f"blocks.{rank}", named(rank, block)
    condition = block.get("when")
    if condition is not None and condition not in words.conditions:
        yield Fault(where, f"{name}{NBSP}: la condition {quote(condition)} n’existe pas. Choisissez-en une autre.")
    asked = block.get("field")
    if asked is not None:
        wanted = LIST if block["type"] == "list" else TABLE
        one = words.fields.get(asked)
        if one is None or one.shape != wanted:
            yield Fault(where, f"{name}{NBSP}: {quote(asked)} ne donne pas de lignes. Choisissez un autre champ.")
    if block["type"] == "table" and len(block["head"]) > _WIDEST:
        yield Fault(where, f"{name}{NBSP}: {_WIDEST} colonnes au plus tiennent dans la page. Retirez-en.")
    if not asked and block["type"] in ("list", "conditions") and not block["items"]:
        yield Fault(where, f"{name}{NBSP}: aucune ligne. Écrivez-en une ou supprimez le bloc.")
    # Only the cells of a table may be left empty.
    for which, text in texts_of(block):
        place = f"{name}, {which}" if which else name
        if not text.strip() and (block["type"] != "table" or which.startswith("titre")):
            yield Fault(where, f"{place}{NBSP}: le texte est vide. Écrivez-le ou supprimez-le.")
        if which.startswith(("libellé", "titre")) and ("{" in text or "}" in text):
            yield Fault(where, f"{place}{NBSP}: un champ ne s’écrit pas dans un intitulé. Mettez-le dans le texte.")
        elif which.startswith(("libellé", "titre")):
            yield from _unprintable(text, where, place, words)
        else:
            yield from _of_text(text, where, place, words)


def _of_text(text: str, where: str, place: str, words: Vocabulary) -> Iterator[Fault]:
    for name in _TOKEN.findall(text):
        one = words.fields.get(name)
        if one is None:
            yield Fault(where, f"{place}{NBSP}: le champ {{{name}}} n’existe pas. {_nearest(name, words)}")
        elif one.shape == TABLE:
            yield Fault(where, f"{place}{NBSP}: le champ {quote(one.label)} est un tableau. Ajoutez un bloc Tableau.")
    yield from _unprintable(text, where, place, words)
    bare = _TOKEN.sub("", text)
    if left := _BLANK.search(bare):
        yield Fault(where, f"{place}{NBSP}: {quote(left[0])} reste à remplir. Mettez un champ à sa place, ou "
                    "effacez-le.")  # fmt: skip
    if "{" in bare:
        yield Fault(where, f"{place}{NBSP}: une accolade {quote('{')} n’est pas refermée. Choisissez un champ, ou "
                    "effacez-la.")  # fmt: skip
    elif "}" in bare:
        yield Fault(where, f"{place}{NBSP}: une accolade {quote('}')} est de trop. Effacez-la.")


def _unprintable(text: str, where: str, place: str, words: Vocabulary) -> Iterator[Fault]:
    if signs := words.lacking(text):
        yield Fault(where, f"{place}{NBSP}: {quote(signs)} ne s’imprime pas dans la police des courriers. "
                    "Remplacez-le.")  # fmt: skip


def _nearest(name: str, words: Vocabulary) -> str:
    near = get_close_matches(name, words.fields, 1)
    if not near:
        return "Choisissez-le dans la liste des champs."
    return f"Le plus proche{NBSP}: {{{near[0]}}}, {quote(words.fields[near[0]].label)}."


def _lost(mention: str, words: Vocabulary) -> Fault:
    if mention == "recourse":
        return Fault("recourse", "Les voies et délais de recours sont retirés\u00a0: sans eux, le délai de recours ne "
                     "court pas (CJA R421-5). Choisissez la mention à imprimer.")  # fmt: skip
    if mention == "amount":
        return Fault("blocks", "Le montant accordé est retiré\u00a0: ce courrier doit le dire en chiffres et en "
                     "lettres. Ajoutez un bloc Montant accordé.")  # fmt: skip
    name = mention.partition(":")[2]
    label = words.fields[name].label if name in words.fields else name
    return Fault("blocks", f"Le champ {quote(label)} est retiré\u00a0: ce courrier doit le dire. Remettez {{{name}}} "
                 "dans un bloc.")  # fmt: skip


def _texts_only(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(x, str) for x in value)


def _shaped(block: Any) -> bool:
    """Whether a block has the shape of its type, which is known."""
    if not isinstance(block, dict) or block.get("type") not in TYPES:
        return False
    if not all(isinstance(block[key], str) for key in ("when", "field") if key in block):
        return False
    match block["type"]:
        case "paragraph" | "heading":
            return isinstance(block.get("text"), str)
        case "list":
            return "field" in block or _texts_only(block.get("items"))
        case "conditions":
            items = block.get("items")
            return isinstance(items, list) and all(_texts_only(x) and len(x) == 2 for x in items)
        case "table":
            head, rows = block.get("head"), block.get("rows", None if "field" not in block else [])
            if not _texts_only(head) or not head or not isinstance(rows, list):
                return False
            return all(_texts_only(row) and len(row) == len(head) for row in rows)
    return True
