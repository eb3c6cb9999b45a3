"""What a person may do of a campaign in each of its phases."""

from __future__ import annotations

from cv_desktop.domain.states import Phase

NBSP = "\u00a0"
_ALLOWS = {
    Phase.PREPARATION: "Le règlement, la grille, les pièces et l’enveloppe se modifient librement. Validez chaque "
    "valeur, puis ouvrez la campagne.",
    Phase.DEPOSIT: "Les dossiers se saisissent et s’importent. Une valeur du règlement peut encore changer"
    f"{NBSP}: si elle a déjà servi à juger un dossier, une nouvelle version s’ouvre.",
    Phase.INSTRUCTION: "Les dossiers sont contrôlés, complétés, déclarés recevables ou irrecevables. La grille est "
    "figée à la première note.",
    Phase.MEETINGS: "Les membres notent, le comité rend ses avis. Un dossier jugé ne se modifie plus sans être "
    "rouvert.",
    Phase.ARBITRATION: "Les montants se proposent dans l’enveloppe et se soumettent au vote.",
    Phase.NOTIFICATION: f"Les décisions sont prises{NBSP}: leurs courriers se relisent et s’émettent.",
    Phase.EXECUTION: "Tout est notifié. La campagne peut être close.",
    Phase.CLOSED: f"Plus rien ne s’écrit{NBSP}: ni dossier, ni règlement, ni enveloppe. La rouvrir demande un motif.",
}


def allows(phase: Phase) -> str:
    """What the phase allows, in one or two sentences."""
    return _ALLOWS[phase]
