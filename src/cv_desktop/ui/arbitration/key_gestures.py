"""`+ − T P X L`: one file, or all those selected in one step to undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cv_desktop.domain.allocation import stepped
from cv_desktop.domain.changes import Changes
from cv_desktop.domain.money import euros
from cv_desktop.domain.text import NBSP
from cv_desktop.services import exclusions, scenario_lines
from cv_desktop.ui.arbitration.ballot_panel import files
from cv_desktop.ui.arbitration.gestures import Gestures
from cv_desktop.ui.arbitration.lines import Line
from cv_desktop.ui.context import Context
from cv_desktop.ui.message_bar import Message

NAMED = 3
_AMOUNTS = {"up": "un pas de plus", "down": "un pas de moins", "full": "toute la demande", "minimum": "minimum viable"}


class KeyGestures:
    """What a key of the table does; what it may not do is said in the status bar, or counted when several are asked."""

    def __init__(self, context: Context, gestures: Gestures) -> None:
        self._context, self._gestures = context, gestures

    def press(self, lines: Sequence[Line], gesture: str) -> None:
        """``gesture``: up, down, full, minimum, exclude or lock."""
        if len(lines) > 1:
            self._several(lines, gesture)
        elif why := self._refusal(lines[0], gesture):
            self._context.told.emit(f"{lines[0].row.number} {why}.")
        else:
            self._one(lines[0], gesture)

    def _one(self, line: Line, gesture: str) -> None:
        number, key = line.row.number, self._gestures.key(line)
        if gesture in _AMOUNTS:
            self._gestures.set_amount(line, self._amount(line, gesture))
        elif gesture == "exclude":
            out = _excluded(line)
            words = f"{number} {'repris' if out else 'écarté'}"
            if self._context.do(words, exclusions.set_excluded, **key, excluded=not out):
                again = "" if out else f"{NBSP}: X pour le reprendre, au même montant"
                self._context.told.emit(f"{words}{again}.")
        else:
            words = f"{number} {'déverrouillé' if line.row.locked else 'verrouillé'}"
            if self._context.do(words, scenario_lines.set_locked, **key, locked=not line.row.locked):
                self._context.told.emit(f"{words} à {euros(line.amount_cents)}.")

    def _several(self, lines: Sequence[Line], gesture: str) -> None:
        refused = {line.row.number: self._refusal(line, gesture) for line in lines}
        able = [line for line in lines if not refused[line.row.number]]
        said = self._amounts(able, gesture) if gesture in _AMOUNTS else self._marks(able, gesture)
        left = _untouched({number: why for number, why in refused.items() if why})
        if said:
            undo = (("Annuler", self._context.undo_last),)
            self._context.messages.show_message(Message("warning" if left else "success", f"{said}.", left, undo))
        elif not able:
            self._context.told.emit(left)

    def _amounts(self, lines: Sequence[Line], gesture: str) -> str:
        """Writes the amounts that change; says what was done, nothing when nothing was."""
        wanted = {x.row.application_id: self._amount(x, gesture) for x in lines}
        amounts = {x.id: wanted[x.id] for x in lines if wanted[x.id] != x.row.amount_cents}
        words = f"{files(len(amounts))}{NBSP}: {_AMOUNTS[gesture]}"
        given = {"scenario_id": self._gestures.scenario, "amounts": amounts}
        return words if amounts and self._context.do(words, scenario_lines.set_amounts, **given) else ""

    def _marks(self, lines: Sequence[Line], gesture: str) -> str:
        """Excludes or locks them all, or none once all are; says what was done, nothing when nothing was."""
        excluding = gesture == "exclude"
        marked = _excluded if excluding else _locked
        on = not all(marked(line) for line in lines)
        keys = [line.id for line in lines if marked(line) != on]
        word = ("écarté" if on else "repris") if excluding else ("verrouillé" if on else "déverrouillé")
        words = f"{files(len(keys))} {word}{'s' if len(keys) > 1 and not word.endswith('s') else ''}"
        verb: Callable[..., Changes] = exclusions.set_all_excluded if excluding else scenario_lines.set_all_locked
        given = {"scenario_id": self._gestures.scenario, "files": keys, "excluded" if excluding else "locked": on}
        return words if keys and self._context.do(words, verb, **given) else ""

    def _amount(self, line: Line, gesture: str) -> int:
        if gesture == "full":
            return line.row.asked_cents
        if gesture == "minimum":
            return line.row.minimum_cents or 0
        steps, amount = 1 if gesture == "up" else -1, line.amount_cents
        return stepped(amount, steps, self._gestures.step_cents, max(line.row.asked_cents, amount))

    @staticmethod
    def _refusal(line: Line, gesture: str) -> str:
        """Why a key does nothing for a file, after its number; empty when it may."""
        if not line.open:
            return f"est dans un lot{NBSP}: son montant ne change plus ici"
        if gesture in _AMOUNTS and line.row.locked:
            if _excluded(line):
                return f"est écarté{NBSP}: X pour le reprendre"
            return f"est verrouillé à {euros(line.amount_cents)}{NBSP}: L pour le déverrouiller"
        if gesture == "minimum" and line.row.minimum_cents is None:
            return "n’a pas déclaré de minimum viable (colonne «\u00a0Minimum viable\u00a0»)"
        if gesture == "lock" and line.row.amount_cents is None:
            return f"n’a pas de montant proposé{NBSP}: il n’y a rien à verrouiller"
        return ""


def _locked(line: Line) -> bool:
    return line.row.locked


def _excluded(line: Line) -> bool:
    return line.row.locked and not line.amount_cents


def _untouched(refused: dict[str, str]) -> str:
    """« 2 n’ont pas changé : FIA-2026-0012 est verrouillé à 2 400 € : L pour le déverrouiller ; … »."""
    if not refused:
        return ""
    named = [f"{number} {why}" for number, why in refused.items()]
    more = f"{NBSP}; et {len(named) - NAMED} de plus" if len(named) > NAMED else ""
    verb = "n’ont pas changé" if len(named) > 1 else "n’a pas changé"
    return f"{len(named)} {verb}{NBSP}: {f'{NBSP}; '.join(named[:NAMED])}{more}."
