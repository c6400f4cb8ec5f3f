"""The page of the agreement, and the list of its breaches."""
