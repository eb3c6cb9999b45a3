"""What a task says: what to do, on what, why, and the button that begins it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from cv_desktop.db.queries.tasks import Task
from cv_desktop.domain.dates import WEEKDAYS, abridged_date, long_date

NBSP = "\u00a0"
LATE, MEETING, NOW, WEEK, NEXT = "late", "meeting", "now", "week", "next"
GROUPS = (LATE, MEETING, NOW, WEEK, NEXT)
SETUP = frozenset({"no_call", "envelope", "committee", "validate", "signatory", "agent"})


@dataclass(frozen=True, slots=True)
class Words:
    """``key`` is the destination the button leads to."""

    title: str
    reason: str
    button: str
    key: str
    detail: str = ""


def several(count: int, one: str, many: str = "") -> str:
    """« 3 dossiers », « 1 dossier »."""
    return f"{count}{NBSP}{one if count < 2 else many or one + 's'}"


def group_of(task: Task, today: date) -> str:
    """Under which title a task stands."""
    if task.kind == "sheets":
        return LATE if task.due and task.due < today else MEETING
    if task.due is None:
        return NEXT if task.kind == "validate" else NOW
    if task.due < today:
        return LATE
    return WEEK if (task.due - today).days < 7 else NEXT


def due_words(due: date | None, today: date) -> str:
    """« Aujourd’hui », « Jeu. 9 » within a week, « 16 mars » beyond."""
    if due is None:
        return ""
    if due == today:
        return "Aujourd’hui"
    if 0 < (due - today).days < 7:
        return f"{WEEKDAYS[due.weekday()][:3].capitalize()}. {due.day}"
    return abridged_date(due, year=due.year != today.year)


def distance(due: date | None, today: date) -> str:
    """« depuis 5 jours », « dans 2 jours »."""
    if due is None or due == today:
        return ""
    days = abs((due - today).days)
    return f"{'depuis' if due < today else 'dans'} {several(days, 'jour')}"


def words(task: Task, today: date) -> Words:
    """The sentence, the reason and the button of a task."""
    said = _SAID[task.kind](task, today)
    return Words(said.title, said.reason, said.button, said.key, said.detail or task.call)


def _examine(t: Task, _today: date) -> Words:
    dossiers = several(t.count, "dossier")
    return Words(
        f"Examiner {dossiers} déposé{_s(t)}",
        "Recevables, à compléter ou irrecevables",
        "Voir les dossiers",
        "applications",
    )


def _late_file(t: Task, today: date) -> Words:
    reason = f"Pièces attendues, délai passé {distance(t.due, today)}"
    return Words(
        "Décider de la suite du dossier", reason, "Ouvrir le dossier", "applications", f"{t.name} · {t.detail}"
    )


def _late_files(t: Task, _today: date) -> Words:
    return Words(
        f"Décider de la suite de {several(t.count, 'dossier')}",
        "Pièces attendues, délai passé",
        "Voir les dossiers",
        "applications",
    )


def _silence(t: Task, today: date) -> Words:
    said = f"Silence valant rejet le {long_date(t.due)}" if t.due else ""
    return Words("Répondre à la demande", said, "Ouvrir le dossier", "applications", f"{t.name} · {t.detail}")


def _silences(t: Task, today: date) -> Words:
    first = f"Silence valant rejet dès le {long_date(t.due)}" if t.due else ""
    return Words(f"Répondre à {several(t.count, 'demande')}", first, "Voir les dossiers", "applications")


def _sheets(t: Task, _today: date) -> Words:
    reason = f"{t.total - t.count} sur {t.total} rendues"
    return Words(
        f"Recevoir {several(t.count, 'grille')} de notation",
        reason,
        "Voir les grilles",
        "meetings",
        f"{t.name} · {t.call}",
    )


def _open(t: Task, _today: date) -> Words:
    reason = f"{several(t.count, 'dossier')} à l’ordre du jour"
    return Words("Ouvrir la séance", reason, "Ouvrir la séance", "meetings", f"{t.name} · {t.call}")


def _close(t: Task, _today: date) -> Words:
    ready = t.count == t.total
    title = "Clore la séance" if ready else "Rendre les avis de la séance"
    button = "Clore la séance" if ready else "Rendre les avis"
    return Words(title, f"{t.count} avis rendu{_s(t)} sur {t.total}", button, "meetings", f"{t.name} · {t.call}")


def _transmission(t: Task, _today: date) -> Words:
    missing = "de transmission au préfet" if t.detail == "sent" else "de publication"
    return Words(
        f"Compléter l’acte n°{NBSP}{t.name}", f"Date {missing} absente", "Compléter l’acte", "arbitration", t.call
    )


def _receipts(t: Task, today: date) -> Words:
    reason = f"Envoyés, aucune date de réception, le premier à relancer {distance(t.due, today) or 'aujourd’hui'}"
    return Words(f"Retrouver l’accusé de {several(t.count, 'courrier')}", reason, "Voir les courriers", "letters")


def _s(task: Task) -> str:
    return "s" if task.count > 1 else ""


def _simple(
    title: str, reason: str, button: str, key: str, one: str = "", many: str = "", detail: str = ""
) -> Callable[[Task, date], Words]:
    """Title with ``{n}`` for the count and its noun."""

    def said(t: Task, _today: date) -> Words:
        return Words(title.format(n=several(t.count, one, many), name=t.name), reason, button, key, detail)

    return said


_SAID: dict[str, Callable[[Task, date], Words]] = {
    "no_call": _simple(
        "Créer une campagne",
        "Rien ne commence sans campagne",
        "Créer une campagne",
        "calls",
        detail="Dispositif, année, enveloppe",
    ),
    "examine": _examine,
    "late_file": _late_file,
    "late_files": _late_files,
    "silence": _silence,
    "silences": _silences,
    "sheets": _sheets,
    "open": _open,
    "close": _close,
    "transmission": _transmission,
    "prepare": _simple("Préparer {n}", "Accusés, pièces, décisions", "Préparer les courriers", "letters", "courrier"),
    "read": _simple(
        "Relire {n}", "Préparés, à relire avant de les générer", "Ouvrir les courriers", "letters", "courrier"
    ),
    "issue": _simple("Générer {n}", "Relus, sans numéro ni PDF", "Ouvrir les courriers", "letters", "courrier"),
    "sign": _simple("Faire signer {n}", "Émis, sans signature", "Ouvrir les courriers", "letters", "courrier"),
    "send": _simple("Envoyer {n}", "Signés, pas encore partis", "Ouvrir les courriers", "letters", "courrier"),
    "receipts": _receipts,
    "conventions": _simple(
        "Faire signer {n}",
        "Rien ne se paie avant les deux signatures",
        "Ouvrir le dossier",
        "applications",
        "convention",
    ),
    "essential_data": _simple(
        "Publier les données de {n}",
        "Données essentielles, trois mois après la signature",
        "Ouvrir le dossier",
        "applications",
        "convention",
    ),
    "conditions": _simple(
        "Lever ou retirer {n}",
        "Échéance passée, rien n’est versé avant",
        "Ouvrir le dossier",
        "applications",
        "réserve échue",
        "réserves échues",
    ),
    "recourses": _simple(
        "Répondre à {n}",
        "Sans réponse, le silence vaut rejet",
        "Ouvrir le dossier",
        "applications",
        "recours gracieux",
        "recours gracieux",
    ),
    "schedule": _simple(
        "Préparer une séance pour {n}", "Recevables, sans avis du comité", "Préparer une séance", "meetings", "dossier"
    ),
    "price": _simple(
        "Proposer un montant pour {n}", "Avis rendu, aucun montant", "Ouvrir l’arbitrage", "arbitration", "dossier"
    ),
    "submit": _simple("Soumettre {n} au vote", "Avis rendus, aucun lot", "Préparer le lot", "arbitration", "dossier"),
    "vote": _simple("Enregistrer le vote : {name}", "Lot soumis, acte non saisi", "Enregistrer le vote", "arbitration"),
    "envelope": _simple("Saisir l’enveloppe", "Montant à zéro", "Saisir l’enveloppe", "calls"),
    "committee": _simple("Composer le comité", "Aucun membre pour noter", "Ajouter les membres", "calls"),
    "validate": _simple(
        "Valider {n} de la campagne", "Valeurs livrées, à confirmer", "Voir ce qui reste", "calls", "valeur"
    ),
    "signatory": _simple(
        "Nommer le signataire",
        "Les courriers resteraient sans nom",
        "Saisir le nom",
        "preferences",
        detail="Réglages › Signataires et délégations",
    ),
    "agent": _simple(
        "Nommer l’agent chargé des dossiers",
        "Les courriers le citent comme contact",
        "Saisir le nom",
        "preferences",
        detail="Réglages › Service et en-tête",
    ),
}
