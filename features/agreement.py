"""What marketing and sales promised each other in [sla], as moments: when a lead is delivered, and when it is due."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from features.business_clock import WEEK_DAYS, first_at_or_after, first_shown
from features.config import Config, Sla


@dataclass(frozen=True)
class Agreement:
    """The promises of [sla], in the company's time zone."""

    sla: Sla
    zone: ZoneInfo

    @classmethod
    def of(cls, config: Config) -> "Agreement":
        """Give what the config says was agreed."""
        return cls(config.sla, config.company.zone)

    def delivered_at(self, handed_over_at: datetime) -> datetime:
        """Give the delivery that a lead is part of: the first `deliver_by` from its hand-over on.

        Where none is agreed, it is the hand-over itself.
        """
        if self.sla.deliver_by is None:
            return handed_over_at
        return first_at_or_after(handed_over_at, self.sla.deliver_by, self.zone)

    def due_at(self, handed_over_at: datetime) -> datetime | None:
        """Give when sales was to have looked at a lead: the first `qualify_by` after its delivery; None if not agreed.

        >>> from datetime import UTC
        >>> agreed = Agreement(Sla(deliver_by="Mon 09:00", qualify_by="Wed 18:00"), ZoneInfo("Europe/Madrid"))
        >>> agreed.due_at(datetime(2026, 3, 5, 12, tzinfo=UTC)).isoformat()  # a Thursday
        '2026-03-11T17:00:00+00:00'
        """
        if self.sla.qualify_by is None:
            return None
        return first_at_or_after(self.delivered_at(handed_over_at), self.sla.qualify_by, self.zone)

    def closes_at(self, week: date) -> datetime:
        """Give when the delivery of a week, named by its Monday, is complete: at `deliver_by`, else at its end."""
        if self.sla.deliver_by is None:
            return first_shown(week + timedelta(days=WEEK_DAYS), time(0), self.zone)
        return first_shown(week + timedelta(days=self.sla.deliver_by.day), self.sla.deliver_by.time, self.zone)

    def week_of(self, delivered_at: datetime) -> date:
        """Give the Monday of the week, on the company's clock, in which a delivery falls."""
        day = delivered_at.astimezone(self.zone).date()
        return day - timedelta(days=day.weekday())
