"""The hash that cuts tables: as it is written down, for good, and even."""

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from features.partitions.lead_hash import hash_ids, part_of

BITS = (1 << 64) - 1
GOLDEN = ["e220a8397b1dcdaf", "a99f12210aab97f1", "dd56284727de37c2", "b14bc97b1f3a2cba", "e8b6d227936d5b5d"]


def mix(value: int) -> int:
    value = (value + 0x9E3779B97F4A7C15) & BITS
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & BITS
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & BITS
    return value ^ (value >> 31)


def slow_hash(text: str) -> int:
    """Hash one id, byte by byte as the definition reads."""
    data = text.encode()
    mixed = mix(len(data))
    for at in range(0, len(data), 8):
        mixed = mix(mixed ^ int.from_bytes(data[at : at + 8], "little"))
    return mixed


@given(st.lists(st.text(max_size=40)), st.integers(0, 3))
def test_whole_columns_are_hashed_as_the_definition_says(ids: list[str], skipped: int) -> None:
    column = pl.Series(["another one in front"] * skipped + ids, dtype=pl.String)[skipped:]
    assert hash_ids(column).tolist() == [slow_hash(each) for each in ids]


def test_the_hash_never_changes() -> None:
    ids = pl.Series(["", "42", "L0000001", "0033t00002AbCdEAAV", "ñandú 7"])
    assert [f"{each:016x}" for each in hash_ids(ids).tolist()] == GOLDEN


def test_parts_are_even_for_ids_that_count_up() -> None:
    ids = "L" + pl.Series(range(100_000)).cast(pl.String).str.zfill(7)
    sizes = np.bincount(part_of(ids, 8))
    assert len(sizes) == 8
    assert abs(sizes - 12_500).max() < 500


def test_rows_without_an_id_are_in_one_part() -> None:
    assert len(set(part_of(pl.Series([None, "", None], dtype=pl.String), 50).tolist())) == 1
