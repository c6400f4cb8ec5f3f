"""Where workers leave their files in the folder that all share: one per part."""

from pathlib import Path


def part_file(folder: Path, kind: str, part: int) -> Path:
    """Give the file of a part, numbered from 0.

    >>> part_file(Path("x"), "features", 7).as_posix()
    'x/features-00007.parquet'
    """
    return folder / f"{kind}-{part:05d}.parquet"
