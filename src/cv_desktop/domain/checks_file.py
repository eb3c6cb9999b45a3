"""The checks on the structure, the action, the dates and the documents of a file."""

from __future__ import annotations

from cv_desktop.domain.dates import abridged_date, long_date
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.findings import (
    NBSP,
    NOT_GIVEN,
    Finding,
    Question,
    broken,
    doubt,
    kept,
    listed,
    moot,
    share,
    unknown,
)
from cv_desktop.domain.identifiers import display_siret, parse_siret
from cv_desktop.domain.money import group

# Beginnings of INSEE legal categories, as a letter names those who hold them.
FORMS = {
    "92": "associations",
    "4140": "bailleurs sociaux",
    "5546": "bailleurs sociaux",
    "5547": "bailleurs sociaux",
    "5646": "bailleurs sociaux",
    "5647": "bailleurs sociaux",
    "7210": "communes",
    "7331": "établissements publics locaux d’enseignement",
}


def bad_siret(q: Question) -> Finding:
    title = "SIRET valide"
    raw = q.facts.siret_raw.strip()
    if not raw:
        return unknown(title, q)
    try:
        siret = parse_siret(raw)
    except UserError as reason:
        return broken(title, f"{reason.message.removesuffix('.')} {q.article}", raw)
    if q.facts.siret_ok is False:
        return broken(title, f"Le SIRET {display_siret(siret)} est à vérifier {q.article}", raw)
    return kept(title, display_siret(siret))


def legal_form(q: Question) -> Finding:
    title = "Forme juridique admise"
    form = q.facts.legal_form.strip()
    if not q.items:
        return moot(title)
    if not form:
        # Only an association holds a number of the RNA.
        association = q.facts.rna and any("92".startswith(x[:2]) for x in q.items)
        return kept(title, "association (RNA)") if association else unknown(title, q)
    admitted_as = next((x for x in q.items if form.startswith(x)), "")
    if admitted_as:
        return kept(title, f"{FORMS[admitted_as]} ({form})" if admitted_as in FORMS else form)
    admitted = listed(tuple(dict.fromkeys(FORMS.get(x, f"catégorie {x}") for x in q.items)))
    sentence = f"La forme juridique {form} n’est pas admise{NBSP}; le règlement {q.facts.of_scheme} retient{NBSP}: "
    return broken(title, f"{sentence}{admitted} {q.article}", form)


def perimeter(q: Question) -> Finding:
    title = "Action dans le périmètre"
    if not q.items:
        return moot(title)
    facts = q.facts
    place = facts.commune_name or facts.commune_code
    if facts.quarters:
        return kept(title, _quarters(facts.quarters))
    if facts.commune_code in q.items:
        return kept(title, place)
    if not facts.commune_code:
        return unknown(title, q)
    sentence = f"Le siège est à {place} et l’action ne touche aucun quartier du contrat de ville {q.article}"
    return broken(title, sentence, place)


def not_qpv(q: Question) -> Finding:
    title = "Action en quartier prioritaire"
    if q.facts.quarters:
        return kept(title, _quarters(q.facts.quarters))
    if not q.facts.outside_qpv:
        return unknown(title, q)
    if q.facts.outside_reason:
        return kept(title, f"hors{NBSP}QPV, justifié")
    sentence = f"L’action se déroule hors des quartiers prioritaires{NBSP}: une justification est attendue {q.article}"
    return broken(title, sentence, f"hors{NBSP}QPV")


def qpv_share(q: Question) -> Finding:
    if q.limit is None:
        return moot("Part de public QPV")
    title = f"Part de public QPV ≥ {q.limit}{NBSP}%"
    people, residents = q.facts.beneficiaries, q.facts.qpv_residents
    if not people or residents is None:
        return unknown(title, q)
    if residents > people:
        sentence = f"{group(residents)} habitants des quartiers pour {group(people)} bénéficiaires{NBSP}: à vérifier"
        return broken(title, f"{sentence} {q.article}", f"{group(residents)} sur {group(people)}")
    text = share(residents, people, q.limit)
    if residents * 100 < q.limit * people:
        sentence = f"Le public des quartiers est de {text}{NBSP}; le minimum est {q.limit}{NBSP}% {q.article}"
        return broken(title, sentence, text)
    return kept(title, text)


def one_per_year(q: Question) -> Finding:
    if q.limit is None:
        return moot("Nombre de dossiers", f"sans{NBSP}limite")
    title = "Un seul dossier par an" if q.limit == 1 else f"{q.limit} dossiers par an au plus"
    earlier = q.facts.earlier_applications
    if len(earlier) >= q.limit and earlier:
        count = "un dossier" if len(earlier) == 1 else f"{len(earlier)} dossiers"
        already = f"Cette structure a déjà {count} {q.facts.scheme} en {q.facts.year}{NBSP}: {listed(earlier)}"
        return broken(title, f"{already} {q.article}", listed(earlier))
    return kept(title, f"{len(earlier) + 1} sur {q.limit}")


