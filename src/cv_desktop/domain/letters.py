"""A letter as data: the merge of a template with the fields of a file, before any page exists.

A template is a plain dictionary kept in the base (see resources/reference/courriers.json)::

    {"object": "…", "detail": "…", "salutation": "{civilite},", "blocks": [...], "closing": "…",
     "enclosures": ["…"], "copies": ["…"], "recourse": "recours", "signatory": "president"}

What two parties sign has also ``"counterpart": ["Pour {structure.nom},", "{…qualité}", "{…nom}"]``.

A block is one of::

    {"type": "paragraph", "text": "…"}            running text
    {"type": "amount"}                             the granted amount, in figures and in words
    {"type": "amount", "sum": "donne.montant"}   another sum, with its words in « donne.montant_lettres »
    {"type": "conditions", "items": [["Versement", "…"], …]}
    {"type": "list", "items": ["…", …]}            bullets written in the template
    {"type": "list", "field": "pieces"}            bullets given by a list field
    {"type": "heading", "text": "…"}               the title of what follows, « Article 1er – Objet »
    {"type": "table", "head": ["…", …], "rows": [["…", …], …]}   a small table written in the template
    {"type": "table", "head": ["…", …], "field": "versements"}   or given by a field that has rows

Texts hold fields between braces, ``{structure.nom}``. A block may carry ``"when": "flag"`` and is
kept only when that flag is set; conditions that follow one another are one block.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cv_desktop.domain.conventions import KINDS
from cv_desktop.domain.text import NBSP

_FIELD = re.compile(r"\{([a-z_][a-z0-9_.]*)\}")


# The kind of letter that tells each outcome of a decision.
OF_OUTCOME = {"granted": "ATT", "partial": "ATT-P", "refused": "REF", "adjourned": "AJ", "waiting": "ATTENTE"}
# The award that comes with a convention (loi n° 2000-321, article 10).
WITH_CONVENTION = "ATT-C"
# The letters that say a decision, and those that withdraw it: the others of a file (a payment, a réserve lifted, a
# reminder) print other sums.
DECIDING = frozenset({*OF_OUTCOME.values(), WITH_CONVENTION})
WITHDRAWING = frozenset({"RETRAIT", "RET-CER"})


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of running text; ``missing`` marks a field that has no value and is drawn boxed."""

    text: str
    missing: bool = False


Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    line: Line


@dataclass(frozen=True, slots=True)
class Amount:
    figures: Line
    words: Line


@dataclass(frozen=True, slots=True)
class Conditions:
    items: tuple[tuple[str, Line], ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    line: Line


@dataclass(frozen=True, slots=True)
class Table:
    """A small table; a column whose cells are all amounts or numbers is set to the right."""

    head: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]


Block = Paragraph | Amount | Conditions | Bullets | Heading | Table


@dataclass(frozen=True, slots=True)
class Field:
    """A merge field: its name for people, its value and where one goes to fill it.

    ``source`` is "structure", "application", "act", "call" or "settings". A field of a table has ``rows``.
    """

    label: str
    value: str | tuple[str, ...] | None
    source: str = "application"
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def empty(self) -> bool:
        if self.rows:
            return False
        return not self.value or (isinstance(self.value, str) and not self.value.strip())


@dataclass(frozen=True, slots=True)
class Missing:
    """A field that the letter needs and nobody filled, or a mention that the law wants and the letter lacks.

    ``sentence`` says the latter in French, with its ``law``; both are empty for a field.
    """

    name: str
    label: str
    source: str
    sentence: str = ""
    law: str = ""


