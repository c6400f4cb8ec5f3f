"""The catalogue as documentation."""

from features.attributes import Attribute, Kind, Side
from features.catalog import build_catalog, overall, per_type
from features.catalog_table import catalog_table
from features.primitives import CountInWindow, DaysSinceLast


def test_every_feature_is_a_row_of_markdown() -> None:
    attribute = Attribute("size | band", Side.FIT, Kind.NUMBER)
    catalog = build_catalog([attribute], ["download"], [per_type(CountInWindow(30)), overall(DaysSinceLast())])
    assert catalog_table(catalog).splitlines() == [
        "| Feature | Side | Kind | Unit | How it is computed | Missing means |",
        "| --- | --- | --- | --- | --- | --- |",
        "| `size \\| band` | fit | number | as in the data | size \\| band as it is | not known |",
        "| `events.download.count_30d` | engagement | number | events "
        "| number of downloads in the 30 days up to as of | never missing: no events is a true 0 |",
        "| `events.any.days_since_last` | engagement | number | days "
        "| days from the last activity to as of | no event yet |",
    ]
