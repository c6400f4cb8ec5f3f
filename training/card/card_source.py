"""Where a model card comes from: a version's bundle, and what MLflow keeps of its training."""

import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from features.errors import StoreError
from serving.model.bundle import read_bundle
from serving.model.scoring import ScoringModel
from training.records.registry import Registry, Version
from training.records.tracking import open_client, said_plainly

DOCUMENTS = ("evaluation", "findings", "parameters", "promotion")
LIBRARY = "library."


@dataclass(frozen=True)
class CardSource:
    """All that a card tells, as plain JSON values; what a version's record lacks is empty.

    holdout, baselines: `Evaluation.to_json`. origin: the hash of the data, the commit and library versions. tags: those
    of the version.
    """

    model: ScoringModel
    model_name: str
    digest: str | None
    holdout: Mapping[str, Any]
    baselines: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    findings: tuple[Mapping[str, Any], ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    promotion: Mapping[str, Any] = field(default_factory=dict)
    origin: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)


def card_source(registry: Registry, name: str) -> CardSource:
    """Gather what there is of a version, named by number or alias.

    Raises StoreError where the registry cannot be reached or has no such version, BundleError where the bundle is not
    sound. A version whose run is gone still has what its bundle holds.
    """
    version = registry.version(name)
    with tempfile.TemporaryDirectory(prefix="leadsift-card-") as folder:
        model = read_bundle(registry.download(version.number, Path(folder) / "bundle"), version.number)
        documents = _documents(registry, version, Path(folder))
    evaluation = documents.get("evaluation", {})
    return CardSource(
        model=model,
        model_name=registry.model_name,
        digest=version.digest,
        holdout=evaluation.get("holdout", model.info.quality),
        baselines=evaluation.get("baselines", {}),
        findings=tuple(documents.get("findings", ())),
        parameters=documents.get("parameters", {}),
        promotion=documents.get("promotion", {}),
        origin=_origin(registry, version),
        tags=version.tags,
    )


def _documents(registry: Registry, version: Version, folder: Path) -> dict[str, Any]:
    found = {}
    client = open_client(registry.tracking_uri)
    for document in DOCUMENTS:
        with suppress(StoreError), said_plainly(registry.tracking_uri):
            path = client.download_artifacts(version.run_id, f"{document}.json", str(folder))
            found[document] = orjson.loads(Path(path).read_bytes())
    return found


def _origin(registry: Registry, version: Version) -> dict[str, str]:
    with suppress(StoreError), said_plainly(registry.tracking_uri):
        said = open_client(registry.tracking_uri).get_run(version.run_id).data.params
        kept = {name: said[name] for name in ("data_hash", "git_commit") if name in said}
        return kept | {name.removeprefix(LIBRARY): said[name] for name in sorted(said) if name.startswith(LIBRARY)}
    return {}
