"""The directory prefills a structure: by SIRET, RNA or name, its registers completing each other."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from cv_desktop.db import backup
from cv_desktop.db.models.application import Import
from cv_desktop.db.queries import attachments
from cv_desktop.db.store import NAME, Store
from cv_desktop.documents.csv_read import read_csv
from cv_desktop.domain.errors import UserError
from cv_desktop.services import directory, kept_files, vocabulary
from cv_desktop.services.demonstration import ACTOR
from deposit_workbook import siren, siret

UNITS = (
    "siren,denominationUniteLegale,identifiantAssociationUniteLegale,categorieJuridiqueUniteLegale,nicSiegeUniteLegale\n"
    f"{siren(1_234_567)},CLUB EXEMPLE,W772001111,9220,{siret(1_234_567)[9:]}\n"
)
PLACES = (
    "siren,siret,numeroVoieEtablissement,typeVoieEtablissement,libelleVoieEtablissement,codePostalEtablissement,"
    "libelleCommuneEtablissement,codeCommuneEtablissement,etatAdministratifEtablissement\n"
    f"{siren(1_234_567)},{siret(1_234_567)},12,RUE,DU STADE,77000,MELUN,77288,A\n"
    f"{siren(1_234_567)},{siret(1_234_567, 2)},3,RUE,DU PARC,77190,DAMMARIE-LES-LYS,77152,A\n"
    f"{siren(7_654_321)},{siret(7_654_321)},1,RUE,LOINTAINE,77300,FONTAINEBLEAU,77186,A\n"
)
RNA = (
    "id;titre;titre_court;objet;adrs_codeinsee;adrs_libcommune;position;siteweb\n"
    "W772001111;CLUB EXEMPLE DE MELUN;CEM;Animer le quartier;77288;Melun;A;https://club.invalid\n"
)


def load(store: Store, content: str, name: str, path: Path | None = None) -> str:
    with store.write(ACTOR) as session:
        _changes, key, _reading = directory.run(
            session,
            registers=vocabulary.registers(),
            rows=read_csv(content.encode(), name).sheets[0].rows,
            filename=name,
            sha256=hashlib.sha256(content.encode()).hexdigest(),
            path=path,
        )
    return key


def test_registers_complete_each_other(new_base: Store) -> None:
    for content, name in ((UNITS, "unites.csv"), (PLACES, "places.csv"), (RNA, "rna.csv")):
        load(new_base, content, name)
    with new_base.read() as session:
        by_siret = directory.find(session, text=f" {siret(1_234_567, 2)} ")
        by_rna = directory.find(session, text="w772001111")
        by_name = directory.find(session, text="club exemple melun")
        nothing = directory.find(session, text="inconnue"), directory.find(session, text=" ")
    (found,) = by_siret
    assert (found.address, found.commune, found.siret) == ("3 RUE DU PARC", "DAMMARIE-LES-LYS", siret(1_234_567, 2))
    assert (found.name, found.rna, found.legal_form) == ("CLUB EXEMPLE", "W772001111", "9220")
    assert (found.purpose, found.website) == ("Animer le quartier", "https://club.invalid")
    assert [(one.rna, one.siren) for one in by_rna] == [("W772001111", siren(1_234_567))]
    assert [one.name for one in by_name] == ["CLUB EXEMPLE DE MELUN"]
    assert by_name[0].siren == siren(1_234_567)
    assert nothing == ([], [])


def test_establishments_are_kept_to_the_communes(new_base: Store) -> None:
    load(new_base, PLACES, "places.csv")
    with new_base.read() as session:
        assert directory.find(session, text=siret(7_654_321)) == []
        assert len(directory.find(session, text=siret(1_234_567))) == 1


def test_a_register_is_taken_back(new_base: Store) -> None:
    key = load(new_base, RNA, "rna.csv")
    with new_base.write(ACTOR) as session:
        directory.remove(session, import_id=key)
    with new_base.read() as session:
        assert directory.find(session, text="club exemple") == []


def test_the_file_of_a_list_is_kept_carried_by_backups_and_verified(new_base: Store, tmp_path: Path) -> None:
    path = tmp_path / "rna.csv"
    path.write_text(RNA, "utf-8")
    key = load(new_base, RNA, "rna.csv", path)
    with new_base.read() as session:
        kept = attachments.content(session, sha256=session.get_one(Import, key).sha256)
        assert attachments.faults(session) == []
    assert kept.is_relative_to(new_base.folder / "pieces")
    again = kept_files.find(new_base.folder, kept.name, "rna.csv")
    assert again is not None
    assert (again.name, again.read_text("utf-8")) == ("rna.csv", RNA)
    alone = tmp_path / "copie.sqlite"
    backup.copy(new_base.path, alone)
    rotated = backup.rotate(new_base.path, tmp_path / "sauvegardes", new_base.clock())
    for number, source in enumerate((alone, rotated)):
        base = tmp_path / f"rendue{number}" / NAME
        backup.restore(source, base)
        assert (base.parent / kept.relative_to(new_base.folder)).read_text("utf-8") == RNA
    said = "Import du 15/04/2026, «\u00a0rna.csv\u00a0»\u00a0: le fichier"
    for spoil, state in (
        (lambda: kept.write_text("autre"), "a été modifié depuis son import"),
        (kept.unlink, "est absent du dossier «\u00a0pieces\u00a0»"),
    ):
        spoil()
        with new_base.read() as session:
            assert attachments.faults(session) == [f"{said} {state}. Restaurez une sauvegarde."]
        assert kept_files.find(new_base.folder, kept.name, "rna.csv") is None


def test_a_file_that_changed_since_it_was_read_is_refused(new_base: Store, tmp_path: Path) -> None:
    path = tmp_path / "rna.csv"
    path.write_text(RNA + " ", "utf-8")
    with pytest.raises(UserError) as refusal:
        load(new_base, RNA, "rna.csv", path)
    assert "a changé depuis sa lecture" in refusal.value.message
    with new_base.read() as session:
        assert directory.find(session, text="club exemple") == []
