"""Séances: the committee, its meetings, its déports, its sheets and its opinions."""
