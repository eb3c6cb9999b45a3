"""What an officer types for a letter prepared by hand, that the base does not hold: questions, and answers read.

Answers are kept as plain data: sums in cents, days as « 2026-03-03 », lists as texts. An empty answer is kept out: the
letter then lacks a mention, said where it is re-read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from cv_desktop.domain.dates import add_months, long_date, typed_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.money import euros, parse_amount
from cv_desktop.domain.text import NBSP, quote

Shape = Literal["line", "text", "lines", "rows", "amount", "date", "choice"]
Given = dict[str, Any]
# CER: at most six months to give the sum back (loi 2000-321, article 10-1; décret 2021-1947, article 5).
RESTITUTION_MONTHS = 6


@dataclass(frozen=True, slots=True)
class Ask:
    """A question of the form. ``usual`` are answers offered; of a « choice » they are the only ones."""

    name: str
    label: str
    shape: Shape
    hint: str = ""
    usual: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bounds:
    """What answers are held against: today, the amount granted in cents, the day the action ends."""

    day: date
    granted_cents: int = 0


REJECTED, ACCEPTED = "rejeté", "accueilli"
_GRANT = f"article{NBSP}10 de la loi n°{NBSP}2000-321 du 12{NBSP}avril 2000"
_USE = f"article L.{NBSP}1611-4 du code général des collectivités territoriales"
_UNMET = (
    f"article L.{NBSP}242-2, 2° du code des relations entre le public et l’administration, les conditions de la "
    "subvention n’étant pas respectées"
)
_ILLEGAL = (
    f"article L.{NBSP}242-1 du code des relations entre le public et l’administration, la décision étant illégale et "
    "prise depuis moins de quatre mois"
)
COMMITMENTS = (
    "respect des lois de la République",
    "liberté de conscience",
    "liberté des membres de l’association",
    "égalité et non-discrimination",
    "fraternité et prévention de la violence",
    "respect de la dignité de la personne humaine",
    "respect des symboles de la République",
)

_HEARD = (
    Ask("contradictoire_le", "Lettre invitant à présenter des observations, datée du", "date"),
    Ask(
        "observations",
        "Observations reçues, et ce qui en est retenu",
        "text",
        "Une phrase entière, imprimée telle quelle.",
        (
            "Aucune observation ne nous est parvenue.",
            "Vos observations ont été examinées et ne modifient pas ce constat.",
        ),
    ),
)
_ACT = (
    Ask(
        "organe",
        "Organe qui a décidé le retrait",
        "line",
        "",
        ("le Bureau communautaire", "le Conseil communautaire", "le Président"),
    ),
    Ask("acte_numero", "Numéro de l’acte de retrait", "line"),
    Ask("acte_du", "Date de l’acte", "date"),
    Ask("acte_transmis_le", "Transmis le", "date"),
    Ask("acte_publie_le", "Publié le", "date"),
)
_CALCULATION = Ask("calcul", "Calcul de la somme", "lines", "Une ligne par étape du calcul.")

FORMS: dict[str, tuple[Ask, ...]] = {
    "AVIS": (
        Ask("destinataire", "Destinataire et adresse", "lines", "Six lignes au plus, la commune en dernier."),
        Ask("appel", "Formule d’appel", "line", "", ("Madame, Monsieur", "Madame le Maire", "Monsieur le Maire")),
        Ask("question", "Question posée", "text", "Une phrase entière, imprimée telle quelle."),
        Ask("reponse_le", "Réponse attendue au plus tard le", "date"),
    ),
    "AVE": (
        Ask("convention", "Convention modifiée", "line",
            f"Par exemple «{NBSP}convention n°{NBSP}2026-12 du 3{NBSP}mars 2026{NBSP}»."),
        Ask("changements", "Ce que l’avenant modifie", "lines", "Une ligne par modification."),
        Ask("retour_le", "Exemplaires à retourner au plus tard le", "date"),
    ),
    "PRO": (
        Ask("demande_le", "Prolongation demandée le", "date"),
        Ask("fin_ancienne", "Fin prévue", "date"),
        Ask("fin_nouvelle", "Nouvelle date de fin", "date"),
        Ask("bilan_le", "Compte rendu à remettre au plus tard le", "date"),
        Ask("motif", "Motif retenu", "text", "Une phrase entière, imprimée telle quelle."),
    ),
    "VER": (
        Ask("montant", "Somme versée", "amount"),
        Ask("nature", "Nature du versement", "line", "", ("versement unique", "avance", "acompte", "solde")),
        Ask("verse_le", "Date du versement", "date"),
        Ask("bordereau", "Numéro du bordereau", "line"),
    ),
    "LEV": (),
    "REL-1": (),
    "REL-2": (),
    "MED": (
        Ask(
            "obligation",
            "Ce qui est demandé",
            "line",
            f"Après «{NBSP}Je vous mets en demeure de{NBSP}».",
            ("remettre le compte rendu financier et le bilan de l’action",),
        ),
        Ask("delai_le", "À faire au plus tard le", "date"),
        Ask("faits", "Faits constatés, avec leurs dates", "lines", "Une ligne par fait."),
        Ask("fondement", "Règle appliquée", "line", "", (_GRANT, _USE)),
    ),
    "REV": (
        Ask("montant", "Somme à reverser", "amount"),
        _CALCULATION,
        Ask("motifs", "Motifs, avec les faits et leurs dates", "lines", "Une ligne par motif."),
        Ask("fondement", "Règle appliquée", "line", "", (_GRANT, _UNMET)),
        *_HEARD,
    ),
    "RET-CER": (
        *_ACT,
        Ask("faits", "Faits retenus, avec leurs dates", "lines", "Une ligne par fait."),
        Ask("engagement", "Engagement du contrat qui n’est pas tenu", "choice", "", COMMITMENTS),
        Ask("observations_jusquau", "Observations possibles jusqu’au", "date"),
        *_HEARD,
        Ask("montant", "Somme à restituer", "amount", "Pour la période restant à courir après le manquement."),
        _CALCULATION,
        Ask("restitution_le", "À restituer au plus tard le", "date", "Six mois au plus."),
    ),
    "RETRAIT": (
        *_ACT,
        Ask("motifs", "Motifs, avec les faits et leurs dates", "lines", "Une ligne par motif."),
        Ask("fondement", "Règle appliquée", "line", "", (_UNMET, _ILLEGAL)),
        *_HEARD,
    ),
    "REC": (
        Ask("recours_le", "Recours gracieux daté du", "date"),
        Ask("sens", "Réponse", "choice", "", (REJECTED, ACCEPTED)),
        Ask("motifs", "Motifs de la réponse", "lines", "Une ligne par motif."),
        Ask("suite", "Ce qui se passe ensuite, si le recours est accueilli", "text", "Une phrase entière."),
    ),
    "ATTEST": (
        Ask("sommes", "Sommes versées", "rows",
            f"Une ligne par versement{NBSP}: année{NBSP}; action{NBSP}; somme."),
        Ask("usage", "Usage de l’attestation", "line", "", ("pour servir et valoir ce que de droit",)),
    ),
}  # fmt: skip


def read(kind: str, typed: Mapping[str, Any], bounds: Bounds) -> Given:
    """The answers of a form as they are kept; empty ones left out.

    Raises UserError, naming the answer, on a question that the form does not ask, on what is no sum or no day, and on
    answers that cannot be together.
    """
    asks = {ask.name: ask for ask in FORMS[kind]}
    for name in typed:
        if name not in asks:
            known = ", ".join(asks) or "aucune"
            raise UserError(f"{quote(name)} n’est pas demandé pour ce courrier. Indications attendues{NBSP}: {known}.")
    given = {name: _read(ask, typed[name]) for name, ask in asks.items() if name in typed}
    kept = {name: value for name, value in given.items() if value not in ("", [], None)}
    _check(kind, kept, bounds)
    return kept


def shown(ask: Ask, value: Any) -> str:
    """An answer as one types it again."""
    if value in (None, "", []):
        return ""
    match ask.shape:
        case "amount":
            return euros(int(value))
        case "date":
            return date.fromisoformat(value).strftime("%d/%m/%Y")
        case "lines":
            return "\n".join(value)
        case "rows":
            return "\n".join(
                f"{year}{NBSP}; {' '.join(label.split())}{NBSP}; {euros(cents)}" for year, label, cents in value
            )
    return str(value)


def example(ask: Ask, day: date) -> Any:
    """An answer as it would be kept, to try a text on."""
    match ask.shape:
        case "amount":
            return 86050
        case "date":
            return day.isoformat()
        case "lines":
            return [f"premier point, pour exemple{NBSP}: {ask.label.lower()}", "second point, pour exemple"]
        case "rows":
            return [[day.year - 1, "Jardin partagé", 150000], [day.year, "Ateliers", 240000]]
    return ask.usual[0] if ask.usual else f"{ask.label.lower()}, pour exemple"


def _read(ask: Ask, value: Any) -> Any:
    parts = value if isinstance(value, list) else [value]
    lines = (";".join(map(str, part)) if isinstance(part, list) else str(part) for part in parts if part is not None)
    text = "\n".join(lines)
    if not text.strip():
        return ""
    try:
        match ask.shape:
            case "amount":
                cents = parse_amount(text)
                if cents <= 0:
                    raise UserError(
                        f"{quote(text.strip())} n’est pas une somme à verser{NBSP}: il en faut une positive."
                    )
                return cents
            case "date":
                return _day(text).isoformat()
            case "lines":
                return [" ".join(line.split()) for line in text.splitlines() if line.strip()]
            case "rows":
                return [_row(line) for line in text.splitlines() if line.strip()]
            case "choice" if text.strip() not in ask.usual:
                raise UserError(
                    f"{quote(text.strip())} n’est pas proposé. Choisissez parmi{NBSP}: {', '.join(ask.usual)}."
                )
    except UserError as refused:
        raise UserError(f"{ask.label}{NBSP}: {refused}", field=ask.name) from None
    return " ".join(text.split())


def _row(line: str) -> list[Any]:
    """Year, label and cents of « 2025 ; Ateliers ; 2 400 € »."""
    # An action may have a « ; » in its title: the year ends at the first one, the sum begins after the last.
    year, _, rest = line.partition(";")
    label, _, cents_typed = rest.rpartition(";")
    parts = [part.strip() for part in (year, label, cents_typed)]
    if not re.fullmatch(r"(?:19|20)\d\d", parts[0]) or not parts[1] or not parts[2]:
        raise UserError(f"{quote(line.strip())} ne se lit pas. Exemple{NBSP}: 2025{NBSP}; Ateliers{NBSP}; 2{NBSP}400.")
    cents = parse_amount(parts[2])
    if cents <= 0:
        raise UserError(f"{quote(parts[2])} n’est pas une somme versée{NBSP}: il en faut une positive.")
    return [int(parts[0]), parts[1], cents]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return typed_date(text)


def _check(kind: str, given: Given, bounds: Bounds) -> None:
    day = {name: date.fromisoformat(value) for name, value in given.items() if name.endswith("_le") or name in _DAYS}
    for earlier, later, sentence in _ORDER:
        if earlier in day and later in day and day[earlier] >= day[later]:
            raise UserError(sentence.format(first=long_date(day[earlier]), last=long_date(day[later])), field=later)
    for name in _COMING.get(kind, ()):
        if name in day and day[name] <= bounds.day:
            raise UserError(
                f"Le {long_date(day[name])} est déjà passé{NBSP}: laissez un délai pour répondre.", field=name
            )
    for name in _PAST:
        if name in day and day[name] > bounds.day:
            raise UserError(f"Le {long_date(day[name])} n’est pas encore venu.", field=name)
    latest = add_months(bounds.day, RESTITUTION_MONTHS)
    if day.get("restitution_le", latest) > latest:
        raise UserError(f"La restitution se fait en six mois au plus{NBSP}: jusqu’au {long_date(latest)} "
                        "(loi n°\u00a02000-321, article\u00a010-1).", field="restitution_le")  # fmt: skip
    if kind in _WITHIN and bounds.granted_cents and given.get("montant", 0) > bounds.granted_cents:
        raise UserError(
            f"{euros(given['montant'])} dépasse la subvention attribuée, {euros(bounds.granted_cents)}.",
            field="montant",
        )


_DAYS = frozenset({"acte_du", "fin_ancienne", "fin_nouvelle", "observations_jusquau"})
_WITHIN = frozenset({"VER", "REV", "RET-CER"})
_COMING = {
    "AVIS": ("reponse_le",), "AVE": ("retour_le",), "MED": ("delai_le",), "RET-CER": ("restitution_le",),
    "PRO": ("bilan_le",),
}  # fmt: skip
_PAST = ("demande_le", "contradictoire_le", "observations_jusquau", "recours_le", "acte_du", "acte_transmis_le",
         "acte_publie_le")  # fmt: skip
_ORDER = (
    ("fin_ancienne", "fin_nouvelle", f"La nouvelle fin, le {{last}}, ne prolonge pas l’action{NBSP}: elle devait finir "
     "le {first}."),
    ("fin_nouvelle", "bilan_le", "Le compte rendu, le {last}, serait dû avant la fin de l’action, le {first}."),
    ("contradictoire_le", "observations_jusquau", "Le délai des observations, le {last}, précède la lettre qui les "
     "demande, le {first}."),
)  # fmt: skip
