"""Pictures of every page of the sample company: `python -m screenshots` makes them, `make screenshots` for short."""
