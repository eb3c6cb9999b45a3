"""The columns of the outbox."""

from __future__ import annotations

from collections.abc import Callable

from cv_desktop.domain.dates import short_date
from cv_desktop.domain.money import figures
from cv_desktop.services.letter_files import Damage
from cv_desktop.ui.badges import Badge
from cv_desktop.ui.letters.entries import Entry, fields
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
            second=lambda x: x.short,
            tooltip="Structure, et fin du numéro du dossier",
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
                f"Alerte : {fields(x.missing) if x.missing else alert(x)}" if alert(x) else "Aucune alerte"
            ),
        ),
        Column("number", "N°", lambda x: x.row.number, width=110, hidden=True),
        Column(
            "date", "Date", lambda x: short_date(x.row.dated_on), sort=lambda x: x.row.dated_on, width=90, hidden=True
        ),
    ]


def state(entry: Entry) -> Badge:
    return _BUSY if entry.busy else STATES[entry.row.state]


def alert(entry: Entry) -> str:
    """« Compte bancaire », « Compte bancaire + 1 »."""
    if entry.damage is not None:
        return DAMAGES[entry.damage]
    names = list(dict.fromkeys(x.label for x in entry.missing))
    if not names:
        return ""
    first = names[0][:1].upper() + names[0][1:]
    return f"{first} + {len(names) - 1}" if len(names) > 1 else first
