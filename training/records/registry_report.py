"""What `leadsift models` prints: the versions in the registry."""

from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import RenderableType
from rich.table import Table

from training.records.registry import METRIC_TAGS, Version


def versions_json(versions: Sequence[Version]) -> list[dict[str, Any]]:
    """Give the versions as plain JSON values, newest first."""
    return [
        {
            "version": version.number,
            "aliases": list(version.aliases),
            "created_at": version.created_at.isoformat(),
            "metrics": dict(version.metrics),
            "run_id": version.run_id,
        }
        for version in versions
    ]


def render_versions(versions: Sequence[Version]) -> Iterable[RenderableType]:
    """Give the versions as a person reads them on a terminal."""
    if not versions:
        yield "No model yet. Make one with: leadsift train"
        return
    table = Table(box=None, pad_edge=False)
    for column in ("version", "alias", "trained", *(name.replace("_", " ") for name in METRIC_TAGS)):
        table.add_column(column)
    for version in versions:
        metrics = (f"{version.metrics[name]:.4f}" if name in version.metrics else "" for name in METRIC_TAGS)
        table.add_row(version.number, ", ".join(version.aliases), f"{version.created_at:%Y-%m-%d %H:%M}", *metrics)
    yield table
