"""What a folder of partitions was made from, so that it is used again as long as that is the same."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from features.partitions.partitions import Partitions

FILE = "manifest.json"
FORMAT = 1  # raise it when the hash, the cut or the way of typing changes: what is on disk is then made again


def fingerprint(files: Sequence[Path], settings: Mapping[str, Any]) -> str:
    """Give 64 signs that change when a file (its path, size or time of writing) or a setting (JSON) changes."""
    made_of = {"format": FORMAT, "files": [_state(file) for file in files], "settings": settings}
    return hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()


def write_manifest(partitions: Partitions, key: str, folder: Path) -> None:
    """Write down in `folder` what it holds and by which fingerprint."""
    text = json.dumps({"fingerprint": key, **partitions.to_json()}, indent=2, ensure_ascii=False)
    (folder / FILE).write_text(text, encoding="utf-8")


def read_manifest(folder: Path, key: str, least_parts: int) -> Partitions | None:
    """Give the partitions of a folder; None where there are none, too few, or none of this fingerprint."""
    try:
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    fits = isinstance(found, dict) and found.get("fingerprint") == key and found["parts"] >= least_parts
    return Partitions.from_json(folder, found) if fits else None


def _state(file: Path) -> list[str | int | None]:
    """Give what tells a file from a changed one, without reading it; a file that is not there has no size."""
    if not file.is_file():
        return [str(file.absolute()), None, None]
    state = file.stat()
    return [str(file.absolute()), state.st_size, state.st_mtime_ns]
