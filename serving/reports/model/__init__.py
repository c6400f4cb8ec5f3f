"""The model, for those who work with its scores."""
