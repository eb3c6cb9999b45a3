"""The legal checklist of each kind of letter: every mention taken away is refused, with its sentence and its law."""

from __future__ import annotations

import re

import pytest

from cv_desktop.domain.letter_facts import FACTS
from cv_desktop.domain.letter_law import Ruling, examine, joined
from cv_desktop.domain.letter_mentions import MENTIONS, REMINDERS, WANTED
from cv_desktop.domain.letters import Missing, told
from cv_desktop.domain.mention import PASSING, SIX_MONTHS

# One way of saying each pattern, as a letter would.
SAID = {
    "transmise?": "transmise",
    "publiee?": "publiée",
    "compte rendu": "compte rendu",
    "rembours": "remboursée",
    PASSING: "reversée à un tiers",
    r"l\.? ?1611-4": "article L. 1611-4",
    "engagement republicain": "engagement républicain",
    "mention": "mention",
    "convention": "convention",
    "deux exemplaires": "deux exemplaires",
    "retourner": "retourner",
    "(?:apres|suivant|a compter de) (?:la )?signature": "suivant la signature",
    "donnees essentielles": "données essentielles",
    "tribunal administratif": "tribunal administratif",
    "deux mois": "deux mois",
    "recours gracieux": "recours gracieux",
    "recours contentieux": "recours contentieux",
    "donnees": "données",
    "droits?|acces": "droits",
    "cnil": "CNIL",
    "rejet": "rejetée",
    "rang": "rang",
    "promesse": "promesse",
    "10-1": "article 10-1",
    "observations ecrites": "observations écrites",
    "orales": "orales",
    "assister|conseil": "assister",
    "observations": "observations",
    "observations|entendu": "observations",
    SIX_MONTHS: "six mois",
    "titre de recettes": "titre de recettes",
    r"l\.? ?1617-5": "article L. 1617-5",
    "rembours|titre de recettes": "titre de recettes",
    "nouvelle (?:demande|subvention)": "nouvelle demande",
    "avenant": "avenant",
    "represent": "représentée",
    "2000-321": "2000-321",
    "2001-495": "2001-495",
    "a (?:son|l'|sa propre) ?initiative": "à son initiative",
    "objet": "objet",
    "duree": "durée",
    "prend effet": "prend effet",
    "budget": "budget",
    r"\bvers(?:ement|ee?)": "versement",
    "signature de la (?:presente )?convention": "signature de la convention",
    "compte rendu financier": "compte rendu financier",
    "comptes annuels": "comptes annuels",
    "controle": "contrôle",
    "copie certifiee": "copie certifiée",
    "evaluation": "évaluation",
    "indicateurs": "indicateurs",
    r"restitu|rembours|(?:exig|demand|ordonn)\w*\b[^.;|]{0,40}\breversement": "restituée",
    "communicable": "communicables",
    "resili": "résilier",
    "mise en demeure": "mise en demeure",
    "annexes?": "annexe 1",
    "partie (?:integrante )?de la (?:presente )?convention": "font partie de la convention",
    "autres clauses": "autres clauses",
    "voix": "voix",
    r"l\.? ?2131-11": "article L. 2131-11",
    "lien": "lien",
    "signal|declar": "signalez",
    "quitte": "quittez",
}
VALUES = {name: f"zz{at:02d}kk" for at, name in enumerate(FACTS)}
EVERY = frozenset(flag for mention in MENTIONS.values() for flag in mention.when)
CASES = [(kind, code) for kind, codes in WANTED.items() for code in codes]


def page(kind: str, without: str = "") -> str:
    """All that a kind must say, less what a mention says that no other says."""
    wanted = [code for code in WANTED[kind] if code != without]
    parts = [VALUES[name] for code in wanted for name in MENTIONS[code].values]
    parts += [SAID[words] for code in wanted for words in MENTIONS[code].words]
    return " | ".join(dict.fromkeys(parts))


@pytest.mark.parametrize("kind", WANTED)
def test_a_letter_that_says_everything_lacks_nothing(kind: str) -> None:
    assert examine(kind, text=page(kind), values=VALUES, flags=EVERY) == Ruling()


@pytest.mark.parametrize(("kind", "code"), CASES)
def test_each_value_nobody_knows_is_said_with_its_law(kind: str, code: str) -> None:
    for name in MENTIONS[code].values:
        found = examine(kind, text=page(kind), values={**VALUES, name: ""}, flags=EVERY)
        told_of = {one.name: one for one in (*found.blocks, *found.reminds)}
        assert set(told_of) == {name}
        assert told_of[name].sentence.endswith(".") and told_of[name].law
        assert told_of[name].source == FACTS[name].source
        assert bool(found.blocks) == any(
            name in MENTIONS[other].values and other not in REMINDERS for other in WANTED[kind]
        )


@pytest.mark.parametrize(("kind", "code"), CASES)
def test_each_mention_taken_out_of_the_text_is_refused(kind: str, code: str) -> None:
    mention = MENTIONS[code]
    for gone in (*(VALUES[name] for name in mention.values), *(SAID[words] for words in mention.words)):
        text = re.sub(re.escape(gone), "", page(kind))
        found = examine(kind, text=text, values=VALUES, flags=EVERY)
        lacking = (*found.blocks, *found.reminds)
        assert mention.sentence in {one.sentence for one in lacking}, gone
        assert all(one.source == "template" for one in lacking)
        assert (mention.label in {one.label for one in found.reminds}) == (code in REMINDERS)


