"""The reference lists: changed, added, closed, never taken away while something uses them; each write taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from cv_desktop.db.queries import catalogues as queries
from cv_desktop.db.queries import form as form_queries
from cv_desktop.db.queries import journal, legal_forms, settings, structure_documents
from cv_desktop.db.store import Store
from cv_desktop.domain import catalogue
from cv_desktop.domain.errors import UserError
from cv_desktop.services import catalogues, structure_lines
from cv_desktop.services import structures as structure_verbs
from cv_desktop.services.demonstration import ACTOR, Story

Base = Callable[[str], tuple[Store, Story]]
NBSP = "\u00a0"


def done(store: Store, verb: Any, **kw: Any) -> Any:
    with store.write(ACTOR) as session:
        result = verb(session, **kw)
        return result[0] if isinstance(result, tuple) else result


def take_back(store: Store, changes: Any) -> Any:
    with store.write(ACTOR) as session:
        return changes.undo(session)


def row(store: Store, kind: str, key: str) -> queries.CatalogueRow:
    with store.read() as session:
        found = queries.row(session, kind, key)
    assert found is not None
    return found


def test_a_funder_is_changed_and_taken_back_to_what_was_shipped(new_base: Store) -> None:
    before = row(new_base, catalogue.FUNDER, "CAF")
    assert before.to_validate is True
    changes = done(new_base, catalogues.set_field, kind="funder", key="CAF", name="synonyms", text="CAF 77, Caf,CAF 77")
    after = row(new_base, catalogue.FUNDER, "CAF")
    assert (after.values["synonyms"], after.to_validate) == (["CAF 77", "Caf"], False)
    with new_base.read() as session:
        assert settings.funders(session).is_public("Caf")
        said = journal.rows(session, noun="settings", noun_id="funder:CAF")[0].summary
    assert said.startswith("Référentiels › Cofinanceurs › CAF › noms reconnus") and said.endswith("→ CAF 77, Caf")
    take_back(new_base, changes)
    assert row(new_base, catalogue.FUNDER, "CAF") == before


@pytest.mark.parametrize(
    ("kind", "values", "field", "sentence"),
    [
        ("quarter", {"code": "77008", "name": "X"}, "code", "n’est pas un code de quartier prioritaire"),
        ("quarter", {"code": "QN07708M", "name": "X"}, "code", "existe déjà"),
        ("quarter", {"code": "QN07799M", "name": ""}, "name", "obligatoire"),
        ("objective", {"code": "ZZZ.9.9", "label": "X"}, "code", "Aucun enjeu ne commence le code"),
        ("legal_form", {"code": "92", "text": "X"}, "code", "il en faut quatre chiffres"),
        ("funder", {"label": "X", "account": "60"}, "account", "n’est pas un compte de produits"),
        ("document_kind", {"label": "X", "needed": "parfois"}, "needed", "n’est pas une condition"),
        ("document_kind", {"label": "X", "validity_months": "un an"}, "validity_months", "n’est pas un nombre de mois"),
    ],
)
def test_a_line_that_does_not_hold_is_refused_under_its_field(
    new_base: Store, kind: str, values: dict[str, str], field: str, sentence: str
) -> None:
    with pytest.raises(UserError, match=sentence) as refusal:
        done(new_base, catalogues.add, kind=kind, values=values)
    assert refusal.value.field == field


def test_lines_are_added_taken_back_and_added_again(new_base: Store) -> None:
    stake = row(new_base, catalogue.STAKE, _first(new_base, catalogue.STAKE)).key
    lines = (
        ("quarter", {"code": "qn 07799 m", "name": "Quartier Modèle"}, "QN07799M"),
        ("objective", {"code": f"{stake}.99", "label": "Un objectif de plus"}, f"{stake}.99"),
        ("funder", {"label": "Fondation du Modèle", "account": "754", "public": "non"}, "FONDATION-DU-MODELE"),
        ("document_kind", {"label": "Charte signée", "validity_months": "24", "needed": "toujours"}, "charte_signee"),
        ("legal_form", {"code": "9999", "text": "Forme d’essai"}, "9999"),
    )
    for kind, values, key in lines:
        changes = done(new_base, catalogues.add, kind=kind, values=values)
        assert row(new_base, kind, key).used == 0
        again = take_back(new_base, changes)
        with new_base.read() as session:
            assert queries.row(session, kind, key) is None
        take_back(new_base, again)
        assert row(new_base, kind, key).used == 0
    with new_base.read() as session:
        choices = form_queries.choices(session)
        assert "Quartier Modèle" in [x.label for x in choices.quarters]
        assert "Un objectif de plus" in [x.label for x in choices.objectives]
        assert not settings.funders(session).is_public("Fondation du Modèle")
        assert legal_forms.labels(session)["9999"] == "Forme d’essai"


def _first(store: Store, kind: str) -> str:
    with store.read() as session:
        return next(x.key for x in queries.rows(session, kind) if not x.key.startswith("GOV"))


def test_what_is_used_is_never_taken_away_it_is_closed(base_at: Base) -> None:
    store, _ = base_at("imported")
    with store.read() as session:
        used = max(queries.rows(session, catalogue.QUARTER), key=lambda x: x.used)
    assert used.used > 1
    with pytest.raises(UserError, match=f"utilisé par {used.used} dossiers. Indiquez plutôt le jour où il est clos"):
        done(store, catalogues.remove, kind="quarter", key=used.key)
    changes = done(store, catalogues.set_field, kind="quarter", key=used.key, name="closed_on", text="15/04/2026")
    with store.read() as session:
        (choice,) = [x for x in form_queries.choices(session).quarters if x.code == used.key]
        assert choice.closed and choice.label == used.values["name"]
    take_back(store, changes)
    with store.read() as session:
        assert not any(x.closed for x in form_queries.choices(session).quarters)


def test_a_list_that_holds_others_and_one_of_the_program_stay(new_base: Store) -> None:
    for kind, key, sentence in (
        ("theme", _first(new_base, "theme"), "d’autres lignes en dépendent"),
        ("motive", "motif_avis", "fait partie du programme"),
    ):
        with pytest.raises(UserError, match=sentence):
            done(new_base, catalogues.remove, kind=kind, key=key)


def test_a_closed_theme_closes_its_objectives(new_base: Store) -> None:
    theme = _first(new_base, catalogue.THEME)
    done(new_base, catalogues.set_field, kind="theme", key=theme, name="closed_on", text="01/01/2026")
    with new_base.read() as session:
        closed = {x.code for x in form_queries.choices(session).objectives if x.closed}
        inside = {x.key for x in queries.rows(session, "objective") if x.key.startswith(f"{theme}.")}
    assert closed == inside and inside


def test_a_motive_changed_today_leaves_the_former_one_for_the_days_before(new_base: Store) -> None:
    with new_base.read() as session:
        before = settings.text_in_force(session, "motif_avis", date(2026, 4, 14))
    changes = done(
        new_base, catalogues.set_field, kind="motive", key="motif_avis", name="text", text="Avis défavorable."
    )
    done(
        new_base, catalogues.set_field, kind="motive", key="motif_avis", name="text", text="Avis défavorable du comité."
    )
    with new_base.read() as session:
        assert settings.text_in_force(session, "motif_avis", date(2026, 4, 14)) == before
        assert settings.text_in_force(session, "motif_avis", date(2026, 4, 15)) == "Avis défavorable du comité."
    again = take_back(new_base, changes)
    with new_base.read() as session:
        assert settings.text_in_force(session, "motif_avis", date(2026, 4, 15)) == before
    take_back(new_base, again)
    with pytest.raises(UserError, match="ne peut pas être rempli dans ce texte"):
        done(new_base, catalogues.set_field, kind="motive", key="piece_no_cer", name="text", text="{montant} à revoir")


def test_a_document_of_structures_holds_as_long_and_is_awaited_when_the_list_says(base_at: Base) -> None:
    store, _ = base_at("imported")
    done(store, catalogues.set_field, kind="document_kind", key="assurance", name="validity_months", text="6 mois")
    done(store, catalogues.set_field, kind="document_kind", key="commissaire", name="needed", text="si plus de 1 500 €")
    with store.write(ACTOR) as session:
        key = structure_verbs.create(session, name="Essai des seuils")[1]
        received = {"kind": "assurance", "dated_on": "01/01/2026", "received_on": "02/01/2026"}
        structure_lines.add(session, kind="document", structure_id=key, values=received)

    def state() -> dict[str, tuple[str, date | None]]:
        with store.read() as session:
            return {x.kind: (x.state, x.valid_until) for x in structure_documents.rows(session, structure_id=key)}

    assert state()["assurance"] == ("valid", date(2026, 7, 1))
    assert "commissaire" not in state()
    with store.write(ACTOR) as session:
        given = {"year": "2026", "funder": "Département", "granted_cents": "1 500,01"}
        structure_lines.add(session, kind="grant", structure_id=key, values=given)
    assert state()["commissaire"] == ("awaited", None)
    assert state()["statuts"] == ("awaited", None)
    done(store, catalogues.set_field, kind="document_kind", key="statuts", name="closed_on", text="01/04/2026")
    assert "statuts" not in state()
    assert row(store, "document_kind", "assurance").used == 1


def test_shipped_lines_wait_until_the_service_says_they_are_right(new_base: Store) -> None:
    for kind, key in (
        ("funder", "CAF"), ("document_kind", "rib"), ("legal_form", "9220"), ("motive", "motif_avis"),
        ("form_words", "12156 title"),
    ):  # fmt: skip
        assert row(new_base, kind, key).to_validate is True, kind
        changes = done(new_base, catalogues.validate, kind=kind, key=key)
        assert row(new_base, kind, key).to_validate is False, kind
        take_back(new_base, changes)
        assert row(new_base, kind, key).to_validate is True, kind


def test_the_words_of_a_form_are_edited_like_the_rest(new_base: Store) -> None:
    changes = done(
        new_base, catalogues.set_field, kind="form_words", key="12156 title", name="names", text="nom du projet, titre"
    )
    assert row(new_base, "form_words", "12156 title").values["names"] == ["nom du projet", "titre"]
    take_back(new_base, changes)
    assert "intitulé" in row(new_base, "form_words", "12156 title").values["names"]
    with pytest.raises(UserError, match="Laissez au moins un mot"):
        done(new_base, catalogues.set_field, kind="form_words", key="12156 title", name="names", text=" ")
