"""The scoring model as one SQL query, so that a warehouse scores its own table of features."""
