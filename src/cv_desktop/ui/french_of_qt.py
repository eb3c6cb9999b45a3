"""The words of Qt's own dialogs that its French translation lacks."""

from __future__ import annotations

from PySide6.QtCore import QTranslator

WORDS = {
    "&Look in:": "&Regarder dans\u00a0:",
    "Files of &type:": "Fichiers de &type\u00a0:",
    "%1 File": "Fichier %1",
    "File": "Fichier",
    "Folder": "Dossier",
    "Drive": "Lecteur",
    "Shortcut": "Raccourci",
}


class FrenchOfQt(QTranslator):
    """To install before the translation of Qt, which is then asked first."""

    def isEmpty(self) -> bool:
        return False

    def translate(
        self, context: str | bytes, sourceText: str | bytes, disambiguation: str | bytes | None = None, n: int = -1
    ) -> str:
        text = sourceText if isinstance(sourceText, str) else sourceText.decode()
        # None, and not an empty text, lets Qt ask the next translation.
        return WORDS.get(text)  # type: ignore[return-value]
