"""Categories as small whole numbers: comparing those is quick, and each level stands in the query once."""

from collections.abc import Mapping

from features.attributes import Kind
from serving.model.encoding import Column, Encoder, Role

MISSING_CODE = -1


def level_codes(encoder: Encoder) -> Mapping[int, Mapping[str, int]]:
    """Give the code of each known level, by place of the category feature; all other levels have the next code."""
    levels = encoder.levels()
    return {
        at: {level: code for code, level in enumerate(levels[feature.name])}
        for at, feature in enumerate(encoder.catalog.features)
        if feature.kind is Kind.CATEGORY
    }


def code_of(column: Column, codes: Mapping[str, int]) -> int:
    """Give the code that a category has where this 0/1 column is 1.

    >>> code_of(Column(0, Role.LEVEL, "retail"), {"software": 0, "retail": 1}), code_of(Column(0, Role.OTHER), {"a": 0})
    (1, 1)
    """
    if column.role is Role.MISSING:
        return MISSING_CODE
    return len(codes) if column.level is None else codes[column.level]
