"""The features of a catalogue, for whole tables and for one lead, equal to the last bit."""

from features.compute.row import feature_row
from features.compute.table import feature_table

__all__ = ["feature_row", "feature_table"]
