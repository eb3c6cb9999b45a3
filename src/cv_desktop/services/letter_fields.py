"""What a letter may say of a file: every merge field, with the way to the place where one fills it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cv_desktop.db.models.application import Application
from cv_desktop.db.models.call import Call
from cv_desktop.db.models.decision import Decision, Lot
from cv_desktop.db.models.meeting import AgendaItem, Meeting
from cv_desktop.db.models.partner import Partner
from cv_desktop.db.models.reference import Scheme
from cv_desktop.db.models.structure import Structure
from cv_desktop.db.once import once
from cv_desktop.db.queries import bank_accounts, conventions, institution, mandates, rounds, rules, settings, silences
from cv_desktop.domain.articles import authority_name, with_article
from cv_desktop.domain.completion import Point, points
from cv_desktop.domain.completion import due_on as completion_ends
from cv_desktop.domain.dates import MONTHS, NBSP, add_months, local, long_date
from cv_desktop.domain.eligibility import Result
from cv_desktop.domain.letters import Field
from cv_desktop.domain.money import euros, in_words, percent
from cv_desktop.domain.rounds import for_day
from cv_desktop.domain.rules import Rules
from cv_desktop.domain.states import Opinion
from cv_desktop.domain.text import stopped
from cv_desktop.domain.workflow import blocking, refusing
from cv_desktop.services.applications import checks_of

# What is said where the service has not written to whom it sends its acts.
CONTROL = "au contrôle de légalité"
# What a conditional block may ask, as a person reads it in the list of conditions.
FLAGS = {
    "has_meeting": "si la date de la séance est connue",
    "silence_ahead": "avant la date du rejet implicite",
    "silence_passed": "après la date du rejet implicite",
    "consortium": "si l’action est portée à plusieurs",
    "alone": "si l’action est portée par la structure seule",
    "above_convention_threshold": "si l’année dépasse le seuil de la convention",
}
# From what day the delay of payment runs.
_LIFTED = "de la levée de la réserve"
_SIGNED = "de la signature de la convention par les deux parties"
_OR_LIFTED = f", ou {_LIFTED} si elle est plus tardive"
_BEFORE_ROLE = re.compile(r"^(?:(?:madame|mme|monsieur|m\.?) )?(?:(?:la|le) )?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Subject:
    """The rows a letter draws from."""

    file: Application
    structure: Structure
    representative_role: str
    iban: str
    call: Call
    scheme: Scheme
    rules: Rules
    settings: dict[str, Any]
    decision: Decision | None
    lot: Lot | None
    meeting: Meeting | None
    asked: str  # by the last meeting that adjourned the file, as it was written

    @classmethod
    def load(cls, session: Session, application_id: str, decision_id: str | None) -> Subject:
        file = session.get_one(Application, application_id)
        call = session.get_one(Call, file.call_id)
        decision = session.get_one(Decision, decision_id) if decision_id else None
        meeting = session.scalars(
            select(Meeting)
            .join(AgendaItem, AgendaItem.meeting_id == Meeting.id)
            .where(AgendaItem.application_id == application_id)
            .order_by(Meeting.held_on.desc())
        ).first()
        person = mandates.representative(session, structure_id=file.structure_id)
        return cls(
            file=file,
            structure=session.get_one(Structure, file.structure_id),
            representative_role=person.role if person else "",
            iban=bank_accounts.current_iban(session, structure_id=file.structure_id),
            call=call,
            scheme=session.get_one(Scheme, call.scheme_code),
            rules=rules.of_application(session, application_id),
            settings=once(session, "institution", lambda: institution.values(session)),
            decision=decision,
            lot=session.get_one(Lot, decision.lot_id) if decision else None,
            meeting=meeting,
            asked=_asked(session, application_id),
        )

    def setting(self, key: str) -> str:
        return str(self.settings.get(key) or "")


def fields(session: Session, subject: Subject, day: date, lists: frozenset[str]) -> dict[str, Field]:
    """Every merge field of a letter dated ``day``; those that nothing fills are empty.

    ``lists`` are the list fields its template asks: they alone need the checks of the file.
    """
    found = _institution(subject) | _file(subject) | _act(subject) | _dates(session, subject, day)
    return found | (listed(session, checks_of(session, application_id=subject.file.id), day) if lists else {})


def flags(session: Session, subject: Subject, day: date) -> frozenset[str]:
    """What the conditional blocks of a template ask of a letter dated ``day``.

    A silence that already means rejection (CRPA L231-4) is neither announced nor suspended: it is said. Once the
    request is answered, nothing is said of it.
    """
    silent = silences.of_file(session, application_id=subject.file.id, day=day)
    found = set()
    if silent is not None:
        found.add("silence_passed" if silent.over else "silence_ahead")
    if subject.meeting is not None and subject.meeting.state != "closed":
        found.add("has_meeting")
    partner = session.scalar(select(Partner.id).where(Partner.application_id == subject.file.id).limit(1))
    found.add("alone" if partner is None else "consortium")
    if subject.decision is not None and conventions.of_decision(session, subject.decision.id) is not None:
        found.add("above_convention_threshold")
    return frozenset(found)


def title_of(role: str) -> str:
    """« Madame la Présidente » of the role « présidente »; « Madame, Monsieur » when the role does not tell.

    What people write before the role is dropped: « Mme la Présidente », « La présidente ».
    """
    word = _BEFORE_ROLE.sub("", " ".join(role.split()))
    low = word.casefold()
    feminine = low.endswith(("ente", "trice", "ière", "aire générale", "euse"))
    masculine = low.endswith(("ent", "teur", "ier", "aire général"))
    if not word or not (feminine or masculine):
        return "Madame, Monsieur"
    name = word[:1].upper() + word[1:]
    return f"Madame la {name}" if feminine else f"Monsieur le {name}"


def period(start: date | None, end: date | None) -> str:
    """« du 15 mars au 30 novembre 2026 »; the year of the start only when it differs."""
    if start is None or end is None:
        return ""
    if start == end:
        return f"le {long_date(start)}"
    number = "1er" if start.day == 1 else str(start.day)
    opening = f"{number}{NBSP}{MONTHS[start.month - 1]}" if start.year == end.year else long_date(start)
    return f"du {opening} au {long_date(end)}"


def act_reference(lot: Lot, recipient: str) -> str | None:
    """« délibération n° 2026-B-014 du 26 février 2026, transmise au préfet… »; None without its transmission.

    ``recipient`` is to whom the service sends its acts, « au préfet de… ».

    An act of the assemblies binds once transmitted and published (CGCT L2131-1, L5211-3).
    """
    if not lot.act_number or lot.act_on is None or lot.sent_to_prefect_on is None or lot.published_on is None:
        return None
    nature = act_nature(lot.body, lot.delegated)
    return cited(nature, lot.act_number, lot.act_on, lot.sent_to_prefect_on, lot.published_on, recipient)


def act_named(lot: Lot) -> str | None:
    """« délibération n° 2026-B-014 du 26 février 2026 »: an act already notified, of which a later letter speaks."""
    if not lot.act_number or lot.act_on is None:
        return None
    return _named(act_nature(lot.body, lot.delegated), lot.act_number, lot.act_on)


def _named(nature: str, number: str, on: date) -> str:
    return f"{nature} n°{NBSP}{number} du {long_date(on)}"


def act_nature(body: str | None, delegated: bool = False) -> str:
    """« décision » of the president alone or by delegation (CGCT L5211-10), « délibération » of an assembly."""
    return "décision" if delegated or "président" in (body or "").casefold() else "délibération"


def cited(nature: str, number: str, on: date, sent_on: date, published_on: date, recipient: str) -> str:
    """An act as a letter cites it, with its transmission and its publication, said once when they are of one day."""
    base = f"{_named(nature, number, on)}, transmise {recipient or CONTROL}"
    if sent_on == published_on:
        return f"{base} et publiée le {long_date(published_on)}"
    return f"{base} le {long_date(sent_on)} et publiée le {long_date(published_on)}"


def report_due(rules: Rules, year: int, ends_on: date | None) -> date | None:
    """The day the report is due: some months after the action, at latest some after the exercise (loi 2000-321, 10)."""
    fixed = rules.day("report_due", year) if "report_due" in rules else None
    if fixed is not None:
        return fixed
    latest = add_months(date(year, 12, 31), rules.count("report_months_after_year") or 6)
    months = rules.count("report_months_after_action")
    if ends_on is None or months is None:
        return latest
    return min(add_months(ends_on, months), latest)


def _institution(s: Subject) -> dict[str, Field]:
    authority = authority_name(s.setting("authority_kind"), s.setting("authority"))
    agent = s.setting("agent_name")
    quality = s.setting("agent_quality")
    contact = [f"{agent}, {quality}" if agent and quality else agent or s.setting("direction")]
    if s.setting("phone"):
        contact.append(f"tél. {s.setting('phone').replace(' ', NBSP)}")
    if s.setting("email"):
        contact.append(f"courriel {s.setting('email')}")
    if len(contact) == 1:
        contact.append(s.setting("address"))
    return {
        "autorite": Field("collectivité", authority, "settings"),
        "autorite_article": Field("collectivité", with_article(authority), "settings"),
        "direction": Field("direction", s.setting("direction"), "settings"),
        "contact": Field("agent chargé du dossier", ", ".join(contact), "settings"),
        "campagne.libelle": Field("campagne", f"{s.scheme.label} ({s.scheme.code}) {s.call.year}", "call"),
        "campagne.sigle": Field("campagne", s.call.label, "call"),
        "campagne.annee": Field("exercice", str(s.call.year), "call"),
    }


def _file(s: Subject) -> dict[str, Field]:
    file = s.file
    deposited = long_date(local(file.deposited_at).date()) if file.deposited_at else None
    return {
        "dossier.numero": Field("numéro du dossier", file.number),
        "dossier.action": Field("intitulé de l’action", file.title),
        "dossier.depose_le": Field("date de dépôt", deposited),
        "dossier.demande": Field("montant demandé", euros(file.asked_cents)),
        "dossier.budget": Field("budget de l’action", euros(file.cost_cents) if file.cost_cents else None),
        "dossier.periode": Field("dates de l’action", period(file.starts_on, file.ends_on)),
        # The contract is subscribed in the form itself, on the day of its deposit.
        "dossier.cer_le": Field("contrat d’engagement républicain", deposited if file.republican_contract else None),
        "structure.nom": Field("nom de la structure", s.structure.name, "structure"),
        "structure.article_votre": Field("forme de la structure", _yours(s.structure), "structure"),
        "civilite": Field("civilité", title_of(s.representative_role), "structure"),
        "compte_fin": Field("compte bancaire", s.iban[-4:] or None, "structure"),
    }


def _asked(session: Session, application_id: str) -> str:
    query = (
        select(AgendaItem.asked)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(AgendaItem.application_id == application_id, AgendaItem.opinion == Opinion.ADJOURNED.value)
        .order_by(Meeting.held_on.desc(), Meeting.id.desc())
        .limit(1)
    )
    return session.scalars(query).first() or ""


def _yours(structure: Structure) -> str:
    form = structure.legal_form or ""
    return "votre association" if not form or form.startswith("92") else "votre structure"


def _act(s: Subject) -> dict[str, Field]:
    amount = s.decision.amount_cents if s.decision else 0
    motive = s.decision.motive.strip() if s.decision else ""
    if motive and motive[-1] not in ".!?…":
        motive += "."  # a sentence of the letter follows it
    lot = s.lot
    article = with_article((lot.body or "") if lot else "")
    act = act_reference(lot, s.setting("act_recipient")) if lot else None
    return {
        "acte.reference": Field("transmission et publication de l’acte", act, "act"),
        "acte.bref": Field("numéro et date de l’acte", act_named(lot) if lot else None, "act"),
        "acte.organe": Field("organe délibérant", article, "act"),
        "montant": Field("montant accordé", euros(amount) if amount else None, "act"),
        "montant_lettres": Field("montant en lettres", in_words(amount) if amount else None, "act"),
        "taux_demande": Field("part de la demande", percent(amount, s.file.asked_cents) if amount else None),
        "taux_budget": Field(
            "part du budget", percent(amount, s.file.cost_cents) if amount and s.file.cost_cents else None
        ),
        "motif": Field("motif de la décision", motive, "act"),
        "attendu": Field("éléments attendus", stopped(s.asked) if s.asked.strip() else motive, "act"),
    }


def _dates(session: Session, s: Subject, day: date) -> dict[str, Field]:
    silent = silences.of_file(session, application_id=s.file.id, day=day)
    due = report_due(s.rules, s.call.year, s.file.ends_on)
    days = s.rules.count("payment_days") if "payment_days" in s.rules else None
    return {
        "date_rejet_implicite": Field("date du rejet implicite", long_date(silent.rejects_on) if silent else None),
        "date_seance": Field("date de la séance", long_date(s.meeting.held_on) if s.meeting else None, "call"),
        "delai_completude": Field("délai de réponse", long_date(completion_ends(day, s.rules)), "call"),
        "prochaine_echeance": Field("échéance", long_date(_next_deposit(session, s, day)), "call"),
        "bilan_echeance": Field("date du bilan", long_date(due) if due else None, "call"),
        "delai_versement": Field("délai de versement", f"{days}{NBSP}jours" if days else None, "call"),
        "delai_depart": Field("départ du délai de versement", _LIFTED if _held(s) else "de la notification"),
        "delai_depart_convention": Field("départ du délai après signature", _SIGNED + (_OR_LIFTED if _held(s) else "")),
        "versement_modalites": Field("modalités de versement", _payment(session, s, day), "call"),
    }


def _held(s: Subject) -> bool:
    """Whether the grant was given under a condition: nothing is due before it is lifted, and no delay runs."""
    return s.decision is not None and bool(s.decision.condition) and s.decision.condition_due_on is not None


def _next_deposit(session: Session, s: Subject, day: date) -> date:
    """The end of the next deposit: the round to come, or a month when the campaign has none."""
    coming = for_day(once(session, ("rounds", s.call.id), lambda: rounds.dates(session, s.call.id)), day)
    return coming.deposit_closes if coming else add_months(day, 1)


def listed(session: Session, results: tuple[Result, ...], day: date) -> dict[str, Field]:
    """The list fields: what the checks of a file give to ask, and to oppose."""
    broken = refusing(results) or blocking(results)
    return {
        "pieces": Field("pièces attendues", itemised(_piece(session, p, day) for p in points(results))),
        "motifs": Field("règles non respectées", itemised(_rule(session, r, day) for r in broken)),
    }


def _payment(session: Session, s: Subject, day: date) -> str:
    """How the grant is paid, after the condition under which it was given."""
    plain, decision = plain_payment(session, s, day), s.decision
    if decision is None or not decision.condition or decision.condition_due_on is None:
        return plain
    text = settings.text_in_force(session, "versement_reserve", day)
    for name, value in (("condition", decision.condition.rstrip(".")), ("date", long_date(decision.condition_due_on))):
        text = text.replace(f"{{{name}}}", value)
    return text.replace("{versement}", plain)


def plain_payment(session: Session, s: Subject, day: date) -> str:
    """How the grant is paid once nothing keeps it waiting: in one sum, or an advance and a balance."""
    advance = s.rules.percent("payment_advance")
    if advance is None or advance >= 100:
        return settings.text_in_force(session, "versement_unique", day)
    text = settings.text_in_force(session, "versement_avance", day)
    paid = (s.decision.amount_cents if s.decision else 0) * advance // 100
    left = (s.decision.amount_cents if s.decision else 0) - paid
    return text.replace("{avance}", euros(paid)).replace("{solde}", euros(left))


def itemised(items: Iterable[str]) -> tuple[str, ...]:
    """The items as a list reads: the last one ends it."""
    found = tuple(items)
    return tuple(f"{item}{'.' if i == len(found) else f'{NBSP};'}" for i, item in enumerate(found, start=1))


def _piece(session: Session, point: Point, day: date) -> str:
    """A document by its name and its article; a rule by its standard text, else by its own sentence."""
    if point.item:
        where = f"article{NBSP}{point.article}" if point.article.isdigit() else point.article
        return f"{point.text} ({where})"
    return _item(session, "piece", point.code, point.text, point.article, point.value, day)


def _rule(session: Session, result: Result, day: date) -> str:
    return _item(session, "regle", result.code, result.sentence, result.article, result.value, day)


def _item(session: Session, prefix: str, code: str, sentence: str, article: str, value: str, day: date) -> str:
    own = settings.text_in_force(session, f"{prefix}_{code}", day)
    text = own or settings.text_in_force(session, f"{prefix}_", day) or "{phrase}"
    bare = sentence.removesuffix(".")
    phrase = bare[:1].lower() + bare[1:]
    return text.replace("{phrase}", phrase).replace("{article}", article).replace("{valeur}", value)
