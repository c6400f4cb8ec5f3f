"""Colours of marks in the pages' charts: each stands out on white and on the dark scheme (3 to 1 and more)."""

OBSERVED = "#0d9488"  # what happened; fit
EXPECTED = "#d97706"  # what was promised; engagement
QUIET = "#7c8794"  # everything else
