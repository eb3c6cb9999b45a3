"""Dossiers: the list, the record and its tabs."""
