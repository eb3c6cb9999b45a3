"""The columns of the outbox."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from cv_desktop.domain.dates import short_date
from cv_desktop.domain.dispatches import CHANNELS
from cv_desktop.domain.letters import told
from cv_desktop.domain.money import figures
from cv_desktop.domain.recourses import last_day
from cv_desktop.services.letter_files import Damage
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.letters.entries import Entry
from cv_desktop.ui.tables.columns import Column

STATES = {
    "to_read": Badge("À relire", "info", "eye"),
    "read": Badge("Relu", "success", "check"),
    "issued": Badge("Émis", "neutral", "lock"),
    "signed": Badge("Signé", "success", "pencil"),
    "sent": Badge("Envoyé", "neutral", "mail"),
    "replaced": Badge("Remplacé", "neutral", "copy"),
}
DAMAGES = {Damage.ABSENT: "PDF effacé", Damage.ALTERED: "PDF modifié"}
LATE_RECEIPT = "AR non revenu"
_BUSY = Badge("En cours", "info", "lock")


def columns(toggle: Callable[[Entry, bool], None]) -> list[Column[Entry]]:
    """Box, addressee, kind, amount, state, alert; number and date on demand."""
    return [
        Column(
            "ticked",
            "",
            lambda _x: "",
            width=36,
            checked=lambda x: x.ticked,
            toggle=toggle,
            tooltip="Cocher (Espace)",
            accessible=lambda x: "coché" if x.ticked else "non coché",
            filterable=False,
        ),
        Column(
            "structure",
            "Destinataire",
            lambda x: x.row.structure,
            width=180,
            stretch=True,
            second=lambda x: f"{x.short}, version {x.row.edition}" if x.row.edition > 1 else x.short,
            tooltip="Structure, fin du numéro du dossier, et version d’un courrier qui en remplace un autre",
        ),
        Column("file", "Dossier", lambda x: x.row.application_number, width=120, hidden=True),
        Column("label", "Modèle", lambda x: x.row.label, width=150, tone="secondary"),
        Column(
            "amount",
            "Montant",
            lambda x: figures(x.row.amount_cents) if x.row.amount_cents else "",
            sort=lambda x: x.row.amount_cents,
            width=72,
            align="right",
        ),
        Column("state", "État", lambda x: state(x).word, sort=lambda x: x.row.state, width=90, badge=state),
        Column(
            "alert",
            "Alerte",
            lambda x: alert(x),
            width=128,
            badge=lambda x: Badge(alert(x), "danger", "triangle-alert", tinted=True) if alert(x) else None,
            accessible=lambda x: (
                f"Alerte : {told(x.missing) if x.missing else alert(x)}" if alert(x) else "Aucune alerte"
            ),
        ),
        Column("signer", "Signé par", lambda x: x.row.signed.signer if x.row.signed else "", width=150, hidden=True),
        Column("sent", "Envoyé le", lambda x: short_date(_sent(x)), sort=_sent, width=92, hidden=True),
        Column(
            "channel", "Envoi", lambda x: CHANNELS[x.row.sent.channel] if x.row.sent else "", width=150, hidden=True
        ),
        Column(
            "registered",
            "Recommandé",
            lambda x: x.row.sent.registered_number if x.row.sent else "",
            width=120,
            hidden=True,
        ),
        Column("received", "Reçu le", lambda x: short_date(_received(x)), sort=_received, width=92, hidden=True),
        Column(
            "appeal",
            "Recours jusqu’au",
            lambda x: short_date(last_day(_received(x))),
            sort=lambda x: last_day(_received(x)),
            width=110,
            hidden=True,
            tooltip="Deux mois à compter de la réception",
        ),
        Column(
            "reminder",
            "Relance",
            lambda x: short_date(x.row.sent.reminder_on) if x.row.sent else "",
            sort=lambda x: x.row.sent.reminder_on if x.row.sent else None,
            width=92,
            hidden=True,
        ),
        Column("number", "N°", lambda x: x.row.number, width=110, hidden=True),
        Column(
            "date", "Date", lambda x: short_date(x.row.dated_on), sort=lambda x: x.row.dated_on, width=90, hidden=True
        ),
    ]


def _sent(entry: Entry) -> date | None:
    return entry.row.sent.on if entry.row.sent else None


def _received(entry: Entry) -> date | None:
    return entry.row.sent.received_on if entry.row.sent else None


def state(entry: Entry) -> Badge:
    return _BUSY if entry.busy else STATES[entry.row.state]


def alert(entry: Entry) -> str:
    """« Compte bancaire », « Compte bancaire + 1 »."""
    if entry.damage is not None:
        return DAMAGES[entry.damage]
    if entry.overdue:
        return LATE_RECEIPT
    names = list(dict.fromkeys(x.label for x in entry.missing))
    if not names:
        return ""
    first = names[0][:1].upper() + names[0][1:]
    return f"{first} + {len(names) - 1}" if len(names) > 1 else first
