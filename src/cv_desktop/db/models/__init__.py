"""The tables, one module per noun; ``every`` knows them all."""
