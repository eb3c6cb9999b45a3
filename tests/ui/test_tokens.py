"""Contrasts asked by UX § 7 and 9, computed from the tokens."""

from __future__ import annotations

import pytest

from cv_desktop.ui.tokens import DARK, LIGHT, STATUSES, Colors, contrast, strengthened

LOOKS = [LIGHT, DARK, strengthened(LIGHT), strengthened(DARK)]
NAMES = ["clair", "sombre", "clair renforcé", "sombre renforcé"]


@pytest.mark.parametrize("c", LOOKS, ids=NAMES)
def test_every_text_can_be_read(c: Colors) -> None:
    grounds = (c.window, c.chrome, c.surface, c.alternate, c.sunken)
    for text in (c.text, c.secondary, c.hint):
        for ground in grounds:
            assert contrast(text, ground) >= 4.5
    assert contrast(c.text, c.soft) >= 4.5
    assert contrast(c.secondary, c.soft) >= 4.5
    assert contrast(c.accent, c.surface) >= 4.5
    assert contrast(c.accent, c.window) >= 4.5
    assert contrast(c.on_accent, c.accent) >= 4.5
    assert contrast(c.on_accent, c.accent_hover) >= 4.5
    assert contrast(c.on_band, c.band) >= 4.5
    for ground in (c.nav, c.nav_selected):
        assert contrast(c.nav_text, ground) >= 4.5
        assert contrast(c.nav_on, ground) >= 4.5
    for number, cell in zip(c.on_sequential, c.sequential, strict=True):
        assert contrast(number, cell) >= 4.5


@pytest.mark.parametrize("c", LOOKS, ids=NAMES)
@pytest.mark.parametrize("status", STATUSES)
def test_every_status_can_be_read_on_its_tint_and_on_a_table(c: Colors, status: str) -> None:
    tint = c.tint(status)
    for ground in (tint.fill, c.surface, c.soft, c.window):
        assert contrast(tint.text, ground) >= 4.5


@pytest.mark.parametrize("c", LOOKS, ids=NAMES)
def test_borders_and_focus_are_seen(c: Colors) -> None:
    for ground in (c.window, c.surface, c.chrome):
        assert contrast(c.field_border, ground) >= 3
        assert contrast(c.focus, ground) >= 3
        assert contrast(c.second, ground) >= 3
    assert contrast(c.nav_mark, c.nav) >= 3


def test_the_projected_words_keep_seven() -> None:
    assert contrast(LIGHT.text, LIGHT.window) >= 7
    assert contrast("#17562F", LIGHT.window) >= 7
    assert contrast("#5F3800", LIGHT.warning.fill) >= 7


def test_strengthened_removes_the_tints_and_doubles_the_lines() -> None:
    strong = strengthened(LIGHT)
    assert strong.hint == LIGHT.secondary
    assert strong.line == LIGHT.field_border
    assert strong.warning.fill == LIGHT.surface
    assert strong.border_width == 2
