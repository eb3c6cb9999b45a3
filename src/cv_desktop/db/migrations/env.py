"""Called by Alembic: runs on the connection that db.schema already opened, inside its transaction."""

from alembic import context

from cv_desktop.db.base import Base
from cv_desktop.db.models import every  # noqa: F401  (declares the tables)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=False,
)
context.run_migrations()
