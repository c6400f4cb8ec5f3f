"""Invented names of companies."""

import polars as pl

from features.simulation.traits import Places
from features.simulation.words import words_at

FIRST = ["Alto", "Bahia", "Cedro", "Delta", "Encina", "Faro", "Granito", "Iberis", "Litoral", "Mirador", "Nova", "Olmo"]
SECOND = ["tec", "logis", "media", "pharma", "stock", "labs", "foods", "port", "home", "works", "data", "lux"]
FORM = ["SL", "SA", "Lda", "SARL", "GmbH", "Ltd"]
HEAD = len(SECOND) * len(FORM)
NAMES = len(FIRST) * HEAD


def account_names(account: Places) -> pl.Series:
    """Give each account's name; two accounts never share one.

    >>> import numpy as np
    >>> account_names(np.array([0, 7, 864])).to_list()
    ['Altotec SL', 'Altologis SA', 'Altotec SL 2']
    """
    parts = pl.DataFrame(
        {
            "first": words_at(FIRST, account % NAMES // HEAD).cast(pl.String),
            "second": words_at(SECOND, account % HEAD // len(FORM)).cast(pl.String),
            "form": words_at(FORM, account % len(FORM)).cast(pl.String),
            "round": account // NAMES + 1,
        }
    )
    plain = pl.format("{}{} {}", "first", "second", "form")
    numbered = pl.format("{} {}", plain, "round")
    return parts.select(account=pl.when(pl.col("round") == 1).then(plain).otherwise(numbered)).to_series()
