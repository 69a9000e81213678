"""Runs the steps on the connection it is given; SQLite changes a table by copying it (batch mode)."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
