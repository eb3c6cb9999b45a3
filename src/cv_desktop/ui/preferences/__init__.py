"""Réglages."""
