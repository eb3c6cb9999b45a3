"""The two questions: the safe answer is the default, a reason has ten characters."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QFileInfo, QLibraryInfo, Qt, QTimer, QTranslator
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QFileIconProvider, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from cv_desktop.ui import dialogs
from cv_desktop.ui.dialogs import Question, ReasonQuestion
from cv_desktop.ui.french_of_qt import FrenchOfQt

EFFECTS = ["Les notes deviennent visibles des membres présents.", "Les grilles sont verrouillées."]


def test_enter_takes_the_safe_answer(qtbot: QtBot) -> None:
    question = Question(None, "Révéler les 7 grilles ?", EFFECTS, "Révéler les grilles", "Attendre")
    qtbot.addWidget(question)
    question.show()
    QTest.keyClick(question, Qt.Key.Key_Return)
    assert question.result() == QDialog.DialogCode.Rejected


def test_enter_presses_the_button_reached_by_tab(qtbot: QtBot) -> None:
    for steps, answer in ((1, QDialog.DialogCode.Rejected), (2, QDialog.DialogCode.Accepted)):
        question = ReasonQuestion(None, "Confirmer ce lien ?", [], [], "Confirmer", "Non")
        qtbot.addWidget(question)
        question.show()
        question.activateWindow()
        qtbot.waitUntil(question.text.hasFocus)
        question.text.setPlainText("Coprésidente selon les statuts.")
        for _ in range(steps):
            QTest.keyClick(question.focusWidget(), Qt.Key.Key_Tab)
        QTest.keyClick(question.focusWidget(), Qt.Key.Key_Return)
        assert question.result() == answer


def test_the_verb_is_chosen_on_purpose(qtbot: QtBot) -> None:
    def answer() -> None:
        question = QApplication.activeModalWidget()
        assert isinstance(question, Question)
        assert question.verb_button.text() == "Révéler les grilles"
        question.verb_button.click()

    QTimer.singleShot(0, answer)
    assert dialogs.confirm(None, "Révéler les 7 grilles ?", EFFECTS, "Révéler les grilles")


def test_what_destroys_asks_to_type_the_year(qtbot: QtBot) -> None:
    enabled: list[bool] = []

    def answer() -> None:
        question = QApplication.activeModalWidget()
        assert isinstance(question, Question)
        enabled.append(question.verb_button.isEnabled())
        question.findChild(QLineEdit).setText("2019")
        enabled.append(question.verb_button.isEnabled())
        question.verb_button.click()

    QTimer.singleShot(0, answer)
    assert dialogs.confirm(None, "Purger la campagne 2019 ?", EFFECTS, "Purger", "Garder", typed="2019")
    assert enabled == [False, True]


def test_a_reason_has_ten_characters_and_keeps_its_motive(qtbot: QtBot) -> None:
    question = ReasonQuestion(
        None, "Déroger à l’article 9", [], ["Pièce vue en original", "Autre motif"], "Déroger", "Ne rien changer"
    )
    qtbot.addWidget(question)
    question.text.setPlainText("trop court")
    question.text.setPlainText("court    ")
    assert not question.verb_button.isEnabled()
    assert question.missing.text() == "Encore 5 caractères au moins."
    question.text.setPlainText("statuts vus au guichet")
    assert question.verb_button.isEnabled()
    assert dialogs.joined(*question.motive()) == "Pièce vue en original\u00a0: statuts vus au guichet"


def test_the_dialogs_of_files_speak_french(qapp: QApplication, tmp_path: Path) -> None:
    words, qt = FrenchOfQt(), QTranslator()
    assert qt.load("qtbase_fr", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    for translation in (words, qt):
        qapp.installTranslator(translation)
    try:
        dialog = QFileDialog(None, "Fichier à importer")
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        labels = {label.text() for label in dialog.findChildren(QLabel)}
        kinds = QFileIconProvider()
        assert kinds.type(QFileInfo(str(tmp_path))) == "Dossier"
        assert {"&Regarder dans\u00a0:", "&Nom de fichier\u00a0:", "Fichiers de &type\u00a0:"} <= labels
    finally:
        for translation in (words, qt):
            qapp.removeTranslator(translation)


def test_ctrl_entree_gives_the_reason_once_it_is_long_enough(qtbot: QtBot) -> None:
    question = ReasonQuestion(None, "Déroger à l’article 9", [], ["Autre motif"], "Déroger", "Ne rien changer")
    qtbot.addWidget(question)
    with qtbot.waitActive(question):
        question.show()
        question.activateWindow()
    question.text.setPlainText("court")
    QTest.keyClick(question.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert question.isVisible()
    question.text.setPlainText("vue en original")
    QTest.keyClick(question.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert question.result() == QDialog.DialogCode.Accepted
    assert question.motive() == ("Autre motif", "vue en original")
