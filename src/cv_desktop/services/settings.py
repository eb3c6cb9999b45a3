"""Settings of the institution: its name, its service, its addresses."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from cv_desktop.db.models.reference import Setting
from cv_desktop.db.work import record
from cv_desktop.domain.changes import Changes, Step
from cv_desktop.domain.errors import UserError

# What a new base knows of the institution; « à valider » until someone changes it on screen.
DEFAULTS: dict[str, str] = {
    "authority": "Melun Val de Seine",
    "authority_kind": "Communauté d’agglomération",
    "direction": "Direction de la politique de la ville",
    "agent_name": "",
    "agent_quality": "",
    "phone": "",
    "email": "",
    "address": "297 rue Rousseau Vaudran, CS 30187, 77198 Dammarie-lès-Lys Cedex",
    "city": "Dammarie-lès-Lys",
    "dpo": "",
    "act_recipient": "au préfet de Seine-et-Marne",
    "sending": "lettre simple",
    "timestamp_url": "",
    "revocation_url": "",
    "letter_logo": "",
    "letter_window": "45",
    "letter_no_code": "",
    "letter_double_sided": "",
}

LABELS: dict[str, str] = {
    "authority": "Nom de la collectivité",
    "authority_kind": "Forme de la collectivité",
    "direction": "Direction ou service",
    "agent_name": "Agent chargé des dossiers",
    "agent_quality": "Qualité de l’agent",
    "phone": "Téléphone du service",
    "email": "Courriel du service",
    "address": "Adresse postale",
    "city": "Commune du siège",
    "dpo": "Contact pour la protection des données",
    "act_recipient": "Actes transmis (à qui)",
    "sending": "Mode d’envoi",
    "timestamp_url": "Autorité d’horodatage (adresse)",
    "revocation_url": "Révocations (adresses)",
    "letter_logo": "Logo des courriers",
    "letter_window": "Hauteur de la fenêtre des enveloppes, en millimètres",
    "letter_no_code": "Pages sans code de classement",
    "letter_double_sided": "Fichier d’impression recto verso",
}


# Kept by their fingerprint, which nobody reads.
_PICTURES = ("letter_logo",)


def set_value(session: Session, *, key: str, value: Any) -> Changes:
    """Change one setting of the institution. Raises UserError on a key that does not exist."""
    if key not in DEFAULTS:
        raise UserError(f"Le réglage « {key} » n’existe pas.", field=key)
    if isinstance(value, str):
        value = value.strip()
    row = session.get(Setting, key)
    before = row.value if row else None
    if row is None:
        session.add(Setting(key=key, value=value))
    else:
        row.value = value
    record(
        session,
        verb="settings.set_value",
        noun="settings",
        noun_id=key,
        summary=f"Réglage « {LABELS[key]} » : {_said(key, value)}",
        before=before,
        after=value,
    )
    return Changes.of("settings", key, undo=Step(set_value, {"key": key, "value": before or ""}))


def _said(key: str, value: Any) -> Any:
    if not value:
        return "vide"
    return "image choisie" if key in _PICTURES else value
