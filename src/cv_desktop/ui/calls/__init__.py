"""Campagnes: the rules of each, as data."""
