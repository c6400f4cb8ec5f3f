"""Stored attributes become columns as a typed file would have them."""

import polars as pl

from features.sources.attribute_frame import attribute_frame


def test_a_column_has_the_type_that_all_its_values_have() -> None:
    frame = attribute_frame([{"n": 1, "f": True, "t": "x"}, {"n": 2.5}, {"f": False}])
    assert frame.schema == {"f": pl.Boolean, "n": pl.Float64, "t": pl.String}
    assert frame.rows() == [(True, 1.0, "x"), (None, 2.5, None), (False, None, None)]


def test_values_of_several_types_are_text_as_a_person_would_write_it() -> None:
    frame = attribute_frame([{"x": "zip"}, {"x": 7}, {"x": 7.0}, {"x": 7.5}, {"x": True}, {}])
    assert frame["x"].to_list() == ["zip", "7", "7", "7.5", "true", None]


def test_leads_without_attributes_make_no_column() -> None:
    assert attribute_frame([{}, {}]).width == 0
