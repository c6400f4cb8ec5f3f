"""Numbers, dates and spans of time in the reader's own form."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton
from babel.numbers import format_decimal, format_percent

from serving.pages.wording.words import Words

MINUTE_S, HOUR_S = 60, 3_600
FEW_HOURS = 48  # spans up to here are told in hours, longer ones in days
NONE = "–"


@dataclass(frozen=True)
class Formats:
    """How one reader sees figures: by locale, in the company's time zone."""

    locale: Locale
    zone: tzinfo
    words: Words

    @property
    def language(self) -> str:
        """Give the language of the page, as HTML names it."""
        return self.words.language

    def number(self, value: float | None, digits: int = 0) -> str:
        """Give a number with so many digits after the point; a dash for none."""
        if value is None:
            return NONE
        return str(format_decimal(round(value, digits) + 0.0, _pattern("#,##0", digits), self.locale))

    def percent(self, share: float | None, digits: int = 0) -> str:
        """Give a share (0 to 1) in percent; a dash for none."""
        if share is None:
            return NONE
        pattern = self.locale.percent_formats[None].pattern.replace("0", _pattern("0", digits))
        return str(format_percent(share, pattern, self.locale))

    def points(self, value: float | None) -> str:
        """Give points with their sign: +14, −3, 0; a dash for none."""
        if value is None:
            return NONE
        rounded = round(value)
        sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
        return sign + self.number(abs(rounded))

    def signed(self, value: float | None, digits: int = 0) -> str:
        """Give a number with its sign; a dash for none."""
        if value is None:
            return NONE
        rounded = round(value, digits)
        sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
        return sign + self.number(abs(rounded), digits)

    def interval(self, low: float, high: float) -> str:
        """Give a 95 % interval of a share, in percent."""
        return f"{self.number(100 * low)}–{self.percent(high)}"

    def leads(self, count: int) -> str:
        """Give a number of leads with the word."""
        said = self.words.plural("%(count)s lead", "%(count)s leads", count)
        return said % {"count": self.number(count)}

    def of_leads(self, count: int) -> str:
        """Give what a rate is of."""
        return self.words.plural("of %(count)s lead", "of %(count)s leads", count) % {"count": self.number(count)}

    def day(self, day: date) -> str:
        """Give a day without its year."""
        return str(format_skeleton("MMMd", day, locale=self.locale))

    def date(self, day: date | datetime | None) -> str:
        """Give a day, in the company's zone; a dash for none."""
        if day is None:
            return NONE
        day = day.astimezone(self.zone).date() if isinstance(day, datetime) else day
        return str(format_date(day, "medium", self.locale))

    def moment(self, moment: datetime | None) -> str:
        """Give a day and the time of the company's clock; a dash for none."""
        if moment is None:
            return NONE
        return str(format_datetime(moment.astimezone(self.zone), "short", locale=self.locale))

    def span(self, span: timedelta | float | None) -> str:
        """Give a span of time, also in seconds: minutes, hours up to two days' worth, or days; a dash for none."""
        if span is None:
            return NONE
        seconds = span.total_seconds() if isinstance(span, timedelta) else span
        if seconds < FEW_HOURS * HOUR_S:
            return self.hours(seconds)
        days = seconds / HOUR_S / 24
        count = round(days)
        return self.words.plural("%(days)s day", "%(days)s days", count) % {"days": self.number(days)}

    def hours(self, seconds: float | None) -> str:
        """Give business time, in minutes or hours however many: eight of its hours are a day's; a dash for none."""
        if seconds is None:
            return NONE
        if seconds < HOUR_S:
            return self.words("%(minutes)s min") % {"minutes": self.number(seconds / MINUTE_S)}
        hours = seconds / HOUR_S
        return self.words("%(hours)s h") % {"hours": self.number(hours, 1 if hours < 10 else 0)}

    def age(self, since: datetime | None, now: datetime) -> str:
        """Give how long ago a moment was."""
        return NONE if since is None else self.span(max(now - since, timedelta(0)))


def _pattern(whole: str, digits: int) -> str:
    return f"{whole}.{'0' * digits}" if digits else whole
