"""The voices given to a collective opinion."""

from __future__ import annotations

from dataclasses import dataclass

from cv_desktop.domain.errors import UserError
from cv_desktop.domain.text import counted

NBSP = "\u00a0"


@dataclass(frozen=True, slots=True)
class Votes:
    """Voices for the opinion, against it, and abstentions."""

    favour: int
    against: int
    abstention: int

    @property
    def total(self) -> int:
        return self.favour + self.against + self.abstention

    @property
    def words(self) -> str:
        """« 5 voix pour, 1 contre, 2 abstentions »; what is zero is left out, the voices for excepted."""
        parts = [f"{self.favour} voix pour"]
        if self.against:
            parts.append(f"{self.against} contre")
        if self.abstention:
            parts.append(counted(self.abstention, "abstention"))
        return ", ".join(parts)


def check(votes: Votes, voices: int) -> None:
    """Raises UserError on more votes than ``voices`` (present, without déport), or when the opinion is outvoted."""
    if min(votes.favour, votes.against, votes.abstention) < 0:
        raise UserError("Un nombre de voix ne peut pas être négatif.", field="votes")
    if votes.total > voices:
        raise UserError(
            f"{votes.total} voix pour {counted(voices, 'membre')} qui peuvent voter{NBSP}: "
            "les absents et les membres en déport ne votent pas.",
            field="votes",
        )
    if votes.against > votes.favour:
        raise UserError(
            f"{votes.favour} pour et {votes.against} contre{NBSP}: cet avis n’est pas adopté. "
            "Corrigez les voix, ou rendez un autre avis.",
            field="votes",
        )
