"""Questions to the base: each answers frozen rows of plain values."""
