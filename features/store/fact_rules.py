"""By which rules the facts of a lead are counted: all that the config says of them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from features.agreement import Agreement
from features.business_clock import BusinessClock
from features.config import Config, Reports, Sla
from features.store.schema import NAME_CHARACTERS

FORM = 1  # counts up where facts come to mean something else, so that every store makes them anew
SIZES = ((1, "1-9"), (10, "10-49"), (50, "50-249"), (250, "250-999"), (1_000, "1,000+"))  # from, and the band's name


@dataclass(frozen=True)
class FactRules:
    """The rules of one company. `horizon` is how long after its hand-over a lead may become an SQL."""

    clock: BusinessClock
    agreement: Agreement
    horizon: timedelta
    reports: Reports

    @classmethod
    def of(cls, config: Config) -> "FactRules":
        """Give the rules that the config describes."""
        horizon = timedelta(days=config.label.horizon_days)
        return cls(BusinessClock.of(config), Agreement.of(config), horizon, config.reports)

    @property
    def digest(self) -> str:
        """Give what differs wherever the rules do."""
        holidays = sorted(self.clock.holidays)
        said = (FORM, self.clock.zone.key, self.clock.hours, holidays, self.agreement.sla, self.horizon, self.reports)
        return hashlib.sha256(repr(said).encode()).hexdigest()

    def parts(self, attributes: Mapping[str, Any]) -> dict[str, str | None]:
        """Give the sector, size, source and campaign of a lead, as text."""
        named = self.reports
        return {
            "sector": _text(attributes.get(named.sector)),
            "size": size_band(attributes.get(named.size)),
            "source": _text(attributes.get(named.source)),
            "campaign": _text(attributes.get(named.campaign)),
        }


UTC = ZoneInfo("UTC")
NOTHING_AGREED = FactRules(BusinessClock(UTC), Agreement(Sla(), UTC), timedelta(days=90), Reports())


def size_band(value: Any) -> str | None:
    """Give the band that a size is in; what is no number stays as it is.

    >>> size_band(12), size_band(4000.0), size_band("small"), size_band(0), size_band(None)
    ('10-49', '1,000+', 'small', None, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _text(value)
    names = [name for least, name in SIZES if value >= least]
    return names[-1] if names else None


def _text(value: Any) -> str | None:
    return None if value is None else str(value)[:NAME_CHARACTERS] or None
