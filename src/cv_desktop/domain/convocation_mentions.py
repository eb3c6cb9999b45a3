"""What the convocation of a member must say: the part of ``letter_mentions`` for a meeting.

The quorum and the agenda are of the règlement of the committee; who has an interest takes no part (CGCT, L2131-11).
"""

from __future__ import annotations

from cv_desktop.domain.mention import INTEREST, RULES, Mention

MENTIONS = {
    "session": Mention(
        "jour, heure et lieu de la séance",
        RULES,
        "La convocation ne dit pas le jour, l’heure et le lieu de la séance.",
        ("seance.date", "seance.heure", "seance.lieu"),
    ),
    "agenda": Mention("ordre du jour", RULES, "La convocation ne donne pas l’ordre du jour.", ("dossiers",)),
    "quorum": Mention("quorum", RULES, "La convocation ne dit pas le quorum.", ("seance.quorum",), ("voix",)),
    "links": Mention(
        "liens à déclarer",
        INTEREST,
        "La convocation ne demande pas de signaler un lien avec une structure.",
        (),
        ("lien", "signal|declar"),
    ),
    "links_article": Mention(
        "article sur les liens",
        INTEREST,
        "La convocation ne cite pas l’article qui écarte qui a un intérêt.",
        (),
        (r"l\.? ?2131-11",),
    ),
    "recused": Mention(
        "déport",
        INTEREST,
        "La convocation ne dit pas ce que le déport de ce membre lui interdit.",
        ("deports",),
        ("quitte",),
        frozenset({"has_recusals"}),
    ),
}
# No text asks that a convocation cites it.
REMINDERS = frozenset({"links_article"})
