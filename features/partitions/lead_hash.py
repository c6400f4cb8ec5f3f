"""A number from a lead's id that says in which part the lead is: the same on any machine, in any version of anything.

Polars' and Python's own hashes change with versions, or with every start. This one is defined here: the UTF-8 bytes of
the id, filled up with zeros to words of 8 bytes (little-endian), are taken in one by one with the finishing steps of
splitmix64, after the number of bytes (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

WORD_BYTES = 8
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


def part_of(ids: pl.Series, parts: int) -> NDArray[np.uint16]:
    """Give the part, 0 to `parts` - 1, that each lead belongs to; rows without an id go to one and the same.

    >>> part_of(pl.Series(["L0000001", "L0000002", None]), 4).tolist()
    [2, 0, 3]
    """
    return (hash_ids(ids.fill_null("")) % np.uint64(parts)).astype(np.uint16)


def hash_ids(ids: pl.Series) -> NDArray[np.uint64]:
    """Give a number of 64 bits for each id (String, none missing).

    >>> [f"{number:016x}" for number in hash_ids(pl.Series(["", "L0000001"])).tolist()]
    ['e220a8397b1dcdaf', 'dd56284727de37c2']
    """
    starts, lengths, text = _bytes_of(ids)
    mixed = _mix(lengths)
    for at in range(0, int(lengths.max(initial=np.uint64(0))), WORD_BYTES):
        longer = np.flatnonzero(lengths > np.uint64(at))
        words = _words(text, starts[longer] + at, lengths[longer] - np.uint64(at))
        mixed[longer] = _mix(mixed[longer] ^ words)
    return mixed


def _bytes_of(ids: pl.Series) -> tuple[NDArray[np.int64], NDArray[np.uint64], NDArray[np.uint8]]:
    """Give where each id starts, how many bytes it has, and all bytes, with a word of zeros behind them."""
    array = ids.to_arrow(compat_level=pl.CompatLevel.oldest())
    _, offsets, text = array.buffers()
    ends = np.frombuffer(offsets, np.int64, len(array) + 1, array.offset * WORD_BYTES)
    used = np.frombuffer(text, np.uint8, ends[-1]) if text is not None and ends[-1] else np.zeros(0, np.uint8)
    return ends[:-1], np.diff(ends).astype(np.uint64), np.concatenate([used, np.zeros(WORD_BYTES, np.uint8)])


def _words(text: NDArray[np.uint8], starts: NDArray[np.int64], left: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Give the next 8 bytes of each id as a number, zeros where fewer are `left`."""
    every: NDArray[np.uint64] = np.ndarray(len(text) - WORD_BYTES + 1, dtype="<u8", buffer=text, strides=(1,))
    beyond = np.uint64(WORD_BYTES) - np.minimum(left, np.uint64(WORD_BYTES))
    mask = np.uint64(0xFFFFFFFFFFFFFFFF) >> (beyond * np.uint64(8))
    return np.asarray(every[starts] & mask)


def _mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Take the finishing steps of splitmix64, which spread every bit over all others."""
    values = values + _GOLDEN
    values = (values ^ (values >> np.uint64(30))) * _FIRST
    values = (values ^ (values >> np.uint64(27))) * _SECOND
    return values ^ (values >> np.uint64(31))
