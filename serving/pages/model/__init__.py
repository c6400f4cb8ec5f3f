"""The page on the model."""
