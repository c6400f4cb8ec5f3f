"""This week in one look."""
