"""The schema's steps. ``HEAD`` spares importing Alembic when nothing is due; a test holds it to the scripts."""

HEAD = "0030"
