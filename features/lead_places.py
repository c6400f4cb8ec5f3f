"""Where in the table of leads the lead of each event stands."""

import polars as pl


def lead_places(leads: pl.DataFrame, events: pl.DataFrame) -> pl.Series:
    """Give the place in `leads` of each event's lead, in the order of `events`; null where it is not there.

    >>> lead_places(pl.DataFrame({"lead_id": ["a", "b"]}), pl.DataFrame({"lead_id": ["b", "c"]})).to_list()
    [1, None]
    """
    places = leads.lazy().select("lead_id").with_row_index("place")
    joined = events.lazy().select("lead_id").join(places, on="lead_id", how="left", maintain_order="left")
    return joined.select("place").collect(engine="in-memory").to_series()
