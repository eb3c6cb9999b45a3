from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cv_desktop.domain import budget
from cv_desktop.domain.budget import CHARGE, PRODUIT, BudgetLine, Funders, Row, by_account, side_by_side
from domain.samples import line

# The file of the mock-up: 21 160 € of charges, 21 400 € of produits, 86 = 87 = 4 800 €.
PAROLES = (
    line(CHARGE, "601", 3_200, "Prestations de services"),
    line(CHARGE, "606", 1_460, "Fournitures et matériel"),
    line(CHARGE, "613", 900, "Locations"),
    line(CHARGE, "616", 310, "Assurance"),
    line(CHARGE, "622", 5_200, "Intervenants"),
    line(CHARGE, "623", 650, "Communication"),
    line(CHARGE, "625", 980, "Déplacements"),
    line(CHARGE, "641", 6_100, "Rémunérations"),
    line(CHARGE, "645", 2_360, "Charges sociales"),
    line(CHARGE, "864", 4_800, "Personnel bénévole"),
    line(PRODUIT, "70", 1_100, "Participation des usagers"),
    line(PRODUIT, "74", 5_000, "État – BOP 147"),
    line(PRODUIT, "74", 8_500, "CAMVS – AAP 2026"),
    line(PRODUIT, "74", 3_000, "Ville de Dammarie"),
    line(PRODUIT, "74", 2_500, "CAF 77 – REAAP"),
    line(PRODUIT, "75", 640, "Cotisations et dons"),
    line(PRODUIT, "78", 660, "Fonds dédiés"),
    line(PRODUIT, "870", 4_800, "Bénévolat"),
)


def test_totals_leave_gifts_in_kind_out() -> None:
    assert budget.charges(PAROLES) == 2_116_000
    assert budget.produits(PAROLES) == 2_140_000
    assert budget.gap(PAROLES) == 24_000
    assert budget.volunteer_totals(PAROLES) == (480_000, 480_000)


def test_the_eligible_base_leaves_the_excluded_accounts_out() -> None:
    base = budget.eligible_base(PAROLES, ("625",))
    assert (base.cents, base.excluded_cents) == (2_018_000, 98_000)
    assert [x.label for x in base.excluded] == ["Déplacements"]
    assert budget.eligible_base(PAROLES, ("62",)).cents == 1_433_000  # 21 160 − 5 200 − 650 − 980
    assert budget.eligible_base(PAROLES, ()).cents == 2_116_000
    assert budget.eligible_base(PAROLES, ("86", "")).cents == 2_116_000


def test_private_funders_of_account_74_are_not_public_money() -> None:
    lines = (
        line(PRODUIT, "74", 500, "Fondation Exemple"),
        line(PRODUIT, "748", 300, "Aides privées"),
        line(PRODUIT, "74", 200, "Mécénat d’entreprise"),
        line(PRODUIT, "74", 700, "Ville"),
        line(PRODUIT, "75", 900, "Ville"),
    )
    assert budget.public_total(lines, Funders().is_public) == 70_000
    # A public body whose name holds « fondation » is told by its synonyms.
    named = Funders(public=("fondation exemple",))
    assert budget.public_total(lines, named.is_public) == 120_000
    assert not Funders(public=("ville",)).is_public("Fondation de la Ville")
    assert not Funders(private=("caf",)).is_public("CAF 77")
    assert Funders(private=("caf",)).is_public("Café de la ville")


def test_the_reference_file_tells_who_is_public() -> None:
    funders = Funders.from_json(
        [
            {"label": "CAF", "public": True, "synonyms": ["allocations familiales"]},
            {"label": "Entreprises", "public": False, "synonyms": ["club partenaire"]},
        ]
    )
    assert funders.is_public("Caisse d’allocations familiales 77")
    assert funders.is_public("Un financeur que personne ne connaît")
    assert not funders.is_public("Club partenaire du quartier")
    assert not funders.is_public("Fondation Exemple")


def test_groups_carry_the_title_and_the_total_of_their_account() -> None:
    groups = by_account(PAROLES, CHARGE)
    assert [(g.account, g.title, g.cents) for g in groups] == [
        ("60", "Achats", 466_000),
        ("61", "Services extérieurs", 121_000),
        ("62", "Autres services extérieurs", 683_000),
        ("64", "Charges de personnel", 846_000),
    ]
    assert [g.title for g in by_account(PAROLES, CHARGE, volunteer=True)] == ["Emplois des contributions volontaires"]


def test_charges_and_produits_stand_side_by_side() -> None:
    rows = side_by_side(PAROLES)
    left = [x[0] for x in rows]
    right = [x[1] for x in rows if x[1]]
    assert [(x.account, x.cents) for x in right[:2]] == [("70", 110_000), ("74", 1_900_000)]
    assert right[0].label == "Participation des usagers"
    assert right[0].line is not None  # a lone line is its own group, and can be edited
    assert right[1].line is None
    assert len(left) == 13
    assert [x[1] for x in rows[-5:]] == [None] * 5  # 8 produits facing 13 charges
    assert isinstance(left[0], Row)


def test_indirect_charges_have_no_account_and_come_last() -> None:
    groups = by_account((line(CHARGE, "", 100, ""), line(CHARGE, "64", 200)), CHARGE)
    assert [(g.account, g.title) for g in groups] == [("64", "Charges de personnel"), ("", "Charges indirectes")]


LINES = st.builds(
    BudgetLine,
    st.sampled_from([CHARGE, PRODUIT]),
    st.sampled_from(["", "60", "601", "625", "67", "74", "748", "75", "86", "864", "87", "870"]),
    st.sampled_from(["Ville", "Fondation", ""]),
    st.integers(0, 10**8),
)


@given(st.lists(LINES))
def test_groups_and_base_lose_no_cent(lines: list[BudgetLine]) -> None:
    assert sum(g.cents for g in by_account(lines, CHARGE)) == budget.charges(lines)
    assert sum(g.cents for g in by_account(lines, PRODUIT)) == budget.produits(lines)
    base = budget.eligible_base(lines, ("67", "625"))
    assert base.cents + base.excluded_cents == budget.charges(lines)
