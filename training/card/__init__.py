"""The model card: what a model is, for everybody who has to trust it."""
