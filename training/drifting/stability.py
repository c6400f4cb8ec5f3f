"""Whether two samples of leads look alike: population stability, and how likely chance alone would set them apart."""

import numpy as np
from scipy.stats import chi2, fisher_exact, norm

from features.wilson import Z_95
from training.measuring.metrics import Floats

LEAST_SHARE = 0.005  # a cell counts as this at least: an empty one would make the index infinite, a rare one loud
FEWEST_EXPECTED = 5  # leads in a cell, below which the chi-square law does not hold (Cochran 1954)
EXACT_UP_TO = 5_000  # leads, above which the normal law is as good as the exact one and much faster


def population_stability(reference: Floats, observed: Floats) -> float:
    """Give the population stability index of counts of leads by cell, float64[cells] each; 0 where shares are equal.

    It is the sum over cells of `(q - p) * log(q / p)`, p and q being the shares of a cell, and adds up what
    came and what went. By long use in credit scoring, under .1 is stable and from .25 on is another population.
    Source: Siddiqi, Credit Risk Scorecards (2006), chapter 8.

    >>> round(population_stability(np.array([500.0, 500.0]), np.array([400.0, 600.0])), 3)
    0.041
    """
    p, q = (np.maximum(counts / max(1.0, counts.sum()), LEAST_SHARE) for counts in (reference, observed))
    return float(np.sum((q - p) * np.log(q / p)))


def chance_of_counts(reference: Floats, observed: Floats) -> float:
    """Give the p-value that both counts of leads by cell come from one population: chi-square of homogeneity.

    Cells in which fewer than five of the observed leads are expected are taken together; 1 where one cell is left.
    """
    reference, observed = _sparse_together(reference, observed)
    both = reference + observed
    if len(both) < 2 or not reference.sum() or not observed.sum():
        return 1.0
    statistic = 0.0
    for counts in (reference, observed):
        expected = both * counts.sum() / both.sum()
        statistic += float(((counts - expected) ** 2 / expected).sum())
    return float(chi2.sf(statistic, len(both) - 1))


def chance_of_rates(reference: tuple[int, int], observed: tuple[int, int]) -> float:
    """Give the p-value that two rates, each as (leads with it, leads), are one rate: Fisher's exact test.

    >>> chance_of_rates((10, 100), (10, 100))
    1.0
    """
    table = [[hits, leads - hits] for hits, leads in (reference, observed)]
    return min(1.0, float(fisher_exact(table).pvalue))


def chance_of_outcomes(probabilities: Floats, sqls: int) -> float:
    """Give the p-value that so many SQLs, or a number as far off, come of leads with these probabilities, [n].

    >>> round(chance_of_outcomes(np.full(10, 0.5), 0), 4)
    0.002
    """
    if len(probabilities) <= EXACT_UP_TO:
        law = _law(probabilities)
        fewer, more = float(law[: sqls + 1].sum()), float(law[sqls:].sum())
    else:
        off, spread = sqls - float(probabilities.sum()), _spread(probabilities)
        fewer, more = float(norm.cdf((off + 0.5) / spread)), float(norm.sf((off - 0.5) / spread))
    return min(1.0, 2 * min(fewer, more))


def likely_outcomes(probabilities: Floats) -> tuple[float, float]:
    """Give the fewest and most SQLs that leads with these probabilities, [n], give in 95 of 100 cases.

    >>> likely_outcomes(np.full(10, 0.5))
    (2.0, 8.0)
    """
    if len(probabilities) <= EXACT_UP_TO:
        up_to = np.cumsum(_law(probabilities))
        return float(np.searchsorted(up_to, 0.025)), float(np.searchsorted(up_to, 0.975))
    half = Z_95 * _spread(probabilities)
    return max(0.0, float(probabilities.sum()) - half), float(probabilities.sum()) + half


def _law(probabilities: Floats) -> Floats:
    """Give the probability of each number of SQLs, float64[n + 1]: the Poisson binomial law, lead by lead."""
    law = np.zeros(len(probabilities) + 1)
    law[0] = 1.0
    for leads, p in enumerate(probabilities.tolist(), start=1):
        law[1 : leads + 1] = law[1 : leads + 1] * (1 - p) + law[:leads] * p
        law[0] *= 1 - p
    return law


def _spread(probabilities: Floats) -> float:
    return max(1e-9, float(np.sqrt((probabilities * (1 - probabilities)).sum())))


def _sparse_together(reference: Floats, observed: Floats) -> tuple[Floats, Floats]:
    both = reference + observed
    expected = both * observed.sum() / max(1.0, both.sum())
    sparse = expected < FEWEST_EXPECTED
    together = [np.append(counts[~sparse], counts[sparse].sum()) for counts in (reference, observed)]
    kept = together[0] + together[1] > 0
    return together[0][kept], together[1][kept]
