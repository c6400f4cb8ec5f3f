"""Leads, events and outcomes cut by a stable hash of the lead's id: written once, then worked anywhere, in parts."""

from features.partitions.partitions import PLACE, Partitions
from features.partitions.scoring import partition_scoring_files
from features.partitions.training import partition_training_files
from features.partitions.whole_file import write_whole
from features.partitions.whole_folder import writing_to

__all__ = ["PLACE", "Partitions", "partition_scoring_files", "partition_training_files", "write_whole", "writing_to"]
