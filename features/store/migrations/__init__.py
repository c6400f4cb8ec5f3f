"""Steps from one version of the tables to the next; Alembic runs those that a store has not seen yet."""
