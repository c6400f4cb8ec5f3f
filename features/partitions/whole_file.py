"""Files that are there whole or not at all, also where several processes write the same one."""

import os
from pathlib import Path

import polars as pl


def write_whole(frame: pl.DataFrame, path: Path) -> None:
    """Write Parquet by rename: one that is killed leaves no file, one that repeats it the same again."""
    draft = path.with_name(f".{path.name}.{os.uname().nodename}-{os.getpid()}")
    frame.write_parquet(draft, compression="lz4")
    draft.replace(path)
