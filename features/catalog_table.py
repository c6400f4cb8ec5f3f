"""The catalogue as a page of documentation shows it."""

from features.catalog import Catalog
from features.feature import Feature

HEADER = ("Feature", "Side", "Kind", "Unit", "How it is computed", "Missing means")


def catalog_table(catalog: Catalog) -> str:
    """Give every feature as a row of a Markdown table."""
    rows = [HEADER, ("---",) * len(HEADER), *(_cells(feature) for feature in catalog.features)]
    return "\n".join("| " + " | ".join(_escape(cell) for cell in row) + " |" for row in rows)


def _cells(feature: Feature) -> tuple[str, ...]:
    return (f"`{feature.name}`", feature.side, feature.kind, feature.unit, feature.how, feature.missing)


def _escape(cell: str) -> str:
    return " ".join(cell.replace("|", "\\|").split())