@dataclass(frozen=True, slots=True)
class LetterContent:
    """All that a page shows, frozen: the same content gives the same bytes."""

    kind: str
    number: str  # « CO-2026-0114 », or empty while it is not issued
    authority: str  # « Melun Val de Seine »
    authority_kind: str  # « Communauté d’agglomération »
    direction: str  # « Direction de la politique de la ville »
    agent: tuple[Line, ...]  # « Dossier suivi par : … », « Tél. : … », « Courriel : … »
    references: tuple[Line, ...]  # « Nos réf. : … », « Vos réf. : … », « Envoi : … »
    addressee: tuple[Line, ...]  # six lines at most, the last one in capitals
    place_date: Line  # « Dammarie-lès-Lys, le 3 mars 2026 »
    object: Line
    detail: Line
    salutation: Line
    blocks: tuple[Block, ...]
    closing: Line
    copies: tuple[Line, ...]
    enclosures: tuple[Line, ...]
    signatory_quality: tuple[Line, ...]  # two lines at most; empty when the letter is not signed
    signatory_name: Line  # « Dominique EXEMPLE »
    recourse: str  # whole text of the ways and delays of appeal, or empty
    footer: tuple[str, ...]  # address, data-protection line
    example: bool  # printed « EXEMPLE » across the page
    missing: tuple[Missing, ...]
    dated_on: str = ""  # the day of the letter, « 2026-03-03 »
    facts: tuple[tuple[str, str | int], ...] = ()  # what it decides, for machines: amounts in cents
    window: int = 45  # height of the window of the envelopes, in millimetres: 45 or 35
    logo: str = ""  # fingerprint of the picture at its head; a neutral mark without it
    coded: bool = True  # whether each page carries the code that files its scan
    mark: str = ""  # in the code of each page: one letter, one base (``filing.mark_of``)
    counterpart_quality: tuple[Line, ...] = ()  # of the other party of a convention, which signs beside
    counterpart_name: Line = ()
    annexes: tuple[Block, ...] = ()  # of a convention: on pages of their own, after the signatures
    reminders: tuple[Missing, ...] = ()  # what is completed by hand on the paper: it blocks nothing
    layout: int = 2  # how its pages are drawn; an issued letter keeps its own, to be remade to the byte

    @property
    def complete(self) -> bool:
        return not self.missing


def plain(line: Line) -> str:
    """The text of a line as one string."""
    return "".join(span.text for span in line)


class Merge:
    """Replaces fields in texts and remembers the empty or unknown ones, each once, in order."""

    def __init__(self, fields: Mapping[str, Field]) -> None:
        self._fields = fields
        self._missing: dict[str, Missing] = {}

    @property
    def missing(self) -> tuple[Missing, ...]:
        return tuple(self._missing.values())

    def line(self, text: str) -> Line:
        """Spans of a text with its fields replaced; an empty field becomes a boxed ``[label]``."""
        spans: list[Span] = []
        position = 0
        for found in _FIELD.finditer(text):
            if found.start() > position:
                spans.append(Span(text[position : found.start()]))
            spans.append(self._span(found.group(1)))
            position = found.end()
        if position < len(text):
            spans.append(Span(text[position:]))
        return tuple(spans)

    def items(self, name: str) -> tuple[Line, ...]:
        """The lines of a list field; a boxed one when it is empty."""
        field = self._fields.get(name)
        if field is None or field.empty:
            return ((self._span(name),),)
        values: Sequence[str] = (field.value,) if isinstance(field.value, str) else field.value or ()
        return tuple((Span(value),) for value in values)

    def rows(self, name: str, width: int) -> tuple[tuple[Line, ...], ...]:
        """The rows of a field of a table of ``width`` columns; a boxed one when it is empty."""
        field = self._fields.get(name)
        if field is None or not field.rows:
            return (((self._span(name),), *((Span(""),),) * (width - 1)),)
        return tuple(tuple((Span(cell),) for cell in row) for row in field.rows)

    def _span(self, name: str) -> Span:
        field = self._fields.get(name)
        if field is None or field.empty:
            label = field.label if field else name
            self._missing.setdefault(name, Missing(name, label, field.source if field else "template"))
            return Span(f"[{label}]", missing=True)
        value = field.value
        return Span(value if isinstance(value, str) else ", ".join(value or ()))


