"""The bundle: a model as one folder of plain files, verified whole before any of it is used.

    manifest.json     format, what the model says of itself, catalogue, columns, blend, centring, grade cuts
    linear.json       the linear part
    trees-N.txt       LightGBM's text of each bag
    evidence.json     training leads and conversion rates behind the reasons
    golden.json       made-up feature values with the scores they must get
    checksums.json    SHA-256 and length of each of the files above

Nothing in it is code: reading a bundle of a stranger can fail, but runs nothing.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from features.catalog import Catalog
from features.errors import BundleError
from serving.model.encoding import Column, Encoder, Value
from serving.model.evidence import FeatureEvidence
from serving.model.grades import GradeCuts
from serving.model.linear import LinearPart
from serving.model.scoring import Blend, ModelInfo, ScoringModel
from serving.model.trees import TreesPart

FORMAT = "leadsift-bundle/1"
CHECKSUMS = "checksums.json"
GOLDEN_TOLERANCE = 1e-9  # the same arithmetic on another processor may round the last bits otherwise
MAX_BYTES = 256 * 2**20  # far above any real bundle: a guard against reading a foreign file whole


def write_bundle(model: ScoringModel, texts: Sequence[str], golden: Sequence[Sequence[Value]], folder: Path) -> str:
    """Write a model into an empty or new folder and give the bundle's digest (SHA-256 of its checksums).

    `texts` are LightGBM's texts that `model.trees` was read from; `golden` are rows of feature values, made up so
    that no real lead travels with the model.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "manifest.json": _dump(_manifest(model, len(texts))),
        "linear.json": _dump(model.linear.to_json()),
        **{f"trees-{number}.txt": text.encode() for number, text in enumerate(texts, start=1)},
        "evidence.json": _dump([each.to_json() for each in model.evidence]),
        "golden.json": _dump([_golden(model, list(values)) for values in golden]),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    sums = {name: {"sha256": _sha256(content), "bytes": len(content)} for name, content in files.items()}
    content = _dump({"format": FORMAT, "files": sums})
    (folder / CHECKSUMS).write_bytes(content)
    return _sha256(content)


def read_bundle(folder: Path, version: str) -> ScoringModel:
    """Read and verify a bundle; `version` is what the registry calls it.

    Raises BundleError, naming the file and what is wrong with it, where a file is missing, cut off, changed or not
    of this format, or where the golden rows do not get the scores they must get.
    """
    files = _verified_files(folder)
    try:
        model = _model(files, version)
        golden = orjson.loads(files["golden.json"])
        _check_golden(model, golden)
    except (KeyError, ValueError, TypeError, IndexError, AttributeError) as error:
        raise BundleError(f"{folder}: the bundle is not of the format {FORMAT!r}: {error!r}; train again") from error
    return model


def read_parts(folder: Path) -> tuple[tuple[str, ...], list[list[Value]]]:
    """Give LightGBM's texts and the golden rows, as `write_bundle` takes them, to write a bundle derived from this one.

    Raises BundleError as `read_bundle` does where a file is missing, cut off or changed.
    """
    files = _verified_files(folder)
    bags = orjson.loads(files["manifest.json"])["bags"]
    texts = tuple(files[f"trees-{bag}.txt"].decode() for bag in range(1, bags + 1))
    return texts, [row["values"] for row in orjson.loads(files["golden.json"])]


def bundle_digest(folder: Path) -> str:
    """Give the SHA-256 that names a bundle's exact content. Raises BundleError where there is no bundle."""
    return _sha256(_content(folder, CHECKSUMS))


def _manifest(model: ScoringModel, bags: int) -> dict[str, Any]:
    info = model.info
    return {
        "format": FORMAT,
        "trained_at": info.trained_at.isoformat(),
        "horizon_days": info.horizon_days,
        "company": info.company,
        "training": info.training,
        "quality": info.quality,
        "catalog": model.catalog.to_json(),
        "columns": [column.to_json() for column in model.encoder.columns],
        "bags": bags,
        "blend": [model.blend.intercept, model.blend.linear_weight, model.blend.trees_weight],
        "centre": model.centre.tolist(),
        "cuts": model.cuts.to_json(),
    }


