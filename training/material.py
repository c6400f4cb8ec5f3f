"""What a training works from: read here, or gathered from a cluster."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from features.config import Config
from features.labels import Labels, label_leads
from features.progress import Progress
from features.sources import read_training_tables
from features.tables import Tables
from training.pipeline import Trained
from training.records.provenance import data_hash

BOOSTED_ON = "boosted_on"  # among the choices of a training: where else than here the trees were boosted, on how many

CLUSTER = "cluster"  # the kind of finding that says so


@dataclass(frozen=True)
class Material:
    """Past leads to train on, and what became of each."""

    tables: Tables
    labels: Labels

    def data_hash(self) -> str:
        """Give a fingerprint of all that was learned from."""
        return data_hash(self.tables)

    def to_ship(self, trained: Trained, config: Config, progress: Progress) -> Trained:  # noqa: ARG002 - a cluster does
        """Give what is shipped of a training on this material: here, just that."""
        return trained


Read = Callable[[Config, Progress], AbstractContextManager[Material]]


@contextmanager
def read_here(config: Config, progress: Progress) -> Iterator[Material]:
    """Read all past leads into memory. Raises DataError with every problem of every file."""
    progress("Reading", 0.0)
    tables = read_training_tables(config)
    yield Material(tables, label_leads(tables, config.label.horizon_days))
