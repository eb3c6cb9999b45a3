"""Makes deposit workbooks with the layout of a « démarche numérique », sound ones, in which tests plant defects."""

# Cells hold moments without a time zone.
# ruff: noqa: DTZ001

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
from stdnum import luhn
from stdnum.iban import calc_check_digits

from cv_desktop.domain.deposit_words import DepositWords
from cv_desktop.domain.sheets import Sheet
from cv_desktop.domain.text import fold
from cv_desktop.paths import resource

QUARTERS = {
    "Plaine du Lys - Bernard de Poret": "QN07708M",
    "La Plaine De Lys - Bernard De Poret": "QN07708M",
    "Les Courtilleraies - Le Circé": "QN07709M",
    "Plateau de Corbeil - Plein Ciel": "QN07710M",
    "Les Mézereaux": "QN07711M",
    "L'Almont": "QN07712M",
}
WORDS = DepositWords.from_json(json.loads(resource("reference", "colonnes.json").read_bytes()))
KNOWN = {fold(name): code for name, code in QUARTERS.items()}

DOSSIERS = [
    "ID", "Email", "FranceConnect ?", "Entreprise raison sociale", "À archiver", "État du dossier",
    "Dernière mise à jour le", "Dernière mise à jour du dossier le", "Déposé le", "Passé en instruction le",
    "Traité le", "Motivation de la décision", "Instructeurs", "Intitulé de l'action", "Thématique principale",
    "Quartier(s) prioritaire(s) concerné(s)", "Description de l'action", "Nombre de bénéficiaires attendus",
    "dont femmes", "dont habitants des QPV", "Date de début", "Date de fin", "Coût total de l'action",
    "Montant demandé au titre du FIA", "Égalité femmes-hommes", "Participation des habitants",
    "Transition écologique", "Numéro RNA", "IBAN", "Nom du représentant légal", "Fonction du représentant légal",
    "Téléphone", "Statuts", "RIB", "J'ai souscrit le contrat d'engagement républicain",
    "Bilan de l'action précédente",
]  # fmt: skip
ESTABLISHMENTS = [
    "Dossier ID", "Champ", "Établissement SIRET", "Etablissement enseigne", "Etablissement siège social",
    "Etablissement NAF", "Etablissement libellé NAF", "Etablissement Adresse", "Etablissement code postal",
    "Etablissement localité", "Etablissement code INSEE localité", "Entreprise SIREN",
    "Entreprise forme juridique code", "Entreprise raison sociale", "Entreprise date de création",
    "Association RNA", "Association titre", "Association objet", "Association date de création",
]  # fmt: skip
CHARGES = ["Dossier ID", "Ligne", "Compte", "Intitulé", "Montant"]
INCOMES = ["Dossier ID", "Ligne", "Compte", "Financeur", "Montant", "Acquis ?"]

TITLE = "Intitulé de l'action"
ASKED = "Montant demandé au titre du FIA"
COST = "Coût total de l'action"
QUARTER = "Quartier(s) prioritaire(s) concerné(s)"
SIRET = "Établissement SIRET"
FIRST = 30_000_000


def siren(stem: int) -> str:
    """A SIREN made of an eight-digit stem and its key."""
    return f"{stem:08d}" + luhn.calc_check_digit(f"{stem:08d}")


def siret(stem: int, establishment: int = 1) -> str:
    """A SIRET of that SIREN."""
    body = f"{siren(stem)}{establishment:04d}"
    return body + luhn.calc_check_digit(body)


def iban(account: int) -> str:
    """A French IBAN with both its keys."""
    bank, branch = 99999, 12345
    key = 97 - (89 * bank + 15 * branch + 3 * account) % 97
    bban = f"{bank}{branch}{account:011d}{key:02d}"
    return f"FR{calc_check_digits('FR00' + bban)}{bban}"


