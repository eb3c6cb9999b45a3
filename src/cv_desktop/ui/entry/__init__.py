"""Saisie rapide: a paper form typed on one page, without the mouse."""
