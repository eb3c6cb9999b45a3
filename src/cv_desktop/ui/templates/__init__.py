"""Modèles de courrier: the texts of letters, written on screen."""