def _golden(model: ScoringModel, values: list[Value]) -> dict[str, Any]:
    score = model.score_values(values, reasons=0)
    return {"values": values, "probability": score.probability, "fit": score.fit.points}


def _check_golden(model: ScoringModel, golden: Sequence[dict[str, Any]]) -> None:
    if not isinstance(golden, list) or not golden:
        raise ValueError("golden.json has no rows to check the model by")
    for number, row in enumerate(golden, start=1):
        score = model.score_values(row["values"], reasons=0)
        found, expected = (score.probability, score.fit.points), (row["probability"], row["fit"])
        if not np.allclose(found, expected, rtol=0, atol=GOLDEN_TOLERANCE):
            raise ValueError(f"golden row {number} gets {found} where {expected} was written")


def _model(files: dict[str, bytes], version: str) -> ScoringModel:
    manifest = orjson.loads(files["manifest.json"])
    if manifest["format"] != FORMAT:
        raise ValueError(f"format {manifest['format']!r}")
    catalog = Catalog.from_json(manifest["catalog"])
    encoder = Encoder(catalog, tuple(Column.from_json(each) for each in manifest["columns"]))
    linear = LinearPart.from_json(orjson.loads(files["linear.json"]))
    evidence = tuple(FeatureEvidence.from_json(each) for each in orjson.loads(files["evidence.json"]))
    centre = np.array(manifest["centre"], dtype=np.float64)
    trees = TreesPart.from_lightgbm([files[f"trees-{bag}.txt"].decode() for bag in range(1, manifest["bags"] + 1)])
    _check_widths(encoder, linear, trees)
    if not len(catalog.features) == len(evidence) == len(centre):
        raise ValueError("evidence or centring is not that of the catalogue's features")
    return ScoringModel(
        version=version,
        info=ModelInfo(
            trained_at=datetime.fromisoformat(manifest["trained_at"]),
            horizon_days=manifest["horizon_days"],
            company=manifest["company"],
            training=manifest["training"],
            quality=manifest["quality"],
        ),
        encoder=encoder,
        linear=linear,
        trees=trees,
        blend=Blend(*map(float, manifest["blend"])),
        centre=centre,
        cuts=GradeCuts.from_json(manifest["cuts"]),
        evidence=evidence,
    )


def _check_widths(encoder: Encoder, linear: LinearPart, trees: TreesPart) -> None:
    width = len(encoder.columns)
    highest = max((int(tree.column.max()) for tree in trees.trees if len(tree.column)), default=-1)
    if len(linear.weights) != width or highest >= width:
        raise ValueError(f"the parts do not read the same {width} columns")


def _verified_files(folder: Path) -> dict[str, bytes]:
    files = {}
    for name, promised in _promised_files(folder).items():
        if Path(name).name != name:
            raise BundleError(f"{folder / CHECKSUMS}: names {name!r}, a file outside the bundle; train again")
        content = _content(folder, name)
        if len(content) != promised["bytes"]:
            raise BundleError(
                f"{folder / name}: has {len(content)} bytes, must have {promised['bytes']}: it is cut off"
            )
        if _sha256(content) != promised["sha256"]:
            raise BundleError(f"{folder / name}: its SHA-256 is not the one written with the model: it was changed")
        files[name] = content
    return files


def _promised_files(folder: Path) -> dict[str, dict[str, Any]]:
    try:
        sums = orjson.loads(_content(folder, CHECKSUMS))
        promised: dict[str, dict[str, Any]] = sums["files"]
        known = sums["format"] == FORMAT and {"manifest.json", "golden.json"} <= promised.keys()
    except (ValueError, KeyError, TypeError, AttributeError):
        known = False
    if not known:
        raise BundleError(f"{folder / CHECKSUMS}: is not of the format {FORMAT!r}; train again")
    return promised


def _content(folder: Path, name: str) -> bytes:
    path = folder / name
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BundleError(f"{path}: is larger than {MAX_BYTES} bytes; this is not a bundle of a model")
        return path.read_bytes()
    except OSError as error:
        raise BundleError(f"{path}: cannot be read ({error.strerror}); the bundle is not whole") from error


def _dump(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
