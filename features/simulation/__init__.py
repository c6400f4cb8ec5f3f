"""A sample company whose every lead's true probability is known, so that a model can be held against the best one."""

from features.simulation.company import DEFAULT_END, Company, simulate
from features.simulation.folder import write_company

__all__ = ["DEFAULT_END", "Company", "simulate", "write_company"]
