"""Reading exports, or the live store, into the three tables that everything else works on."""

from features.sources.scoring import read_scoring_tables
from features.sources.training_tables import read_training_tables

__all__ = ["read_scoring_tables", "read_training_tables"]
