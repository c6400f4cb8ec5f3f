"""Scores of the leads that the store holds: computed, remembered, explained again, compared, ranked."""
