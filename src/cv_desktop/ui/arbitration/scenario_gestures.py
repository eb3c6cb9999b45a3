"""What the tabs write: scenarios copied, named, retained, taken away."""

from __future__ import annotations

from cv_desktop.services import scenarios
from cv_desktop.ui.context import Context
from cv_desktop.ui.message_bar import Message


class ScenarioGestures:
    """Each is one verb, undone by Ctrl+Z."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def duplicate(self, scenario_id: str) -> str:
        """The key of the copy, empty when it was refused."""
        done = self._context.do("scénario dupliqué", scenarios.duplicate, scenario_id=scenario_id)
        return next((key for noun, key in done.touched if noun == "scenario"), "") if done else ""

    def rename(self, scenario_id: str, label: str) -> None:
        self._context.do(
            f"scénario renommé « {label.strip()} »", scenarios.rename, scenario_id=scenario_id, label=label
        )

    def retain(self, scenario_id: str) -> None:
        if self._context.do("scénario retenu", scenarios.retain, scenario_id=scenario_id):
            self._say("Scénario retenu.", "Ses montants sont marqués dans l’enveloppe et iront au lot de vote.")

    def remove(self, scenario_id: str) -> None:
        if self._context.do("scénario supprimé", scenarios.remove, scenario_id=scenario_id):
            self._say("Scénario supprimé.", "Les autres ne changent pas.")

    def _say(self, lead: str, text: str) -> None:
        undo = (("Annuler", self._context.undo_last),)
        self._context.messages.show_message(Message("success", lead, text, undo))
