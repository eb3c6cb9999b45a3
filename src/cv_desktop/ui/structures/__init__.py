"""Structures: the list and the record."""
