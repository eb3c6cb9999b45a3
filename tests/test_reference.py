"""The shipped reference tables: whole, coherent, and in right French."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest

from cv_desktop.documents import letter_pdf
from cv_desktop.domain.eligibility import CHECKS, DOCUMENTS
from cv_desktop.domain.grid import Grid
from cv_desktop.domain.letter_mentions import WANTED
from cv_desktop.domain.letters import Field, LetterContent, Merge, Span, fields_of, merge_blocks
from cv_desktop.domain.rules import Rules
from cv_desktop.paths import resource
from cv_desktop.services.letter_given import given_fields

NBSP = "\u00a0"
FILES = (
    "contrat_de_ville",
    "qpv_2024",
    "reglements",
    "grilles",
    "courriers",
    "courriers_suivi",
    "cofinanceurs",
    "conventions",
)
SCHEMES = ("FIA", "AAP")
DECIDED = ("AR", "AR-P", "IRR", "ATT", "ATT-P", "REF", "AJ")
FOLLOWED = (
    "ATT-C", "ATTENTE", "AVE", "PRO", "LEV", "VER", "REL-1", "REL-2", "MED", "REV", "RET-CER", "RETRAIT", "REC",
    "ATTEST", "AVIS",
)  # fmt: skip
KINDS = DECIDED + FOLLOWED
AGREED = ("CONV", "CONV-A")
FLAGS = {
    "has_meeting", "silence_ahead", "silence_passed", "above_convention_threshold", "has_motive", "report_ahead",
    "report_late", "reminded", "recourse_rejected", "recourse_accepted", "consortium", "alone", "replaces",
}  # fmt: skip
FIELDS = {
    "autorite": "Communauté d’agglomération Melun Val de Seine",
    "autorite_article": "la Communauté d’agglomération Melun Val de Seine",
    "direction": "Direction de la politique de la ville",
    "dossier.numero": "FIA-2026-0009",
    "dossier.action": "Composter ensemble au pied des tours",
    "dossier.depose_le": f"12{NBSP}janvier 2026",
    "dossier.demande": f"3{NBSP}000{NBSP}€",
    "dossier.budget": f"3{NBSP}850{NBSP}€",
    "dossier.periode": f"du 15{NBSP}mars au 30{NBSP}novembre 2026",
    "dossier.cer_le": f"12{NBSP}janvier 2026",
    "structure.nom": "Association Exemple",
    "structure.article_votre": "votre association",
    "civilite": "Madame la Présidente",
    "campagne.libelle": "Fonds de soutien aux initiatives associatives (FIA) 2026",
    "campagne.sigle": "FIA 2026",
    "campagne.annee": "2026",
    "acte.reference": (
        f"délibération n°{NBSP}2026-B-014 du 26{NBSP}février 2026, transmise au préfet de Seine-et-Marne "
        f"et publiée le 27{NBSP}février 2026"
    ),
    "acte.bref": f"délibération n°{NBSP}2026-B-014 du 26{NBSP}février 2026",
    "acte.remplace": f"délibération n°{NBSP}2026-B-009 du 29{NBSP}janvier 2026",
    "acte.organe": "le Bureau communautaire",
    "visas": f"votre demande, le règlement de la campagne et l’avis du comité du 26{NBSP}février 2026",
    "delai_versement": f"60{NBSP}jours",
    "delai_depart": "de la notification",
    "delai_depart_convention": "de la signature de la convention par les deux parties",
    "montant": f"2{NBSP}400{NBSP}€",
    "montant_lettres": "deux mille quatre cents euros",
    "taux_demande": f"80{NBSP}%",
    "taux_budget": f"62,3{NBSP}%",
    "compte_fin": "3417",
    "versement_modalites": f"une avance de 80{NBSP}% (le solde de 20{NBSP}% suivra l’examen du bilan)",
    "bilan_echeance": f"28{NBSP}février 2027",
    "date_rejet_implicite": f"12{NBSP}mars 2026",
    "date_seance": f"26{NBSP}février 2026",
    "pieces": ("statuts", "RIB", "budget de l’action équilibré", "contrat d’engagement républicain"),
    "delai_completude": f"3{NBSP}février 2026",
    "motifs": ("Le dossier a été déposé après la clôture (article 2).", "Le montant dépasse le maximum (article 5)."),
    "motif": "Le comité a retenu les ateliers menés dans le quartier et écarté l’achat de matériel durable, "
    "qui peut relever d’un autre financement.",
    "attendu": "Un budget détaillé des ateliers et l’accord écrit du bailleur pour l’usage du terrain.",
    "prochaine_echeance": f"2{NBSP}avril 2026",
    "contact": "Camille Témoin, chargée de mission, 01 99 00 12 34, politique.ville@exemple.fr",
    "structure.identifiant": f"SIRET{NBSP}99999999900017",
    "decision.rang": "3e rang",
    "reserve.texte": "Remettre le budget de l’action signé par la présidente",
    "reserve.echeance": f"30{NBSP}juin 2026",
    "reserve.levee_le": f"12{NBSP}mai 2026",
    "reserve.preuve": "budget signé reçu le 11 mai, vérifié par Camille Témoin",
    "reserve.versement": "en une fois",
    "relance.precedente": f"1er{NBSP}mars 2027",
}
GIVEN: dict[str, dict[str, Any]] = {
    "AVE": {
        "convention": f"convention n°{NBSP}2026-12 du 3{NBSP}mars 2026",
        "changements": ["l’action s’achève le 31 mars 2027 au lieu du 30 novembre 2026"],
        "retour_le": "2026-10-15",
    },
    "PRO": {
        "demande_le": "2026-09-14", "fin_ancienne": "2026-11-30", "fin_nouvelle": "2027-03-31",
        "bilan_le": "2027-06-30", "motif": "Les travaux de la salle ont retardé les ateliers",
    },
    "VER": {"montant": 240000, "nature": "versement unique", "verse_le": "2026-04-20", "bordereau": "2026-118"},
    "MED": {
        "obligation": "remettre le compte rendu financier et le bilan de l’action",
        "delai_le": "2027-06-15",
        "faits": [
            "le compte rendu attendu le 28 février 2027 n’est pas remis",
            "deux rappels, du 1er mars et du 1er avril 2027, sont restés sans réponse",
        ],
        "fondement": f"article{NBSP}10 de la loi n°{NBSP}2000-321 du 12{NBSP}avril 2000",
    },
    "REV": {
        "montant": 86050,
        "calcul": ["subvention versée, 2 400 €", "dépenses justifiées, 1 539,50 €", "part non justifiée, 860,50 €"],
        "motifs": ["le compte rendu du 12 mars 2027 justifie 1 539,50 € de dépenses sur 2 400 €"],
        "fondement": f"article{NBSP}10 de la loi n°{NBSP}2000-321 du 12{NBSP}avril 2000",
        "contradictoire_le": "2027-04-02",
        "observations": "Aucune observation ne nous est parvenue.",
    },
    "RET-CER": {
        "organe": "le Bureau communautaire", "acte_numero": "2026-B-061", "acte_du": "2026-10-08",
        "acte_transmis_le": "2026-10-09", "acte_publie_le": "2026-10-09",
        "faits": ["le 6 juin 2026, l’accès à l’atelier a été refusé à trois femmes en raison de leur sexe"],
        "engagement": "égalité et non-discrimination",
        "contradictoire_le": "2026-07-01", "observations_jusquau": "2026-07-15",
        "observations": "Vos observations ont été examinées et ne modifient pas ce constat.",
        "montant": 160000,
        "calcul": ["de juin à novembre 2026, six mois sur neuf, soit 2 400 € × 6 / 9"],
        "restitution_le": "2027-03-31",
    },
    "RETRAIT": {
        "organe": "le Bureau communautaire", "acte_numero": "2026-B-061", "acte_du": "2026-10-08",
        "acte_transmis_le": "2026-10-09", "acte_publie_le": "2026-10-12",
        "motifs": ["l’action n’a pas commencé au 30 septembre 2026 et ne sera pas menée"],
        "fondement": f"article L.{NBSP}242-2, 2° du code des relations entre le public et l’administration",
        "contradictoire_le": "2026-09-01",
        "observations": "Aucune observation ne nous est parvenue.",
    },
    "REC": {
        "recours_le": "2026-04-02", "sens": "rejeté",
        "motifs": ["le budget présenté à l’appui du recours reste celui de la demande"],
        "suite": "Votre demande sera présentée au Bureau communautaire du 14 mai 2026.",
    },
    "ATTEST": {
        "sommes": [[2024, "Jardin partagé", 150000], [2025, "Composter ensemble au pied des tours", 240000]],
        "usage": "pour servir et valoir ce que de droit",
    },
    "AVIS": {
        "destinataire": ["Monsieur le Maire de Melun", "Direction de la vie associative", "16 rue des Exemples",
                         "77000 MELUN"],
        "appel": "Monsieur le Maire",
        "question": "L’action complète-t-elle celles que la ville soutient déjà dans ce quartier",
        "reponse_le": "2026-02-12",
    },
}  # fmt: skip


def known_fields(kind: str) -> dict[str, Field]:
    plain = {name: Field(name, value) for name, value in FIELDS.items()}
    return plain | given_fields(kind, GIVEN.get(kind, {}), "au préfet de Seine-et-Marne")


LEGAL_FIELDS = {"dpo", "avance", "solde", "autorite", "date", "acte"}
NOT_SHOWN = {"key", "code", "kind", "check", "type", "field", "when", "layer_name", "value", "unit", "method"}


def load(name: str) -> Any:
    return json.loads(resource("reference", f"{name}.json").read_text(encoding="utf-8"))


def texts(node: Any) -> Iterator[str]:
    """Every text a person may read, codes left out."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for item in node:
            yield from texts(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key not in NOT_SHOWN:
                yield from texts(value)


@pytest.mark.parametrize("name", FILES)
def test_texts_are_typeset_as_in_french_print(name: str) -> None:
    wrong = [
        text
        for text in texts(load(name))
        if "'" in text or re.search(rf"[^{NBSP}][;!?%€»]|«[^{NBSP}]|[^{NBSP}]:(?!\d)|n°[^{NBSP}]|  |\.\.\.", text)
    ]
    assert wrong == []


def test_contract_has_its_axes_stakes_objectives_and_priorities() -> None:
    contract = load("contrat_de_ville")
    themes = contract["themes"]
    stakes = [stake for theme in themes for stake in theme["stakes"]]
    objectives = [objective for stake in stakes for objective in stake["objectives"]]
    assert (len(themes), len(stakes), len(objectives)) == (7, 25, 46)
    assert [theme["code"] for theme in themes if theme["kind"] == "governance"] == ["GOV"]
    assert [priority["code"] for priority in contract["transversal"]] == ["EFH", "PAR", "TED"]
    codes = [row["code"] for row in (*themes, *stakes, *objectives)]
    assert len(set(codes)) == len(codes)
    assert all(s["code"].startswith(f"{t['code']}.") for t in themes for s in t["stakes"])
    assert all(o["code"].startswith(f"{s['code']}.") for s in stakes for o in s["objectives"])


def test_five_quarters_lie_in_three_communes_and_one_spans_two() -> None:
    table = load("qpv_2024")
    names = {commune["code"]: commune["name"] for commune in table["communes"]}
    assert names == {"77288": "Melun", "77285": "Le Mée-sur-Seine", "77152": "Dammarie-lès-Lys"}
    assert {row["code"]: [names[c] for c in row["communes"]] for row in table["quartiers"]} == {
        "QN07708M": ["Dammarie-lès-Lys"],
        "QN07709M": ["Le Mée-sur-Seine"],
        "QN07710M": ["Le Mée-sur-Seine", "Melun"],
        "QN07711M": ["Melun"],
        "QN07712M": ["Melun"],
    }


def parameters(scheme: str) -> list[dict[str, Any]]:
    (found,) = (s["parameters"] for s in load("reglements")["schemes"] if s["code"] == scheme)
    return list(found)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_each_rule_cites_its_article_explains_itself_and_waits_for_validation(scheme: str) -> None:
    for parameter in parameters(scheme):
        assert parameter["article"] in {
            *map(str, range(1, 16)),
            "grille",
            "délais",
            "préambule",
            "seuils",
            "calendrier",
            "séances",
        }, parameter["key"]
        assert parameter["to_validate"] is True, parameter["key"]
        assert parameter["label"] and parameter["hint"].endswith("."), parameter["key"]
        assert parameter["severity"] in {"block", "warn", "none"}
        if parameter["severity"] == "block":
            assert parameter["check"] and parameter["remedy"] in {"complete", "refuse"}, parameter["key"]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_each_check_of_the_program_is_asked_once(scheme: str) -> None:
    asked = [p["check"] for p in parameters(scheme) if p["check"]]
    assert sorted(asked) == sorted(CHECKS)


def test_both_schemes_have_the_same_rules_and_every_article() -> None:
    fia, aap = map(parameters, SCHEMES)
    assert [p["key"] for p in fia] == [p["key"] for p in aap]
    assert {p["article"] for p in fia} >= set(map(str, range(1, 16)))


def test_rules_read_as_the_default_reglement() -> None:
    fia, aap = (Rules.from_json(parameters(scheme)) for scheme in SCHEMES)
    assert [fia.cents(key) for key in ("amount_min", "amount_max", "project_budget_max")] == [50000, 300000, 1000000]
    assert [aap.cents(key) for key in ("amount_min", "amount_max", "project_budget_max")] == [100000, 3000000, None]
    assert (fia.percent("public_rate_max"), fia.percent("qpv_share_min")) == (80, 50)
    assert (fia.count("projects_per_structure"), aap.count("projects_per_structure")) == (1, None)
    assert str(fia.day("deposit_closes", 2026)) == "2026-03-31"
    assert [str(aap.day(k, 2026)) for k in ("deposit_opens", "deposit_closes")] == ["2025-10-01", "2025-11-30"]
    assert (fia.day("report_due", 2026), str(aap.day("report_due", 2026))) == (None, "2027-06-30")
    assert (fia.cents("structure_amount_max"), aap.cents("structure_amount_max")) == (None, None)
    thresholds = ("convention_threshold", "annex_threshold", "audit_threshold")
    assert [aap.cents(key) for key in thresholds] == [2300000, 7500000, 15300000]
    assert (fia.text("rate_method"), fia.offsets("reminder_offsets")) == ("fia", (-30, 1, 30))
    steps = ("cotech_on", "copil_on", "vote_on", "notification_on", "payment_on", "interim_report_on")
    assert [str(aap.day(key, 2026)) for key in steps] == [
        "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30", "2026-11-30",
    ]  # fmt: skip
    assert [fia.day(key, 2026) for key in steps] == [None] * 6
    for rules in (fia, aap):
        assert set(rules.list("communes")) == {c["code"] for c in load("qpv_2024")["communes"]}


def test_each_scheme_says_which_documents_it_asks_when_and_until_when_they_are_good() -> None:
    asked = {}
    for scheme in load("reglements")["schemes"]:
        rules = Rules.from_json(scheme["parameters"], scheme["documents"])
        assert {document.kind for document in rules.documents} <= set(DOCUMENTS)
        asked[scheme["code"]] = [
            (d.kind, d.condition_words, d.validity_words, d.due_words, d.severity_words) for d in rules.documents
        ]
    unlimited = f"sans{NBSP}limite"
    assert asked["FIA"] == [
        ("statuts", "toujours", unlimited, "au dépôt", "bloque"),
        ("rib", "toujours", unlimited, "au dépôt", "bloque"),
        ("assurance", "toujours", f"12{NBSP}mois", "avant le versement", "avertit"),
    ]
    assert [line[:3] for line in asked["AAP"][2:]] == [
        ("comptes", "toujours", f"18{NBSP}mois"),
        ("rapport_activite", "toujours", f"18{NBSP}mois"),
        ("dirigeants", "toujours", unlimited),
        ("recepisse", "si première demande", unlimited),
        ("budget_structure", f"si plus de 23{NBSP}000{NBSP}€", f"12{NBSP}mois"),
        ("assurance", "toujours", f"12{NBSP}mois"),
    ]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_grid_is_sound_and_its_weights_make_one_hundred(scheme: str) -> None:
    grid = Grid.of_scheme(load("grilles"), scheme)
    grid.validate()
    assert grid.codes == ("PERT", "PUBL", "FAIS", "PART", "BUDG", "EVAL", "EFH", "PAR", "TED")
    assert sum(c.weight for c in grid.criteria) == 100
    assert (grid.points("merit"), grid.points("transversal")) == (70, 30)
    assert [c.code for c in grid.criteria if c.eliminatory] == ["PERT", "PUBL"]
    for criterion in grid.criteria:
        assert [level.value for level in criterion.levels] == [0, 1, 2, 3]
        assert criterion.guide.endswith(f"{NBSP}?")
        for level in criterion.levels:
            assert 2 <= len(level.name.split()) <= 4, level.name
            assert level.text.endswith(".") and len(level.text) <= 130, level.text


def test_transversal_criteria_are_the_priorities_of_the_contract() -> None:
    priorities = {p["code"]: p["label"] for p in load("contrat_de_ville")["transversal"]}
    grid = Grid.of_scheme(load("grilles"), "FIA")
    assert {c.code: c.label for c in grid.criteria if c.axis == "transversal"} == priorities


def templates() -> list[dict[str, Any]]:
    return [*load("courriers")["templates"], *load("courriers_suivi")["templates"]]


def template(kind: str) -> dict[str, Any]:
    (found,) = (t for t in templates() if t["kind"] == kind)
    return dict(found)


def fields(letter: dict[str, Any]) -> set[str]:
    """Fields of the texts, and those that give bullets."""
    return {*fields_of(letter), *(block["field"] for block in letter["blocks"] if "field" in block)}


def legal() -> dict[str, str]:
    return {text["key"]: text["text"] for name in ("courriers", "courriers_suivi") for text in load(name)["legal"]}


def test_each_kind_of_letter_is_there_once() -> None:
    assert [t["kind"] for t in load("courriers")["templates"]] == list(DECIDED)
    assert [t["kind"] for t in load("courriers_suivi")["templates"]] == list(FOLLOWED)
    assert [t["kind"] for t in load("conventions")["templates"]] == list(AGREED)
    assert [t["kind"] for t in load("seances")["templates"]] == ["CVQ"]
    assert {*KINDS, *AGREED, "CVQ"} == set(WANTED)


@pytest.mark.parametrize("kind", KINDS)
def test_letter_uses_known_fields_and_legal_texts(kind: str) -> None:
    letter = template(kind)
    assert fields(letter) <= set(known_fields(kind))
    assert letter["recourse"] is None or letter["recourse"] in legal()
    assert letter["signatory"] in {"agent", "president"}
    assert {block.get("when") for block in letter["blocks"]} <= {None, *FLAGS}


def test_legal_texts_use_known_fields() -> None:
    used = {name for text in legal().values() for name in re.findall(r"\{([^}]*)\}", text)}
    assert used <= LEGAL_FIELDS


@pytest.mark.parametrize(
    ("kind", "needed"),
    [
        ("AR", {"dossier.depose_le", "dossier.numero", "direction", "contact", "date_rejet_implicite"}),
        ("AR-P", {"pieces", "delai_completude", "date_rejet_implicite", "contact"}),
        ("IRR", {"motifs", "dossier.numero", "contact"}),
        ("ATT", {"acte.reference", "compte_fin", "bilan_echeance", "dossier.cer_le", "dossier.periode"}),
        ("ATT-P", {"acte.reference", "dossier.demande", "motif", "compte_fin", "bilan_echeance", "dossier.cer_le"}),
        ("REF", {"acte.reference", "motif", "contact"}),
        ("AJ", {"attendu", "prochaine_echeance", "contact"}),
    ],
)
def test_letter_says_what_the_law_asks(kind: str, needed: set[str]) -> None:
    assert needed <= fields(template(kind))


def test_decisions_give_the_ways_of_appeal_and_other_letters_do_not_pretend_to() -> None:
    recourse = {kind: template(kind)["recourse"] for kind in KINDS}
    assert recourse == {
        "AR": "recours_ar",
        "AR-P": None,
        "IRR": "recours",
        "ATT": "recours",
        "ATT-P": "recours",
        "REF": "recours",
        "AJ": None,
        "ATT-C": "recours",
        "ATTENTE": "recours",
        "AVE": None,
        "PRO": None,
        "LEV": None,
        "VER": None,
        "REL-1": None,
        "REL-2": None,
        "MED": None,
        "REV": "recours",
        "RET-CER": "recours",
        "RETRAIT": "recours",
        "REC": "recours_contentieux",
        "ATTEST": None,
        "AVIS": None,
    }
    assert all("tribunal administratif de Melun" in legal()[key] for key in set(recourse.values()) - {None})


@pytest.mark.parametrize("kind", KINDS)
def test_letter_holds_on_one_page(kind: str) -> None:
    letter = template(kind)
    merge = Merge(known_fields(kind))
    flags = frozenset({"alone", "has_meeting", "has_motive", "report_late", "reminded", "recourse_rejected"})
    content = LetterContent(
        kind=kind,
        number="CO-2026-0114",
        authority="Melun Val de Seine",
        authority_kind="Communauté d’agglomération",
        direction=str(FIELDS["direction"]),
        agent=(),
        references=(),
        addressee=((Span("Association Exemple"),), (Span("77000 MELUN"),)),
        place_date=(Span("Dammarie-lès-Lys, le 3 mars 2026"),),
        object=merge.line(letter["object"]),
        detail=merge.line(letter["detail"]),
        salutation=merge.line(letter["salutation"]),
        blocks=merge_blocks(letter["blocks"], merge, flags),
        closing=merge.line(letter["closing"]),
        copies=tuple(map(merge.line, letter["copies"])),
        enclosures=tuple(map(merge.line, letter["enclosures"])),
        signatory_quality=((Span("Le Président,"),),),
        signatory_name=(Span("Dominique EXEMPLE"),),
        recourse=legal()[letter["recourse"]] if letter["recourse"] else "",
        footer=(),
        example=False,
        missing=merge.missing,
    )
    assert content.complete
    with pikepdf.open(io.BytesIO(letter_pdf.render(content))) as pdf:
        assert len(pdf.pages) == 1


def test_funders_are_known_once_and_say_whether_they_are_public() -> None:
    funders = load("cofinanceurs")["funders"]
    assert len({f["code"] for f in funders}) == len(funders)
    synonyms = [s.casefold() for f in funders for s in f["synonyms"]]
    assert len(set(synonyms)) == len(synonyms)
    assert all(isinstance(f["public"], bool) and f["account"] and f["synonyms"] for f in funders)
    public = {f["code"] for f in funders if f["public"]}
    assert {"ETAT", "REGION", "DEPARTEMENT", "CAMVS", "MELUN", "LE-MEE", "DAMMARIE", "CAF"} <= public
    assert not {"MECENAT", "USAGERS", "PROPRES"} & public
