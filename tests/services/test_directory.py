"""The directory prefills a structure: by SIRET, RNA or name, its registers completing each other."""

from __future__ import annotations

from pathlib import Path

from cv_desktop.db.store import Store
from cv_desktop.documents.csv_read import read_csv
from cv_desktop.services import directory, vocabulary
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


def load(store: Store, content: str, name: str) -> str:
    with store.write(ACTOR) as session:
        _changes, key, _reading = directory.run(
            session,
            registers=vocabulary.registers(),
            rows=read_csv(content.encode(), name).sheets[0].rows,
            filename=name,
            sha256=name,
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


def test_the_file_of_a_list_is_kept(new_base: Store, tmp_path: Path) -> None:
    from cv_desktop.services.kept_files import fingerprint, keep

    path = tmp_path / "rna.csv"
    path.write_text(RNA, "utf-8")
    with new_base.read() as session:
        kept = keep(session, path, fingerprint(path))
        assert keep(session, path, fingerprint(path)) == kept
    assert kept.parent == new_base.folder / "imports"
    assert kept.read_text("utf-8") == RNA
