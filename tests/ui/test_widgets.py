"""The small widgets: what they show, say and refuse."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cv_desktop.ui import icons, theme
from cv_desktop.ui.card import Card
from cv_desktop.ui.charts.dots import Dots
from cv_desktop.ui.charts.envelope_bar import EnvelopeBar, engaged, marked, submitted
from cv_desktop.ui.charts.steps import CampaignStep, Steps
from cv_desktop.ui.chip import Chip
from cv_desktop.ui.fields.amount_field import AmountField
from cv_desktop.ui.fields.date_field import DateField
from cv_desktop.ui.fields.field import ChoiceField, Field, LongTextField, TextField
from cv_desktop.ui.fields.group import FormGroup
from cv_desktop.ui.key_figures import Figure, KeyFigures
from cv_desktop.ui.message_bar import Message, MessageBar
from cv_desktop.ui.progress_panel import ProgressPanel, state
from cv_desktop.ui.tables.ordering import fold_all
from cv_desktop.ui.tokens import contrast
from ui.keys import press, type_text


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> None:
    theme.apply(qapp)


def shown(qtbot: QtBot, widget: QWidget) -> QWidget:
    qtbot.addWidget(widget)
    widget.show()
    return widget


def test_tabular_figures_and_weights() -> None:
    metrics = QFontMetrics(theme.font("key"))
    assert metrics.horizontalAdvance("1111") == metrics.horizontalAdvance("8888")
    column, words = (QFontMetrics(theme.font(figures=figures)) for figures in (True, False))
    assert column.horizontalAdvance("11 111") == column.horizontalAdvance("88 888")
    # Inter gives its hyphen the width of such a figure: « Ciné - débat ».
    assert words.horizontalAdvance("Ciné-débat") < column.horizontalAdvance("Ciné-débat")
    plain, bold = (QFontMetrics(theme.font("title", weight)) for weight in (400, 600))
    assert bold.horizontalAdvance("Dossiers") > plain.horizontalAdvance("Dossiers")


def test_a_switch_repaints_icons_texts_and_sizes(qtbot: QtBot, qapp: QApplication) -> None:
    button, label = QPushButton("Importer"), QLabel("Titre")
    qtbot.addWidget(button)
    qtbot.addWidget(label)
    icons.dress(button, "plus")
    theme.set_type(label, "title")

    def darkest() -> int:
        image = button.icon().pixmap(button.iconSize()).toImage()
        colors = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
        return max((c.lightness() for c in colors if c.alpha() > 200), default=-1)

    light, size = darkest(), label.font().pixelSize()
    theme.apply(qapp, "dark", 1.3)
    assert darkest() > light
    assert label.font().pixelSize() == round(size * 1.3)
    assert qapp.palette().window().color() == QColor("#14191D")


@pytest.mark.parametrize("ratio", [1.0, 1.5])
def test_icons_are_drawn_for_the_ratio(qapp: QApplication, ratio: float) -> None:
    drawn = icons.pixmap("folder-open", "accent", 18, ratio)
    assert drawn.width() == round(18 * ratio)
    with pytest.raises(KeyError):
        icons.pixmap("aucune-icone-de-ce-nom")


def test_an_amount_is_read_in_cents_and_shown_in_french(qtbot: QtBot) -> None:
    field = AmountField("Montant demandé", required=True)
    shown(qtbot, field)
    field.setFocus()
    type_text("1234,5", field.editor)
    with qtbot.waitSignal(field.committed) as committed:
        press(field.editor, Qt.Key.Key_Return)
    assert committed.args == [123450]
    assert field.text() == "1\u00a0234,50"
    assert field.label.text() == "Montant demandé (obligatoire)"
    assert field.editor.accessibleName() == "Montant demandé (obligatoire)"


def test_a_wrong_value_is_told_under_the_field_and_echap_restores(qtbot: QtBot) -> None:
    field = AmountField("Budget")
    shown(qtbot, field)
    field.set_value(300000)
    field.editor.setText("quatre mille")
    with qtbot.assertNotEmitted(field.committed):
        assert not field.commit()
    assert field.wrong and field.editor.property("invalid")
    assert "n’est pas un montant" in field.editor.accessibleDescription()
    press(field.editor, Qt.Key.Key_Escape)
    assert field.text() == "3\u00a0000" and not field.wrong


def test_entree_goes_to_the_next_field_and_stays_in_the_last(qtbot: QtBot) -> None:
    form = QWidget()
    column = QVBoxLayout(form)
    before, first, last = QPushButton("Avant"), TextField("Nom"), AmountField("Montant")
    for widget in (before, first, last):
        column.addWidget(widget)
    with qtbot.waitActive(form):
        shown(qtbot, form)
        form.activateWindow()
    first.setFocus()
    press(first.editor, Qt.Key.Key_Return)
    assert last.editor.hasFocus()
    last.editor.setText("1500")
    press(last.editor, Qt.Key.Key_Return)
    assert last.editor.hasFocus()
    assert last.editor.selectedText() == "1\u00a0500"


def test_entree_in_the_last_field_of_a_form_presses_its_button(qtbot: QtBot) -> None:
    field, button = TextField("Institution"), QPushButton("Ajouter")
    shown(qtbot, field)
    qtbot.addWidget(button)
    field.submits_with(button)
    with qtbot.waitSignal(button.clicked):
        press(field.editor, Qt.Key.Key_Return)


def test_walking_past_an_empty_field_is_no_mistake_but_emptying_it_is(qtbot: QtBot) -> None:
    form = QWidget()
    column = QVBoxLayout(form)
    name, other = TextField("Nom du membre", required=True), TextField("Institution")
    column.addWidget(name)
    column.addWidget(other)
    with qtbot.waitActive(form):
        shown(qtbot, form)
        form.activateWindow()
    name.setFocus()
    other.setFocus()
    assert not name.wrong
    name.set_value("Gaëlle Témoin")
    name.setFocus()
    name.editor.clear()
    other.setFocus()
    assert name.wrong


def test_a_day_is_read_and_today_is_one_key(qtbot: QtBot) -> None:
    field = DateField("Reçu le", today=lambda: date(2026, 3, 3))
    shown(qtbot, field)
    press(field.editor, Qt.Key.Key_Semicolon, Qt.KeyboardModifier.ControlModifier, ";")
    assert field.value() == date(2026, 3, 3)
    field.editor.setText("31/02/2026")
    assert not field.commit()
    assert field.editor.accessibleDescription() == "31/02/2026 n’existe pas."


def test_a_long_text_is_kept_without_leaving_it(qtbot: QtBot) -> None:
    field = LongTextField("Commentaire")
    shown(qtbot, field)
    with qtbot.waitSignal(field.committed, timeout=2000) as committed:
        field.editor.setPlainText("Garde d’enfants assurée.")
    assert committed.args == ["Garde d’enfants assurée."]


def test_a_refresh_leaves_what_is_being_typed(qtbot: QtBot) -> None:
    field = TextField("Nom")
    shown(qtbot, field)
    field.activateWindow()
    field.editor.setFocus()
    qtbot.waitUntil(field.editor.hasFocus)
    type_text("élan", field.editor)
    field.set_value("autre")
    assert field.text() == "élan"


def test_the_group_sends_the_focus_to_the_first_wrong_field(qtbot: QtBot) -> None:
    group = FormGroup("Identité")
    fields: list[Field] = [TextField("Sigle"), TextField("Nom", required=True), AmountField("Budget", required=True)]
    for field in fields:
        group.add(field)
    group.add(ChoiceField("Dispositif", [("FIA", "FIA"), ("AAP", "Appel à projets")]), wide=True)
    shown(qtbot, group)
    group.activateWindow()
    assert not group.commit()
    assert [field.wrong for field in fields] == [False, True, True]
    qtbot.waitUntil(fields[1].editor.hasFocus)


@pytest.mark.qt_log_ignore("does not support", extend=True)
def test_messages_wait_for_one_another_and_success_leaves(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cv_desktop.ui.message_bar.SUCCESS_SECONDS", 0.05)
    bar = MessageBar()
    qtbot.addWidget(bar)
    used: list[str] = []
    wrong = Message(
        "danger", "1 champ vide\u00a0: compte bancaire.", buttons=(("Saisir l’IBAN", lambda: used.append("iban")),)
    )
    bar.show_message(wrong)
    bar.show_message(Message("success", "3 dossiers marqués."))
    assert bar.accessibleName() == "3 dossiers marqués."
    qtbot.waitUntil(lambda: bar.current is wrong)
    button = next(b for b in bar.findChildren(QPushButton) if b.text() == "Saisir l’IBAN")
    button.click()
    assert used == ["iban"] and bar.current is wrong
    bar.close_current()
    assert bar.isHidden() and [message.lead for message in bar.past] == [wrong.lead, "3 dossiers marqués."]
    menu = bar.history()
    assert [action.text()[8:] for action in menu.actions()] == ["3 dossiers marqués.", wrong.lead]
    menu.close()


def test_progress_says_how_far_and_asks_to_stop(qtbot: QtBot) -> None:
    assert state(5, 8, 3.3) == "5 sur 8, environ 2\u00a0secondes"
    assert state(0, 8, 3.3) == "0 sur 8"
    assert state(10, 1000, 2.0) == "10 sur 1000, environ 3\u00a0minutes"
    panel = ProgressPanel()
    qtbot.addWidget(panel)
    panel.start("Génération des PDF")
    assert panel.isHidden()
    qtbot.waitUntil(lambda: not panel.isHidden(), timeout=1000)
    with qtbot.waitSignal(panel.stop_asked):
        panel.stop.click()
    assert not panel.stop.isEnabled()
    panel.finish()
    assert panel.isHidden()


def test_the_envelope_says_its_buckets_and_what_is_missing(qtbot: QtBot) -> None:
    bar = EnvelopeBar(42_000_000, [engaged(9_600_000), submitted(0), marked(10_830_000)])
    qtbot.addWidget(bar)
    assert bar.free == 21_570_000
    assert sum(cents for _word, cents in bar.rows()) == bar.total
    assert bar.accessibleName().endswith("libre 215\u00a0700\u00a0€.")
    bar.set_amounts(100_00, [engaged(134_00)])
    assert bar.accessibleName().endswith("dépassement 34\u00a0€.")
    assert not bar.grab().isNull()


def test_the_campaign_line_is_walked_by_keys(qtbot: QtBot) -> None:
    steps = Steps([CampaignStep("depot", "Dépôt", "64 dossiers", "done"), CampaignStep("vote", "Vote", state="now")])
    shown(qtbot, steps)
    assert "Dépôt, terminé, 64 dossiers\u00a0; Vote, en cours" in steps.accessibleName()
    press(steps, Qt.Key.Key_Left)
    with qtbot.waitSignal(steps.chosen) as chosen:
        press(steps, Qt.Key.Key_Return)
    assert chosen.args == ["depot"]


def test_marks_are_told_without_names(qtbot: QtBot) -> None:
    dots = Dots("Pertinence", [3, 3, 2], 2.666)
    qtbot.addWidget(dots)
    assert dots.accessibleName() == "Pertinence\u00a0: 1 fois 2, 2 fois 3\u00a0; moyenne 2,7"


def test_a_figure_without_room_goes_to_the_tooltip_and_comes_back(qtbot: QtBot) -> None:
    band = KeyFigures([Figure(f"Demandé {n}", f"{n}\u00a0500\u00a0€") for n in range(6)])
    shown(qtbot, band)
    band.resize(300, 50)
    cells = band._cells
    assert not cells[0].isHidden() and cells[-1].isHidden()
    for cell in cells:
        assert cell.isHidden() or cell.geometry().right() < 300
    assert "Demandé 5\u00a0: 5\u00a0500\u00a0€" in band.toolTip()
    band.resize(1200, 50)
    assert not cells[-1].isHidden() and band.toolTip() == ""


def test_cards_chips_and_figures_have_names(qtbot: QtBot) -> None:
    card = Card("Enveloppe")
    card.add_action(Chip("À compléter", "warning"))
    card.add(KeyFigures([Figure("Demandé", "8\u00a0500\u00a0€"), Figure("Bilans", "41", "sur 58 attendus")]))
    shown(qtbot, card)
    names = {widget.accessibleName() for widget in card.findChildren(QWidget)}
    assert {"État\u00a0: À compléter", "Demandé\u00a0: 8\u00a0500\u00a0€", "Bilans\u00a0: 41 sur 58 attendus"} <= names


def test_a_hundred_thousand_texts_fold_as_one() -> None:
    assert fold_all(["Œuvre d’Été", "", "8\u00a0500", "ÇA"]) == ["oeuvre d'ete", "", "8 500", "ca"]
    assert fold_all([]) == []


def test_a_band_asks_for_the_figures_it_has_hidden(qtbot: QtBot) -> None:
    band = KeyFigures([Figure(f"Demandé {n}", "500") for n in range(6)])
    shown(qtbot, band)
    whole = band.sizeHint().width()
    band.resize(120, 50)
    assert band._cells[-1].isHidden()
    assert band.sizeHint().width() == whole


@pytest.mark.qt_log_ignore("does not support", extend=True)
def test_a_message_is_dated_on_a_french_clock(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.show_message(Message("info", "Relue.", moment=datetime(2026, 7, 14, 12, 32, tzinfo=UTC)))
    menu = bar.history()
    assert menu.actions()[0].text().startswith("14:32 ")
    menu.close()


@pytest.mark.qt_log_ignore("does not support", extend=True)
def test_a_long_message_is_cut_at_the_edge_of_the_window_and_told_whole_beside(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.resize(900, 40)
    long = "Lot refusé. " + "FIA-2026-0012 dépasse la demande de 500 €. " * 12
    bar.show_message(Message("danger", long))
    menu = bar.history()
    (action,) = menu.actions()
    assert menu.sizeHint().width() <= bar.width()
    assert action.text().endswith("…") and action.toolTip() == long.strip()
    menu.close()


def test_entree_goes_past_a_list_of_choices(qtbot: QtBot) -> None:
    group = FormGroup("Noter")
    kind, subject = ChoiceField("Forme", [("a", "Appel"), ("r", "Rendez-vous")]), TextField("Objet")
    for field in (kind, subject):
        group.add(field)
    shown(qtbot, group)
    group.activateWindow()
    kind.setFocus()
    qtbot.keyClick(kind.editor, Qt.Key.Key_Return)
    qtbot.waitUntil(subject.editor.hasFocus)
    assert kind.value() == "a"


def test_what_an_empty_field_suggests_can_be_read(qtbot: QtBot) -> None:
    """At half the strength of the text, as Qt paints it, « jj/mm/aaaa » had a contrast of 3.2."""
    field = DateField("Date de l’acte")
    shown(qtbot, field)
    palette = field.editor.palette()
    hint, ground = (palette.color(role) for role in (QPalette.ColorRole.PlaceholderText, QPalette.ColorRole.Base))
    assert hint.alpha() == 255
    assert contrast(hint.name(), ground.name()) >= 4.5
