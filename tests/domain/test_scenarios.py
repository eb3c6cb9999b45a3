"""The names that copies of a scenario take."""

from __future__ import annotations

from cv_desktop.domain.scenarios import LONGEST, next_label


def test_a_copy_takes_the_first_free_letter_and_the_words_of_its_model() -> None:
    assert next_label("A · Équilibre", ["A · Équilibre"]) == "B · Équilibre"
    assert next_label("A · Équilibre", ["A · Équilibre", "C · Ordre des notes"]) == "B · Équilibre"
    assert next_label("Petites associations", ["Petites associations"]) == "A · Petites associations"


def test_after_z_come_two_letters_and_a_long_name_is_cut_for_its_tab() -> None:
    letters = [f"{chr(65 + n)} · Essai" for n in range(26)]
    assert next_label(letters[-1], letters) == "AA · Essai"
    assert len(next_label("A · " + "très long " * 8, ["A · x"])) <= LONGEST