def test_a_sum_is_not_read_inside_a_larger_one() -> None:
    values = {**VALUES, "montant": "500\u00a0€", "dossier.depose_le": "2\u00a0mars 2026"}
    larger = page("ATT").replace(VALUES["montant"], "2\u00a0500\u00a0€")
    assert [one.label for one in examine("ATT", text=larger, values=values).blocks] == [
        "montant en chiffres et en lettres"
    ]
    later = page("AR").replace(VALUES["dossier.depose_le"], "12\u00a0mars 2026")
    assert [one.label for one in examine("AR", text=later, values=values).blocks] == ["date de réception"]


@pytest.mark.parametrize("said", ["60 jours", "soixante jours", "soixante (60) jours", "60\u00a0(soixante) jours"])
def test_the_delay_of_payment_is_read_in_figures_or_in_words(said: str) -> None:
    values = {**VALUES, "delai_versement": "60\u00a0jours"}
    assert examine("ATT", text=page("ATT").replace(VALUES["delai_versement"], said), values=values) == Ruling()


@pytest.mark.parametrize("said", ["un stage de 5 jours", "160 jours", "60 ans"])
def test_another_length_of_time_is_not_the_delay_of_payment(said: str) -> None:
    values = {**VALUES, "delai_versement": "60\u00a0jours"}
    found = examine("ATT", text=page("ATT").replace(VALUES["delai_versement"], said), values=values).blocks
    assert [one.label for one in found] == ["délai de versement"]


@pytest.mark.parametrize(
    ("usual", "lawful"),
    [
        ("avenant", "ne peut être modifiée que par avenant signé"),
        ("font partie de la convention", "font partie intégrante de la présente convention"),
        ("annexe 1", "Annexe I"),
        ("restituée", "exiger le reversement de tout ou partie"),
        ("observations", "après avoir entendu la structure"),
        ("reversée à un tiers", "ne peut reverser tout ou partie de l’aide à un tiers"),
        ("six mois", "dans les 6 mois"),
        ("article L. 1611-4", "article L1611-4"),
        ("à son initiative", "à l’initiative de la structure"),
        ("signature de la convention", "signature de la présente convention"),
    ],
)
def test_a_convention_in_other_lawful_words_is_not_refused(usual: str, lawful: str) -> None:
    text = page("CONV")
    assert usual in text
    assert examine("CONV", text=text.replace(usual, lawful), values=VALUES, flags=EVERY) == Ruling()


def test_what_no_text_commands_only_reminds() -> None:
    found = examine("CONV", text=page("CONV", without="evaluation"), values=VALUES, flags=EVERY)
    assert found.blocks == () and [one.label for one in found.reminds] == ["évaluation"]
    bare = page("CVQ", without="links_article")
    found = examine("CVQ", text=bare, values=VALUES, flags=EVERY)
    assert found.blocks == () and [one.label for one in found.reminds] == ["article sur les liens"]
    assert examine("CVQ", text=f"{bare} | L2131-11", values=VALUES, flags=EVERY) == Ruling()


def test_the_act_without_its_transmission_is_said_in_one_sentence() -> None:
    values = {**VALUES, "acte.transmis_le": "", "acte.nature": "délibération"}
    (only,) = examine("ATT", text=page("ATT"), values=values).blocks
    empty = Missing("acte.reference", "transmission et publication de l’acte", "act")
    assert told(joined((empty,), (only,))) == (
        "La délibération n’a pas de date de transmission (CGCT, articles L. 2131-1 et L. 5211-3)."
    )
    (alone,) = examine("ATT", text=page("ATT"), values={**values, "acte.nature": "décision"}).blocks
    assert alone.sentence == "La décision n’a pas de date de transmission."


def test_nobody_named_to_sign_only_reminds() -> None:
    found = examine("REF", text=page("REF"), values={**VALUES, "signataire.nom": "", "agent.nom": ""})
    assert found.blocks == ()
    assert [one.sentence for one in found.reminds] == [
        "Le signataire n’a pas de nom.",
        "L’agent chargé du dossier n’a pas de nom.",
    ]


def test_what_depends_on_the_file_is_wanted_of_those_files_alone() -> None:
    text = page("ATT", without="agreement")
    assert examine("ATT", text=text, values=VALUES) == Ruling()
    (found,) = examine("ATT", text=text, values=VALUES, flags=frozenset({"above_convention_threshold"})).blocks
    assert found.sentence == "L’aide dépasse le seuil d’une convention et le courrier n’en parle pas."


def test_several_points_are_named_and_the_first_one_said_whole() -> None:
    values = {**VALUES, "acte.transmis_le": "", "bilan_echeance": ""}
    assert told(examine("ATT", text=page("ATT"), values=values).blocks) == (
        "2 points à compléter\u00a0: date de transmission de l’acte, date du bilan. La délibération n’a pas de date de "
        "transmission (CGCT, articles L. 2131-1 et L. 5211-3)."
    )
    assert told((Missing("adresse", "adresse", "structure"),)) == "1 champ vide\u00a0: adresse."
