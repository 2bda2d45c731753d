"""What Alembic runs: the revisions, on the connection and in the transaction that the program hands over.

The program (:mod:`sourcer.store.upgrade`) owns connection, lock and transaction; there is no ``alembic.ini``.
"""

from __future__ import annotations

from alembic import context

from sourcer.store.schema import metadata

connection = context.config.attributes["connection"]
# SQLite can alter a table only by building it anew: batch mode.
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
