"""Who comes in: every level of a lead's traits, how common it is, what it is worth, and how people misspell it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Level:
    """One level of a trait: its share of the leads (relative), its effect (log-odds), and spellings seen in the CRM."""

    word: str
    share: float
    effect: float
    spellings: tuple[str, ...] = ()


SECTORS = (
    Level("Software", 22, 0.60, ("software ", "SaaS/Software", "SOFTWARE")),
    Level("Manufacturing", 18, 0.15, ("manufacturing", "Manufactoring")),
    Level("Professional services", 14, 0.30, ("Prof. services", "professional services")),
    Level("Retail", 13, -0.35, ("retail", "Retail & e-commerce")),
    Level("Finance", 10, 0.45, ("finance", "Financial services")),
    Level("Health care", 9, -0.15, ("Healthcare", "health care")),
    Level("Logistics", 6, 0.10, ("logistics",)),
    Level("Education", 5, -0.80, ("education", "Educaton")),
    Level("Public sector", 3, -1.00, ("public sector",)),
)
ROLES = (
    Level("Managing director", 14, 0.65, ("managing director", "MD", "CEO")),
    Level("Head of department", 22, 0.55, ("Head of Dept.", "head of department")),
    Level("Manager", 28, 0.10, ("manager", "Manger")),
    Level("Specialist", 22, -0.35, ("specialist", "Specialst")),
    Level("Consultant", 8, -0.60, ("consultant",)),
    Level("Student", 6, -1.80, ("student", "Student / trainee")),
)
COUNTRIES = (
    Level("ES", 40, 0.20, ("Spain", "España")),
    Level("PT", 14, 0.15, ("Portugal",)),
    Level("FR", 12, 0.00, ("France",)),
    Level("DE", 10, 0.05, ("Germany",)),
    Level("IT", 9, -0.10, ("Italy",)),
    Level("GB", 6, -0.20, ("UK",)),
    Level("MX", 5, -0.70),
    Level("AR", 4, -0.90),
)
SOURCES = (
    Level("Organic search", 24, 0.15),
    Level("Paid search", 20, -0.10),
    Level("Content syndication", 15, -0.55),
    Level("Webinar", 12, 0.05),
    Level("Social", 11, -0.35),
    Level("Referral", 8, 0.75),
    Level("Trade fair", 6, 0.20),
    Level("Partner", 4, 0.55),
)
OWNERS = ("Ana", "Bruno", "Carla", "Diego", "Elena", "Filipe", "Greta", "Hugo")


def shares(levels: tuple[Level, ...]) -> NDArray[np.float64]:
    """Give the levels' shares, adding up to one."""
    raw = np.array([level.share for level in levels])
    normalised: NDArray[np.float64] = raw / raw.sum()
    return normalised


def effects(levels: tuple[Level, ...]) -> NDArray[np.float64]:
    """Give the levels' effects in log-odds."""
    return np.array([level.effect for level in levels])


def place(levels: tuple[Level, ...], *words: str) -> list[int]:
    """Give the places of words among the levels.

    >>> place(ROLES, "Student", "Manager")
    [5, 2]
    """
    known = [level.word for level in levels]
    return [known.index(word) for word in words]
