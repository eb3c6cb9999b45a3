"""The checks on the documents of a file: received, right, and not too old (article 9)."""

from __future__ import annotations

from cv_desktop.domain.dates import add_months, short_date
from cv_desktop.domain.expected_documents import BLOCK, WARN, ExpectedDocument
from cv_desktop.domain.findings import NBSP, Finding, Items, Question, broken, doubt, kept, listed, moot, unknown


def missing_docs(q: Question) -> Finding:
    """Those without which the file is incomplete: not come, or found not right."""
    return _missing(q, "Pièces reçues", BLOCK)


def wanted_docs(q: Question) -> Finding:
    """Those that the règlement asks without making the file depend on them."""
    return _missing(q, "Pièces souhaitées", WARN)


def _missing(q: Question, title: str, severity: str) -> Finding:
    owed = [d for d in _owed(q) if d.severity == severity]
    if not owed:
        return moot(title)
    received = q.facts.documents
    if received is None:
        return unknown(title, q)
    lacking = [d for d in owed if d.kind not in received and d.kind not in q.facts.held]
    missing = [d for d in lacking if d.kind not in q.facts.rejected]
    refused = {d: q.facts.rejected[d.kind].removesuffix(".") for d in lacking if d.kind in q.facts.rejected}
    held = sum(d.kind in q.facts.held and d.kind not in received for d in owed)
    value = f"{len(owed) - len(lacking)} sur {len(owed)}"
    value += f", dont {held} au service" if held else ""
    if not lacking:
        return kept(title, value)
    parts = []
    if missing:
        count = "Il manque une pièce" if len(missing) == 1 else f"Il manque {len(missing)} pièces"
        parts.append(f"{count}{NBSP}: {listed(tuple(d.label for d in missing))}")
    if refused:
        count = "Une pièce n’est pas conforme" if len(refused) == 1 else f"{len(refused)} pièces ne sont pas conformes"
        parts.append(f"{count}{NBSP}: {listed(tuple(f'{d.label} ({why})' for d, why in refused.items()))}")
    items: Items = (
        *((d.kind, d.label) for d in missing),
        *((d.kind, f"{d.label}, l’exemplaire reçu n’étant pas conforme{NBSP}: {why}") for d, why in refused.items()),
    )
    return broken(title, f"{'. '.join(parts)} {q.article}", value, items)


def outdated_docs(q: Question) -> Finding:
    """Those received that are no longer good on the day of the deposit, from the day they bear."""
    title = "Pièces en cours de validité"
    received = q.facts.documents
    dated = [d for d in _owed(q) if d.validity_months and received is not None and d.kind in received]
    if not dated:
        return moot(title)
    day = q.facts.deposit_day
    old, unsure = [], []
    for document in dated:
        borne = q.facts.dated.get(document.kind)
        if borne is None or day is None:
            unsure.append(document.label)
        elif add_months(borne, document.validity_months or 0) < day:
            old.append((document, borne))
    if old:
        said = listed(tuple(f"{d.label} du {short_date(on)}, valable {d.validity_months}{NBSP}mois" for d, on in old))
        count = "Une pièce est périmée" if len(old) == 1 else f"{len(old)} pièces sont périmées"
        items: Items = tuple(
            (d.kind, f"{d.label} de moins de {d.validity_months}{NBSP}mois, celle reçue est du {short_date(on)}")
            for d, on in old
        )
        soft = not any(d.severity == BLOCK for d, _on in old)
        return broken(title, f"{count}{NBSP}: {said} {q.article}", f"{len(old)} sur {len(dated)}", items, soft=soft)
    if unsure:
        return doubt(title, f"Date à relever sur{NBSP}: {listed(tuple(unsure))} {q.article}", "à vérifier")
    return kept(title, f"{len(dated)} sur {len(dated)}")


def _owed(q: Question) -> list[ExpectedDocument]:
    """What the file owes with its deposit, less what it is dispensed of."""
    owed = q.rules.documents_at_deposit(asked_cents=q.facts.asked_cents, first_request=q.facts.first_request)
    return [d for d in owed if d.kind not in q.facts.waived]
