"""A text of letter as it is edited: what is refused, in which block, with what to do; two versions; a file."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from cv_desktop.domain import letter_template, letter_template_comparison, letter_template_file, sealed_file
from cv_desktop.domain.errors import UserError
from cv_desktop.domain.letter_template import Known, Vocabulary
from cv_desktop.domain.letter_template_file import GivenTemplate
from cv_desktop.paths import resource

NBSP = "\u00a0"
SHIPPED = {
    one["kind"]: {key: value for key, value in one.items() if key not in ("kind", "label")}
    for one in json.loads(resource("reference", "courriers.json").read_bytes())["templates"]
}
WORDS = Vocabulary(
    {
        name: Known(name, label, "application", "", shape)
        for name, label, shape in (
            ("structure.nom", "nom de la structure", "text"),
            ("acte.reference", "transmission et publication de l’acte", "text"),
            ("pieces", "pièces attendues", "list"),
            ("versements", "échéancier", "table"),
        )
    },
    {"has_meeting": "si la date de la séance est connue"},
    {"recours": "Voies de recours"},
)


def content(**changes: Any) -> dict[str, Any]:
    return {
        "object": "Attribution",
        "detail": "Pour {structure.nom}",
        "salutation": "Madame, Monsieur,",
        "blocks": [{"type": "paragraph", "text": "Par {acte.reference}, une aide de :"}, {"type": "amount"}],
        "closing": "Cordialement.",
        "enclosures": [],
        "copies": [],
        "signatory": "president",
        "recourse": "recours",
        **changes,
    }


def sentences(given: dict[str, Any], kept: frozenset[str] = frozenset()) -> list[str]:
    return [fault.sentence for fault in letter_template.faults(given, WORDS, kept)]


def test_a_right_text_has_no_fault_and_names_with_signs_are_left_as_they_are() -> None:
    given = content(blocks=[{"type": "paragraph", "text": "Les amis de <Foo> & Cie, {structure.nom}, 3 < 4"}])
    assert sentences(given) == []
    assert letter_template.read(given)["blocks"][0]["text"] == "Les amis de <Foo> & Cie, {structure.nom}, 3 < 4"


@pytest.mark.parametrize(
    ("block", "sentence"),
    [
        (
            {"type": "paragraph", "text": "À {structure.non}"},
            f"Bloc 1 (paragraphe){NBSP}: le champ {{structure.non}} n’existe pas. Le plus proche{NBSP}: "
            f"{{structure.nom}}, «{NBSP}nom de la structure{NBSP}».",
        ),
        (
            {"type": "list", "items": ["une ligne", "{zzz}"]},
            f"Bloc 1 (liste), ligne 2{NBSP}: le champ {{zzz}} n’existe pas. Choisissez-le dans la liste des champs.",
        ),
        (
            {"type": "paragraph", "text": "Cher {structure.nom"},
            f"Bloc 1 (paragraphe){NBSP}: une accolade «{NBSP}{{{NBSP}» n’est pas refermée. Choisissez un champ, ou "
            "effacez-la.",
        ),
        (
            {"type": "paragraph", "text": "Cher }"},
            f"Bloc 1 (paragraphe){NBSP}: une accolade «{NBSP}}}{NBSP}» est de trop. Effacez-la.",
        ),
        (
            {"type": "paragraph", "text": "  "},
            f"Bloc 1 (paragraphe){NBSP}: le texte est vide. Écrivez-le ou supprimez-le.",
        ),
        (
            {"type": "conditions", "items": [["Versement", "en une fois"], ["", "N/A"]]},
            f"Bloc 1 (conditions), libellé 2{NBSP}: le texte est vide. Écrivez-le ou supprimez-le.",
        ),
        (
            {"type": "paragraph", "text": "Une somme de N/A"},
            f"Bloc 1 (paragraphe){NBSP}: «{NBSP}N/A{NBSP}» reste à remplir. Mettez un champ à sa place, ou effacez-le.",
        ),
        (
            {"type": "paragraph", "text": "Une somme de ______ euros"},
            f"Bloc 1 (paragraphe){NBSP}: «{NBSP}______{NBSP}» reste à remplir. Mettez un champ à sa place, ou "
            "effacez-le.",
        ),
        (
            {"type": "paragraph", "text": "Bonjour.", "when": "si_pleine_lune"},
            f"Bloc 1 (paragraphe){NBSP}: la condition «{NBSP}si_pleine_lune{NBSP}» n’existe pas. Choisissez-en une "
            "autre.",
        ),
        (
            {"type": "list", "field": "structure.nom"},
            f"Bloc 1 (liste){NBSP}: «{NBSP}structure.nom{NBSP}» ne donne pas de lignes. Choisissez un autre champ.",
        ),
        (
            {"type": "paragraph", "text": "Voir {versements}"},
            f"Bloc 1 (paragraphe){NBSP}: le champ «{NBSP}échéancier{NBSP}» est un tableau. Ajoutez un bloc Tableau.",
        ),
        (
            {"type": "table", "head": ["a", "b", "c", "d", "e", "f"], "rows": []},
            f"Bloc 1 (tableau){NBSP}: 5 colonnes au plus tiennent dans la page. Retirez-en.",
        ),
        (
            {"type": "conditions", "items": [["{structure.nom}", "oui"]]},
            f"Bloc 1 (conditions), libellé 1{NBSP}: un champ ne s’écrit pas dans un intitulé. Mettez-le dans le texte.",
        ),
    ],
)
def test_each_fault_says_what_where_and_what_to_do(block: dict[str, Any], sentence: str) -> None:
    found = sentences(content(blocks=[block]))
    assert found[0] == sentence
    assert letter_template.faults(content(blocks=[block]), WORDS)[0].where == "blocks.0"


def test_an_empty_cell_of_a_table_is_not_a_fault() -> None:
    assert sentences(content(blocks=[{"type": "table", "head": ["Le", "Montant"], "rows": [["", "3 €"]]}])) == []


def test_the_object_and_the_salutation_are_never_empty() -> None:
    assert sentences(content(object=" ", salutation="")) == [
        f"Objet{NBSP}: le texte est vide. Écrivez-le.",
        f"Formule d’appel{NBSP}: le texte est vide. Écrivez-le.",
    ]


def test_protected_mentions_are_said_when_they_are_taken_away() -> None:
    kept = letter_template.mentions(SHIPPED["ATT"])
    assert kept == {"amount", "recourse", "field:acte.reference"}
    assert letter_template.mentions(SHIPPED["AR-P"]) == {"field:pieces", "field:date_rejet_implicite"}
    bare = content(blocks=[{"type": "paragraph", "text": "Bravo."}], recourse=None)
    found = letter_template.faults(bare, WORDS, kept)
    assert [fault.where for fault in found] == ["blocks", "blocks", "recourse"]
    assert found[0].sentence.startswith("Le montant accordé est retiré\u00a0: ce courrier doit le dire en chiffres")
    assert "Remettez {acte.reference} dans un bloc" in found[1].sentence
    assert "(CJA R421-5)" in found[2].sentence
    assert letter_template.faults(content(), WORDS, kept) == ()


def test_a_field_that_is_empty_on_a_condition_still_counts_as_said() -> None:
    blocks = [{"type": "paragraph", "text": "Le {acte.reference}.", "when": "has_meeting"}, {"type": "amount"}]
    assert sentences(content(blocks=blocks), letter_template.mentions(content())) == []


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda c: c.pop("object"), "Objet\u00a0: le texte manque"),
        (lambda c: c.update(blocks=[]), "aucun bloc"),
        (lambda c: c["blocks"].append({"type": "dance"}), "Le bloc 3 n’est d’aucun type connu"),
        (lambda c: c["blocks"].append({"type": "conditions", "items": [["seul"]]}), "Le bloc 3"),
        (lambda c: c["blocks"].append({"type": "table", "head": ["a", "b"], "rows": [["a"]]}), "Le bloc 3"),
        (lambda c: c["blocks"].append({"type": "paragraph", "text": "x", "when": 3}), "Le bloc 3"),
        (lambda c: c.update(copies=[3]), "Copies\u00a0: une ligne n’est pas un texte"),
        (lambda c: c.update(signatory="roi"), "ni l’élu, ni l’agent"),
        (lambda c: c.update(recourse=3), "la mention n’est pas un texte"),
    ],
)
def test_a_text_of_another_shape_is_not_read(spoil: Callable[[dict[str, Any]], Any], words: str) -> None:
    given = content()
    spoil(given)
    with pytest.raises(UserError) as refused:
        letter_template.read(given)
    assert words in refused.value.message


def test_every_shipped_text_is_read() -> None:
    for given in SHIPPED.values():
        assert letter_template.read(given) == given


def test_two_versions_are_set_block_against_block() -> None:
    older = content()
    newer = copy.deepcopy(older)
    newer["detail"] = "Pour votre association"
    newer["blocks"].insert(1, {"type": "list", "items": ["une ligne"], "when": "has_meeting"})
    newer["blocks"][0]["text"] = "Par {acte.reference}, une subvention de :"
    changed = [line for line in letter_template_comparison.lines(older, newer, WORDS.conditions) if line.changed]
    assert [(line.place, line.label, line.before, line.after) for line in changed] == [
        ("Début", "Détail de l’objet", "Pour {structure.nom}", "Pour votre association"),
        (
            "Bloc 1",
            "Paragraphe",
            "Par {acte.reference}, une aide de :",
            "Par {acte.reference}, une subvention de :",
        ),
        ("Bloc 2", "Liste", "–", "(si la date de la séance est connue) – une ligne"),
    ]


def test_a_file_of_texts_comes_back_as_it_left_and_a_change_by_hand_is_said() -> None:
    given = [GivenTemplate("ATT", "Attribution", 3, content())]
    raw = letter_template_file.dump(given)
    assert letter_template_file.load(raw, "modeles.json") == tuple(given)
    assert letter_template_file.dump(letter_template_file.load(raw, "m")) == raw
    with pytest.raises(UserError, match="a été modifié ou coupé après son export"):
        letter_template_file.load(raw.replace(b"Cordialement", b"Salutations"), "modeles.json")
    with pytest.raises(UserError, match="n’est pas un fichier de modèles de courrier"):
        letter_template_file.load(b'{"format": "cv-desktop-grille"}', "grille.json")
    spoilt = json.loads(raw)
    spoilt["content"]["templates"][0]["content"]["blocks"][1] = {"type": "dance"}
    spoilt["sha256"] = sealed_file.checksum(spoilt["content"])
    with pytest.raises(UserError, match="Le bloc 2 n’est d’aucun type connu"):
        letter_template_file.load(json.dumps(spoilt).encode(), "modeles.json")
