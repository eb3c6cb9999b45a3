"""The tables, one module per noun. Importing this package knows them all."""

from cv_desktop.db.models import (
    application,
    attachment,
    call,
    completion,
    decision,
    derogation,
    directory_entry,
    import_mapping,
    indicator,
    journal,
    meeting,
    partner,
    reference,
    structure,
)

__all__ = [
    "application",
    "attachment",
    "call",
    "completion",
    "decision",
    "derogation",
    "directory_entry",
    "import_mapping",
    "indicator",
    "journal",
    "meeting",
    "partner",
    "reference",
    "structure",
]
