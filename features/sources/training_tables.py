"""The tables that a model is trained on, from where the config says."""

from features.config import Config
from features.sources.store_tables import read_store_tables
from features.sources.training import read_training_files
from features.tables import Tables


def read_training_tables(config: Config) -> Tables:
    """Read leads, events and outcomes, typed and checked: from the store where [leads] names no file or says so.

    Raises DataError with every problem, StoreError where the store cannot be read.
    """
    return read_store_tables(config) if config.leads.from_store else read_training_files(config)
