"""Text tables in every encoding and under every separator."""

from __future__ import annotations

import pytest

from cv_desktop.documents.csv_read import read_csv
from cv_desktop.domain.errors import UserError

TEXT = "Association;Objet;Montant\nÉcole d’Été;Fête à Évry, « soirée »;1\u00a0500 €\nCœur;Noël;20\n"


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("utf-16-le", "utf-16"),
        ("utf-16-be", "utf-16"), ("cp1252", "cp1252"), ("mac_roman", "mac_roman"),
    ],
)  # fmt: skip
def test_encodings(encoding: str, said: str) -> None:
    opened = read_csv(TEXT.encode(encoding), "liste")
    assert opened.encoding == said
    assert opened.sheets[0].rows[1] == ["École d’Été", "Fête à Évry, « soirée »", "1\u00a0500 €"]
    assert opened.remarks == ()


def test_the_page_of_the_first_computers() -> None:
    opened = read_csv("Association;Montant\nÉté à Évry;10\nLycée;20\nForêt;30\n".encode("cp850"), "liste")
    assert opened.sheets[0].rows[1] == ["Été à Évry", "10"]


def test_one_line_in_another_encoding_is_read_and_said() -> None:
    content = "Association;Montant\nÉcole;10\nÉté;20\n".encode() + "Forêt;30\n".encode("cp1252")
    opened = read_csv(content, "liste")
    assert opened.sheets[0].rows[3] == ["Forêt", "30"]
    assert [remark.line for remark in opened.remarks] == [4]


def test_a_line_that_no_encoding_reads_is_named() -> None:
    with pytest.raises(UserError) as refusal:
        read_csv("Association;Montant\nÉcole;10\nÉté;20\n".encode() + b"For\x81\x8d\x8f;30\n", "liste")
    assert refusal.value.message.startswith("Ligne 4\u00a0: des caractères sont illisibles.")


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("a;b;c\n1, rue X, 77000 Melun, France;2;3\n4, rue Y, 77000 Melun, France;5;6\n", 3),
        ('a,b\n"x;y;z",1\n"u;v;w",2\n', 2),
        ("a\tb\tc\n1,5\t2,5\t3,5\n", 3),
        ("a|b\n1|2\n", 2),
        ("sep=;\na;b\n1;2\n", 2),
        ("Ville Exemple\nSubventions 2023, par thème\n\na;b;c\n1;2;3\n4;5;6\n", 3),
    ],
)
def test_separators(text: str, width: int) -> None:
    rows = read_csv(text.encode(), "liste").sheets[0].rows
    assert len(rows[-1]) == width


def test_quotes_inside_a_name() -> None:
    opened = read_csv(b'Association;Montant\n"Les Amis" de Melun;10\nClub;20\n', "liste")
    assert [list(row) for row in opened.sheets[0].rows[1:]] == [["Les Amis de Melun", "10"], ["Club", "20"]]
    assert opened.remarks[0].line == 2


def test_a_quote_that_swallows_lines_is_refused() -> None:
    with pytest.raises(UserError, match="guillemet"):
        read_csv(b'Association;Montant\n"Les Amis;10\nClub;20\nFoyer;30\n', "liste")
