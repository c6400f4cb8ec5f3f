"""How Alembic reaches the store: by the connection, inside a transaction, that it is handed."""

from alembic import context

from features.store.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata)
context.run_migrations()
