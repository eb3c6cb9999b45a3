"""Links suspected between members and structures: found where a person would look twice, silent elsewhere."""

from __future__ import annotations

import pytest

from cv_desktop.domain.links import Body, Person, Seat, find_links
from cv_desktop.domain.text import NBSP

BODY = Body(
    "s",
    ("Repair’Almont", "RA"),
    (Person("EXEMPLE Alix", "Présidente"), Person("Jean Témoin", "Trésorier", phone="01 64 00 00 01")),
    "12 rue des Lilas",
    "77000",
    "contact@repair-almont.org",
)


@pytest.mark.parametrize(
    ("seat", "evidence"),
    [
        (Seat("m", "Mme Alix Exemple"), [f"Même nom{NBSP}: EXEMPLE Alix, présidente."]),
        (Seat("m", "Alyx Exemple"), [f"Même nom{NBSP}: EXEMPLE Alix, présidente."]),
        (Seat("m", "Alix Exomple"), [f"Nom proche{NBSP}: EXEMPLE Alix, présidente."]),
        (Seat("m", "A. Exemple"), [f"Nom proche{NBSP}: EXEMPLE Alix, présidente."]),
        (
            Seat("m", "Paul Témoin", address="3, rue des Lilas 77000 Melun"),
            [f"Même nom de famille{NBSP}: Jean Témoin, trésorier, et même rue."],
        ),
        (
            Seat("m", "Zoé Modèle", email="zoe@repair-almont.org", phone="+33 1 64 00 00 01"),
            ["Même téléphone que celui de Jean Témoin.", f"Même domaine de courriel{NBSP}: repair-almont.org."],
        ),
        (Seat("m", "Zoé Modèle", address="12 rue des Lilas, 77000 Melun"), [f"Même adresse{NBSP}: 12 rue des Lilas."]),
        (Seat("m", "Zoé Modèle", body="Repair Almont"), [f"Le membre siège pour «{NBSP}Repair Almont{NBSP}»."]),
        (Seat("m", "Zoé Modèle", former=(("s", "Lien confirmé l’an dernier."),)), ["Lien confirmé l’an dernier."]),
    ],
)
def test_what_two_records_share_is_said(seat: Seat, evidence: list[str]) -> None:
    (found,) = find_links([seat], [BODY])
    assert (found.member_id, found.structure_id, list(found.evidence)) == ("m", "s", evidence)


@pytest.mark.parametrize(
    "seat",
    [
        Seat("m", "Zoé Modèle", "Ville de Melun", "zoe@gmail.com", "06 00 00 00 00", "1 rue des Pins, 77000 Melun"),
        Seat("m", "Zoé Modèle", address="12 rue des Lilas, 77190 Dammarie-lès-Lys"),
        Seat("m", "Modèle"),
        Seat("m", "Alain Exeter"),
    ],
)
def test_nothing_is_suspected_of_others(seat: Seat) -> None:
    assert find_links([seat], [BODY]) == []


def test_a_common_surname_says_nothing_by_itself_and_a_rare_one_does() -> None:
    others = [Body(str(n), (f"Club {n}",), (Person(f"Marc{n} Témoin", "Président"),)) for n in range(3)]
    assert find_links([Seat("m", "Paul Témoin")], others) == []
    (found,) = find_links([Seat("m", "Paul Témoin")], others[:1])
    assert found.evidence == (f"Même nom de famille, rare dans la base{NBSP}: Marc0 Témoin, président.",)


def test_a_settled_pair_is_not_raised_again() -> None:
    assert find_links([Seat("m", "Alix Exemple")], [BODY], settled={("m", "s")}) == []
