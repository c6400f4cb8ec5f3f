"""From a feature table to a fitted recipe: both parts, their blend, and what is chosen by walking forward."""