def one_per_round(q: Question) -> Finding:
    if q.limit is None:
        return moot("Dossiers par session", f"sans{NBSP}limite")
    title = "Un seul dossier par session" if q.limit == 1 else f"{q.limit} dossiers par session au plus"
    earlier = q.facts.round_applications
    if len(earlier) >= q.limit and earlier:
        sentence = f"Cette structure a déjà déposé dans cette session{NBSP}: {listed(earlier)} {q.article}"
        return broken(title, sentence, listed(earlier))
    return kept(title, f"{len(earlier) + 1} sur {q.limit}")


def late_start(q: Question) -> Finding:
    title = "Début de l’action"
    last = q.rules.day(q.parameter.key, q.facts.year)
    if last is None:
        return moot(title)
    if q.facts.starts_on is None:
        return unknown(title, q)
    value = abridged_date(q.facts.starts_on)
    if q.facts.starts_on > last:
        sentence = f"L’action commence le {long_date(q.facts.starts_on)}, après le {long_date(last)} {q.article}"
        return broken(title, sentence, value)
    return kept(title, value)


def period(q: Question) -> Finding:
    title = "Dates dans la période"
    starts, ends = q.facts.starts_on, q.facts.ends_on
    first = q.rules.day("period_starts", q.facts.year) if "period_starts" in q.rules else None
    last = q.rules.day(q.parameter.key, q.facts.year)
    if starts and first and starts < first:
        sentence = f"L’action commence avant l’ouverture de la campagne ({long_date(first)}, {q.parameter.reference})."
        return broken(title, sentence, abridged_date(starts))
    if ends and last and ends > last:
        sentence = f"L’action se termine après la fin de la campagne ({long_date(last)}, {q.parameter.reference})."
        return broken(title, sentence, abridged_date(ends))
    if not starts or not ends:
        return unknown(title, q)
    value = f"{abridged_date(starts, year=False)} – {abridged_date(ends, year=False)}"
    if ends < starts:
        sentence = f"L’action se termine le {long_date(ends)}, avant de commencer le {long_date(starts)} {q.article}"
        return broken(title, sentence, value)
    return kept(title, value)


def late(q: Question) -> Finding:
    title = "Déposé dans les délais"
    closes = q.facts.closes_on or q.rules.day(q.parameter.key, q.facts.year)
    if closes is None:
        return moot(title)
    day = q.facts.deposit_day
    if day is None:
        return unknown(title, q)
    if day > closes:
        sentence = f"Le dossier a été déposé le {long_date(day)}, après la clôture du {long_date(closes)} {q.article}"
        return broken(title, sentence, abridged_date(day))
    return kept(title, abridged_date(day))


def no_cer(q: Question) -> Finding:
    title = "Engagement républicain"
    if q.facts.republican_contract is None:
        return unknown(title, q)
    if not q.facts.republican_contract:
        return broken(title, f"Le contrat d’engagement républicain n’est pas souscrit {q.article}", "non souscrit")
    signed = q.facts.republican_contract_on
    return kept(title, abridged_date(signed) if signed else "souscrit")


def double_funding(q: Question) -> Finding:
    title = "Pas de double financement"
    if q.facts.funded_by_other_scheme is None:
        return moot(title, NOT_GIVEN)
    if q.facts.funded_by_other_scheme:
        other = q.facts.other_application
        named = f"{NBSP}: {other}" if other else ""
        return broken(title, f"La même action est déjà financée par un autre dispositif{named} {q.article}", other)
    if q.facts.other_request:
        asked = f"La même action est aussi demandée à un autre dispositif{NBSP}: {q.facts.other_request} {q.article}"
        return doubt(title, asked, q.facts.other_request)
    return kept(title, "aucun")


def missing_report(q: Question) -> Finding:
    title = "Bilan précédent remis"
    if q.facts.flagged_report:
        reason = q.facts.flagged_report.removesuffix(".")
        return broken(title, f"Un bilan manque, signalé sur la structure{NBSP}: {reason} {q.article}", "signalé")
    if q.facts.previous_award_without_report is None and q.facts.past_award:
        known = f"Une aide est connue l’année précédente ({q.facts.past_award})"
        return doubt(title, f"{known}{NBSP}: vérifier que son bilan est remis {q.article}", "à vérifier")
    if q.facts.previous_award_without_report is None:
        return moot(title)
    award = q.facts.previous_award
    if q.facts.previous_award_without_report:
        of_award = f"du dossier {award}" if award else "de l’aide précédente"
        return broken(title, f"Le bilan {of_award} n’est pas remis {q.article}", award)
    on = q.facts.previous_report_on
    return kept(title, abridged_date(on) if on else "remis")


def _quarters(codes: tuple[str, ...]) -> str:
    return f"{len(codes)}{NBSP}QPV"
