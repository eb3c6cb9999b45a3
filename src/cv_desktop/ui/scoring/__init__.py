"""Grille: one member marks one file, by keyboard alone."""
