"""Constraints that leave no sharing: the sentence that names those which cannot hold together, and no other."""

from __future__ import annotations

from collections.abc import Sequence

from cv_desktop.domain.allocation_exchange import rooms
from cv_desktop.domain.allocation_growth import grows
from cv_desktop.domain.allocation_instance import Instance, group_words
from cv_desktop.domain.allocation_model import Model, movable, obeyed
from cv_desktop.domain.integer_program import Stop, never
from cv_desktop.domain.money import NBSP, euros


def clash(instance: Instance, *, stop: Stop = never) -> str:
    """The sentence that names constraints which cannot hold together, none of which could be spared."""
    parts: list[tuple[str, str]] = [("envelope", "")]
    parts += [("cap", group) for group in sorted(instance.caps)]
    parts += [("floor", group) for group in sorted(instance.floors)]
    parts += [("lock", name) for name in sorted(instance.locks)]
    kept, place, size = list(parts), 0, max(1, len(parts) // 2)
    # Many at once, then fewer where some matter: most constraints of a clash have no part in it.
    while place < len(kept):
        trial = kept[:place] + kept[place + size :]
        possible = _possible(only(instance, trial), stop)
        if possible is None:
            return (
                f"Aucune répartition n’est possible{NBSP}: des limites se contredisent, et le temps donné n’a pas "
                "suffi à dire lesquelles. Allongez-le, ou retirez un plancher."
            )
        if not possible:
            kept = trial
            size = min(size * 2, max(1, len(kept) - place))
        elif size > 1:
            size //= 2
        else:
            place += 1
    return f"Aucune répartition n’est possible{NBSP}: {_listed([_named(instance, *part) for part in kept])}."


def only(instance: Instance, parts: Sequence[tuple[str, str]]) -> Instance:
    """The instance with these constraints alone."""
    everything = sum(file.asked_cents for file in instance.files)
    return Instance(
        instance.envelope_cents if ("envelope", "") in parts else max(everything, instance.envelope_cents),
        instance.step_cents,
        instance.files,
        {g: c for g, c in instance.caps.items() if ("cap", g) in parts},
        {g: c for g, c in instance.floors.items() if ("floor", g) in parts},
        {n: c for n, c in instance.locks.items() if ("lock", n) in parts},
        instance.scale,
    )


def _possible(instance: Instance, stop: Stop) -> bool | None:
    """Whether some sharing obeys everything, None when the time ended. Only files of a floor need be served."""
    locked = {name: cents for name, cents in instance.locks.items() if cents}
    if min(rooms(instance, {}).values()) < 0:
        return False
    if obeyed(instance, locked):
        return True
    rising = grows(instance)
    model = Model(instance, [file for file in movable(instance) if rising(file)], grown=rising)
    found = model.maximise([0] * len(model.high), enough=0, stop=stop)
    return True if found.values is not None else False if found.proved else None


def _named(instance: Instance, kind: str, name: str) -> str:
    if kind == "envelope":
        return f"l’enveloppe de {euros(instance.envelope_cents)}"
    if kind == "cap":
        return f"le plafond {group_words(name)} ({euros(instance.caps[name])})"
    if kind == "floor":
        return f"le plancher {group_words(name)} ({euros(instance.floors[name])})"
    amount = instance.locks[name]
    return f"le verrou du dossier {name} à {euros(amount)}" if amount else f"le dossier {name} verrouillé à 0"


def _listed(names: list[str]) -> str:
    if len(names) == 1:
        return f"{names[0]} ne peut pas être respecté avec les demandes données"
    return f"{f'{NBSP}; '.join(names[:-1])} et {names[-1]} se contredisent"