class Book:
    """A sound workbook of ``count`` applications, as lists that a test may change by number and header."""

    def __init__(self, seed: int, count: int) -> None:
        draw = random.Random(seed)
        self.dossiers: list[list[Any]] = [list(DOSSIERS)]
        self.establishments: list[list[Any]] = [list(ESTABLISHMENTS)]
        self.charges: list[list[Any]] = [list(CHARGES)]
        self.incomes: list[list[Any]] = [list(INCOMES)]
        self.numbers = [str(FIRST + index) for index in range(count)]
        self.asked: dict[str, int] = {}
        for index in range(count):
            self._add(draw, index)

    def _add(self, draw: random.Random, index: int) -> None:
        number = float(FIRST + index)
        stem = draw.randrange(10_000_000, 99_999_999)
        name, rna = f"Association Témoin {index}", f"W77{draw.randrange(10**7):07d}"
        deposited = datetime(2026, 1, 5, 9) + timedelta(minutes=draw.randrange(120_000))
        starts = date(2026, 4, 1) + timedelta(days=draw.randrange(150))
        asked = draw.randrange(10, 60) * 50
        cost = asked * 2
        self.asked[str(FIRST + index)] = asked * 100
        everyone = draw.randrange(20, 160)
        self.dossiers.append([
            number, f"contact{index}@exemple.invalid", "Non", name, "Non",
            draw.choice(["En construction", "En instruction"]), deposited, deposited, deposited, "", "", "", "",
            draw.choice(["Jardin partagé", "Boxe au féminin", "Lire & grandir"]), "Cohésion sociale",
            draw.choice(list(QUARTERS)), "Une action.\nAvec les habitants.", float(everyone), float(everyone // 2),
            float(everyone // 3), starts, starts + timedelta(days=30), float(cost), float(asked), "Mixte.", "", "",
            rna, iban(draw.randrange(10**10)), "C. Exemple", "Présidente", "01 99 00 00 07", "statuts.pdf", "rib.pdf",
            "on", "",
        ])  # fmt: skip
        self.establishments.append([
            number, "SIRET", siret(stem), "", "Oui", "94.99Z", "Autres", "1 rue de l'Exemple", "77000", "Melun",
            "77288", siren(stem), "9220", name, date(2015, 3, 1), rna, name, "Animer", date(2015, 3, 1),
        ])  # fmt: skip
        self.charges += [[number, 1.0, "60", "Achats", float(asked)], [number, 2.0, "64", "Personnel", float(asked)]]
        self.incomes += [
            [number, 1.0, "74", "CAMVS - FIA", float(asked), "Non"],
            [number, 2.0, "70", "Participation des usagers", float(cost - asked), "Oui"],
        ]

    def set(self, index: int, header: str, value: Any) -> str:
        """Writes a cell of the ``index``th application, on the sheet that has this header. Returns its number."""
        table = self.dossiers if header in DOSSIERS and header != "Dossier ID" else self.establishments
        table[index + 1][table[0].index(header)] = value
        return self.numbers[index]

    def get(self, index: int, header: str) -> Any:
        table = self.dossiers if header in DOSSIERS else self.establishments
        return table[index + 1][table[0].index(header)]

    def sheets(self) -> list[Sheet]:
        return [Sheet(name, rows) for name, rows in self._named()]

    def save(self, path: Path) -> Path:
        """Writes the workbook as xlsx."""
        book = openpyxl.Workbook(write_only=True)
        for name, rows in self._named():
            page = book.create_sheet(name)
            for row in rows:
                page.append(["" if cell is None else cell for cell in row])
        book.save(path)
        return path

    def _named(self) -> Iterable[tuple[str, list[list[Any]]]]:
        yield "Dossiers", self.dossiers
        yield "Etablissements", self.establishments
        yield "Avis", [["Dossier ID", "Question / Introduction", "Réponse", "Créé le", "Répondu le"]]
        yield "Charges de l'action", self.charges
        yield "Produits de l'action", self.incomes
