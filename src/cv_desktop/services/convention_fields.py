"""What a convention and its amendments say besides a letter: the parties, the year, the budget, the indicators."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import zip_longest
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import BudgetLine
from cv_desktop.db.models.funding import Tranche
from cv_desktop.db.queries import conventions, form, legal_forms, mandates, settings
from cv_desktop.domain.articles import authority_name, with_article
from cv_desktop.domain.conventions import YearPart
from cv_desktop.domain.dates import NBSP, long_date
from cv_desktop.domain.identifiers import display_siret
from cv_desktop.domain.letters import Field
from cv_desktop.domain.money import euros, in_words
from cv_desktop.domain.text import stopped
from cv_desktop.services.letter_fields import Subject

# What a conditional block of these texts may ask besides the conditions of letters.
FLAGS = {
    "alone": "si l’action est portée par la structure seule",
    "several_grants": "si d’autres concours de l’année s’y ajoutent",
    "several_years": "si la convention porte sur plusieurs années",
    "rules_adopted": "si l’acte qui a adopté le règlement est connu",
}
_DOTS = "••••"
# « Dominique Exemple, Président de… »: what the block of signature says « Le Président de… ».
_ARTICLE = re.compile(r"^(?:le |la |l’)(?=[A-ZÉÈ])")
# What no invented file can give by itself.
_TABLES: dict[str, tuple[tuple[str, ...], ...]] = {
    "convention.concours": (
        (f"présente subvention (n°{NBSP}0009)", f"12{NBSP}000{NBSP}€"),
        ("prêt de salle (en nature)", f"12{NBSP}500{NBSP}€"),
    ),
    "convention.annees": (("année 2027", f"12{NBSP}000{NBSP}€"),),
    "convention.budget": (
        ("60 Achats", f"3{NBSP}850{NBSP}€", "74 Agglomération", f"3{NBSP}850{NBSP}€"),
        ("Total des charges", f"3{NBSP}850{NBSP}€", "Total des produits", f"3{NBSP}850{NBSP}€"),
    ),
    "convention.indicateurs": (("Nombre de bénéficiaires", "140"),),
}
_EXAMPLES: dict[str, str | tuple[str, ...]] = {
    "convention.projet": (f"Contenu{NBSP}: douze ateliers de compostage dans le quartier.",),
    "convention.partenaires": (f"Les Jardins Modèle (animation, 20{NBSP}% du budget)",),
}
# Field of the file, its words.
_PROJECT = (
    ("description", "Contenu"),
    ("goals", "Objectifs"),
    ("audience", "Public"),
    ("quarters_text", "Quartiers"),
    ("place", "Lieux"),
    ("means", "Moyens"),
    ("evaluation", "Évaluation"),
)
_COUNTED = (
    ("beneficiaries", "bénéficiaires"),
    ("women", "dont femmes"),
    ("quarter_residents", "dont habitants des quartiers prioritaires"),
    ("under_25", "dont moins de 25 ans"),
)


def fields(session: Session, s: Subject, day: date, given: Mapping[str, Any]) -> dict[str, Field]:
    """The fields of a convention dated ``day``; ``given`` is what an officer typed for an amendment."""
    return {
        **_parties(session, s),
        **_year(session, s),
        **_annexes(session, s),
        **_amendment(session, given, day),
    }


def example(session: Session, invented: Subject, day: date) -> dict[str, Field]:
    """Every field on an invented file, none empty."""
    given = {
        "convention": "CO-2026-0007",
        "convention_du": day.isoformat(),
        "cause": "Le calendrier de l’action a changé",
        "montant": [1_200_000, 1_400_000],
    }
    found = fields(session, invented, day, given)
    return {
        name: replace(one, value=_EXAMPLES.get(name, one.label), rows=_TABLES.get(name, ())) if one.empty else one
        for name, one in found.items()
    }


def flags(session: Session, s: Subject) -> frozenset[str]:
    """Which of the conditions hold for a file."""
    parts = _parts(session, s)
    held = {
        "alone": not form.partners(session, application_id=s.file.id),
        "several_grants": len(parts) > 1,
        "several_years": bool(_years(session, s)),
        "rules_adopted": bool(_legal_basis(s)),
    }
    return frozenset(name for name, true in held.items() if true)


def _parties(session: Session, s: Subject) -> dict[str, Field]:
    person = mandates.representative(session, structure_id=s.structure.id) if s.structure.id else None
    authority = authority_name(s.setting("authority_kind"), s.setting("authority"))
    form_label = legal_forms.labels(session).get(s.structure.legal_form or "", "")
    quality = quality_in_sentence(s.setting("signatory_quality"))
    town = f"{s.structure.postal_code or ''} {s.structure.commune or ''}".strip()
    seat = [*(s.structure.address or "").splitlines(), town]
    numbers = [
        f"SIRET n°{NBSP}{display_siret(s.structure.siret)}" if s.structure.siret else "",
        f"RNA n°{NBSP}{s.structure.rna}" if s.structure.rna else "",
    ]
    role = person.role if person else ""
    return {
        "convention.autorite": Field("collectivité", with_article(authority), "settings"),
        "convention.autorite_siege": Field("adresse du service", _one_line(s.setting("address")), "settings"),
        "convention.signataire": Field(
            "signataire de la collectivité",
            _together((s.setting("signatory_name"), quality)),
            "settings",
        ),
        "convention.forme": Field("forme juridique", _small(form_label) or "association", "structure"),
        "convention.siege": Field(
            "adresse du siège", _together(seat) if s.structure.address and town else None, "structure"
        ),
        "convention.numeros": Field("SIRET ou RNA", _together(numbers), "structure"),
        "convention.representant": Field("représentant de la structure", person.words if person else "", "structure"),
        "convention.personne": Field(
            "représentant de la structure", _capital_name(person.person_name) if person else "", "structure"
        ),
        "convention.qualite": Field(
            "fonction du représentant", f"{role[:1].upper()}{role[1:]}," if role else None, "structure"
        ),
    }


def _year(session: Session, s: Subject) -> dict[str, Field]:
    parts, years = _parts(session, s), _years(session, s)
    days = s.rules.count("payment_days") if "payment_days" in s.rules else None
    months = conventions.publication_months(session, s.call.id)
    return {
        "convention.total": Field("total de l’exercice", euros(sum(part.cents for part in parts)) if parts else None),
        "convention.concours": Field("concours de l’exercice", None, "application", _rows_of(parts, s.file.number)),
        "convention.annees": Field(
            "années de la convention",
            None,
            "application",
            tuple((f"année {year}", euros(cents)) for year, cents in years),
        ),
        "convention.delai_versement": Field("délai de versement", f"{days}{NBSP}jours" if days else None, "call"),
        "convention.publication": Field("délai de publication", f"{months}{NBSP}mois" if months else None, "call"),
        "convention.reglement": Field("acte du règlement", _legal_basis(s), "call"),
    }


def _annexes(session: Session, s: Subject) -> dict[str, Field]:
    told = [(words, str(getattr(s.file, name) or "").strip()) for name, words in _PROJECT]
    partners = form.partners(session, application_id=s.file.id)
    iban = s.iban
    return {
        "convention.projet": Field(
            "description de l’action", tuple(f"{words}{NBSP}: {stopped(text)}" for words, text in told if text)
        ),
        "convention.partenaires": Field(
            "partenaires", tuple(_partner(p.name, p.role, p.share) for p in partners) or None
        ),
        "convention.budget": Field("budget de l’action", None, "application", _budget(session, s)),
        "convention.indicateurs": Field("indicateurs", None, "application", _indicators(session, s)),
        "convention.iban": Field(
            "compte bancaire", f"{iban[:4]} {_DOTS} {_DOTS} {iban[-4:]}" if len(iban) > 8 else None, "structure"
        ),
    }


def _amendment(session: Session, given: Mapping[str, Any], day: date) -> dict[str, Field]:
    """Each change as the sentence of its standard text; an amendment that changes nothing lacks its changes."""
    changes = []
    for name in ("montant", "echeance", "objet", "partenaires"):
        said = given.get(name)
        if not said:
            continue
        text = settings.text_in_force(session, f"avenant_{name}", day)
        if name == "montant":
            before, after = (int(cents) for cents in said)
            text = text.replace("{avant}", euros(before)).replace("{lettres}", in_words(after))
            said = euros(after)
        elif name == "echeance":
            said = long_date(date.fromisoformat(said))
        changes.append(text.replace("{apres}", str(said)))
    ended = tuple(f"{one}{NBSP};" for one in changes[:-1]) + tuple(stopped(one) for one in changes[-1:])
    since = given.get("convention_du")
    return {
        "avenant.convention": Field("convention modifiée", str(given.get("convention") or ""), "letter"),
        "avenant.convention_du": Field(
            "date de la convention", long_date(date.fromisoformat(since)) if since else None, "letter"
        ),
        "avenant.cause": Field("cause de l’avenant", stopped(given["cause"]) if given.get("cause") else None, "letter"),
        "avenant.changements": Field("changements", ended or None, "letter"),
    }


def _parts(session: Session, s: Subject) -> tuple[YearPart, ...]:
    """What the structure receives in the year, as far as the day of the decision."""
    if s.decision is None or not s.structure.id or s.lot is None:
        return ()
    on = s.lot.act_on
    found = conventions.parts_of_year(session, s.call.year, [s.structure.id])[s.structure.id]
    return tuple(part for part in found if part.decided_on is None or on is None or part.decided_on <= on)


def _years(session: Session, s: Subject) -> Sequence[tuple[int, int]]:
    query = select(Tranche.year, Tranche.amount_cents).where(Tranche.application_id == s.file.id)
    return [(year, cents) for year, cents in session.execute(query.order_by(Tranche.year))]


def _rows_of(parts: Iterable[YearPart], number: str) -> tuple[tuple[str, ...], ...]:
    rows = []
    for part in parts:
        name = f"présente subvention ({number})" if part.name == number else part.name
        rows.append((f"{name}{' (en nature)' if part.in_kind else ''}", euros(part.cents)))
    return tuple(rows)


def _budget(session: Session, s: Subject) -> tuple[tuple[str, ...], ...]:
    """Charges beside produits, in the order of the form, and the two totals."""
    sides: dict[str, list[tuple[str, int]]] = {"charge": [], "produit": []}
    query = select(BudgetLine).where(BudgetLine.application_id == s.file.id, BudgetLine.amount_cents != 0)
    for line in session.scalars(query.order_by(BudgetLine.side, BudgetLine.position)):
        sides[line.side].append((f"{line.account} {line.label}".strip(), line.amount_cents))
    if not sides["charge"] and not sides["produit"]:
        return ()
    pairs = zip_longest(sides["charge"], sides["produit"])
    rows = [tuple(cell for one in pair for cell in ((one[0], euros(one[1])) if one else ("", ""))) for pair in pairs]
    totals = [euros(sum(cents for _label, cents in sides[side])) for side in ("charge", "produit")]
    return (*rows, ("Total des charges", totals[0], "Total des produits", totals[1]))


def _indicators(session: Session, s: Subject) -> tuple[tuple[str, ...], ...]:
    counted = [(words, getattr(s.file, name)) for name, words in _COUNTED]
    rows = [
        (f"Nombre de {words}" if i == 0 else words, str(n)) for i, (words, n) in enumerate(counted) if n is not None
    ]
    for one in form.indicators(session, application_id=s.file.id):
        value = "à mesurer" if one.planned is None else f"{one.planned} {one.unit}".strip()
        rows.append((one.label, value))
    return tuple(rows)


def _partner(name: str, role: str, share: int | None) -> str:
    part = f"{share / 100:g}{NBSP}% du budget".replace(".", ",") if share else ""
    told = _together((role, part))
    return f"{name} ({told})" if told else name


def _legal_basis(s: Subject) -> str:
    return str(s.rules.text("legal_basis") or "").strip() if "legal_basis" in s.rules else ""


def quality_in_sentence(quality: str) -> str:
    """The quality of a block of signature as a sentence goes on with it.

    « Le Président de… » gives « Président de… »; « Pour le Président et par délégation, / La Vice-présidente, » gives
    « pour le Président et par délégation, la Vice-présidente ».
    """
    said = _small(" ".join(quality.split()).rstrip(" ,"))
    return re.sub(r"(?<=, )L(?=[ea] |’)", "l", _ARTICLE.sub("", said))


def _together(parts: Iterable[str]) -> str:
    return ", ".join(part for part in (one.strip() for one in parts) if part)


def _one_line(text: str) -> str:
    return _together(text.splitlines())


def _small(label: str) -> str:
    return f"{label[:1].lower()}{label[1:]}"


def _capital_name(name: str) -> str:
    """First name, then the NAME in capitals, as those who sign are named (CRPA L212-1)."""
    first, _, last = name.strip().rpartition(" ")
    return f"{first} {last.upper()}".strip()
