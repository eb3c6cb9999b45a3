"""Accueil: what must be done today."""