def merge_blocks(blocks: Sequence[Mapping[str, Any]], merge: Merge, flags: frozenset[str]) -> tuple[Block, ...]:
    """The blocks of a template with their fields replaced; those whose flag is not set are left out.

    Raises ValueError on a block of an unknown type: a template is data and may be edited.
    """
    merged: list[Block] = []
    for block in blocks:
        if "when" in block and block["when"] not in flags:
            continue
        match block["type"]:
            case "paragraph":
                merged.append(Paragraph(merge.line(block["text"])))
            case "amount":
                name = block.get("sum", "montant")
                merged.append(Amount(merge.line(f"{{{name}}}"), merge.line(f"{{{name}_lettres}}")))
            case "conditions":
                items = tuple((label, merge.line(text)) for label, text in block["items"])
                before = merged[-1] if merged else None
                if isinstance(before, Conditions):
                    merged[-1] = Conditions(before.items + items)
                else:
                    merged.append(Conditions(items))
            case "list" if "field" in block:
                merged.append(Bullets(merge.items(block["field"])))
            case "list":
                merged.append(Bullets(tuple(merge.line(text) for text in block["items"])))
            case "heading":
                merged.append(Heading(merge.line(block["text"])))
            case "table" if "field" in block:
                merged.append(Table(tuple(block["head"]), merge.rows(block["field"], len(block["head"]))))
            case "table":
                rows = tuple(tuple(merge.line(text) for text in row) for row in block["rows"])
                merged.append(Table(tuple(block["head"]), rows))
            case unknown:
                raise ValueError(f"unknown letter block: {unknown}")
    return tuple(merged)


def lists_of(template: Mapping[str, Any]) -> frozenset[str]:
    """Names of the fields that lists and tables of a template ask: « pieces », « motifs », « versements »."""
    return frozenset(b["field"] for b in template["blocks"] if b["type"] in ("list", "table") and "field" in b)


def fields_of(template: Mapping[str, Any]) -> frozenset[str]:
    """Names of all the fields that a template uses, those of its lists and of its amounts included."""
    sums = {block.get("sum", "montant") for block in template["blocks"] if block["type"] == "amount"}
    amounts = sums | {f"{name}_lettres" for name in sums}
    return frozenset(_FIELD.findall(repr(template))) | lists_of(template) | amounts


def told(missing: Sequence[Missing]) -> str:
    """What a letter lacks, in a few words: « 1 champ vide : adresse. », « La délibération n’a pas de date… (CGCT…). »

    One mention that the law wants is said whole; of several, the first is, after their names.
    """
    names = list(dict.fromkeys(one.label for one in missing))
    legal = next((one for one in missing if one.sentence), None)
    if legal is None:
        plural = "s" if len(names) > 1 else ""
        return f"{len(names)} champ{plural} vide{plural}{NBSP}: {', '.join(names)}."
    said = f"{legal.sentence.removesuffix('.')} ({legal.law})."
    return said if len(names) == 1 else f"{len(names)} points à compléter{NBSP}: {', '.join(names)}. {said}"


def text_of(content: LetterContent) -> str:
    """All that the pages of a letter say, one part after the other; a convention has no head and no notes."""
    head = [*content.agent, *content.references, *content.addressee, content.place_date]
    notes = [*content.copies, *content.enclosures]
    agreed = content.kind in KINDS
    lines = [
        *(() if agreed else head), content.object, content.detail, content.salutation,
        *(line for block in content.blocks for line in lines_of(block)), content.closing, *(() if agreed else notes),
        *content.signatory_quality, content.signatory_name, *content.counterpart_quality, content.counterpart_name,
        *(line for block in content.annexes for line in lines_of(block)),
    ]  # fmt: skip
    said = (content.authority_kind, content.authority, content.direction, *map(plain, lines))
    return "\n".join((*said, content.recourse, *content.footer))


def lines_of(block: Block) -> tuple[Line, ...]:
    """The lines of a block, its labels left aside."""
    match block:
        case Paragraph(line):
            return (line,)
        case Amount(figures, words):
            return (figures, words)
        case Conditions(items):
            return tuple(line for _label, line in items)
        case Bullets(items):
            return items
        case Heading(line):
            return (line,)
        case Table(_head, rows):
            return tuple(cell for row in rows for cell in row)
