"""The article of an authority or of the body that decided, in a sentence: « la Ville d’Avon », « le Maire »."""

from __future__ import annotations

from cv_desktop.domain.text import fold

# The first word of a name, folded; a word that is in neither set takes no article.
_FEMININE = frozenset({"ville", "metropole", "commune", "communaute", "region", "collectivite", "commission", "cour",
                       "presidente", "vice-presidente", "premiere", "agglomeration", "assemblee"})  # fmt: skip
_MASCULINE = frozenset({"departement", "syndicat", "comite", "president", "vice-president", "premier", "maire",
                        "bureau", "conseil", "centre", "pole", "etablissement", "directoire"})  # fmt: skip
_VOWELS = tuple("aeiouy")


def with_article(words: str) -> str:
    """« le Bureau communautaire », « l’Assemblée départementale »; as it stands when its article is not known."""
    said = words.strip()
    first = fold(said).partition(" ")[0]
    if first not in _FEMININE | _MASCULINE:
        return said
    if first.startswith(_VOWELS):
        return f"l’{said}"
    return f"{'la' if first in _FEMININE else 'le'} {said}"


def authority_name(kind: str, name: str) -> str:
    """« Ville de Melun », « Ville d’Avon », « Ville du Mée-sur-Seine », of the form of an authority and its name."""
    kind, name = kind.strip(), name.strip()
    head, of, _ = kind.rpartition(" de") if kind.endswith(" de") else (kind, "", "")
    if not of or not name:
        return f"{kind} {name}".strip()
    if fold(name).startswith(_VOWELS):
        return f"{head} d’{name}"
    for article, merged in (("Le ", "du"), ("Les ", "des")):
        if name.startswith(article):
            return f"{head} {merged} {name.removeprefix(article)}"
    return f"{kind} {name}"
