"""The kinds of value that leadsift.toml holds, each checked so that the message says how to mend it."""

import codecs
import unicodedata
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BeforeValidator, Field, PlainValidator, ValidationInfo
from pydantic_core import PydanticCustomError

from features.config.week import BusinessHours, WeekTime, parse_business_hours, parse_week_time
from features.problems import did_you_mean

REFUSED = "refused"  # the error type that carries its own sentence and remedy
DATA_SUFFIXES = (".csv", ".tsv", ".txt", ".parquet")
STORE_SCHEMES = ("sqlite", "postgresql")
TRACKING_SCHEMES = ("sqlite", "postgresql", "mysql", "mssql", "http", "https", "databricks")


def refuse(what: str, remedy: str) -> NoReturn:
    """Refuse a value, with the end of the sentence "[section] key ..." and what to do."""
    raise PydanticCustomError(REFUSED, "{what}", {"what": what, "remedy": remedy})


def _text(value: Any) -> str:
    if not isinstance(value, str):
        refuse("is not text", 'write it in quotes, as "..."')
    if not value.strip():
        refuse("is empty", "write something, or leave the key out")
    return value


def _column(value: Any) -> str:
    return normal_name(_text(value))


def normal_name(name: str) -> str:
    """Give a column name without blanks around it and with accents in their composed form.

    >>> normal_name("  Zip Code ")
    'Zip Code'
    """
    return unicodedata.normalize("NFC", name.strip())


def _words(value: Any) -> tuple[str, ...]:
    """Accept words, numbers and true/false, as a data cell would show them."""
    if not isinstance(value, list | tuple) or not all(isinstance(each, str | int | float) for each in value):
        refuse("is not a list of words", 'write it as ["yes", "1"]')
    if not value:
        refuse("is an empty list", "name at least one word")
    return tuple(str(each).lower() if isinstance(each, bool) else str(each).strip() for each in value)


def _data_file(value: Any, info: ValidationInfo) -> Path:
    path = Path(_text(value))
    if path.suffix.lower() not in DATA_SUFFIXES:
        refuse(f"is {path.name!r}, neither CSV nor Parquet", f"save it as one of {', '.join(DATA_SUFFIXES)}")
    return _root(info) / path.expanduser()


def _url(value: Any, info: ValidationInfo, schemes: tuple[str, ...]) -> str:
    url = _text(value).strip()
    scheme, found, _ = url.partition("://")
    if not found or scheme.split("+")[0] not in schemes:
        # the rest of an address may hold a password, so only its kind is shown
        what = f"is an address of the kind {scheme!r}" if found else "is not an address"
        refuse(what, f"write one that starts with {', '.join(f'{each}://' for each in schemes)}")
    return absolute_sqlite_url(url, _root(info))


def absolute_sqlite_url(url: str, root: Path) -> str:
    """Give a SQLite URL whose file does not depend on the working folder; other URLs come back unchanged.

    >>> absolute_sqlite_url("sqlite:///.leadsift/leadsift.db", Path("/srv/acme"))
    'sqlite:////srv/acme/.leadsift/leadsift.db'
    """
    head, found, rest = url.partition(":///")
    file, query, options = rest.partition("?")
    if not head.startswith("sqlite") or not found or file in ("", ":memory:"):
        return url
    return f"{head}:///{(root / file).as_posix()}{query}{options}"


def _store_url(value: Any, info: ValidationInfo) -> str:
    return _url(value, info, STORE_SCHEMES)


def _tracking_uri(value: Any, info: ValidationInfo) -> str:
    return _url(value, info, TRACKING_SCHEMES)


def _root(info: ValidationInfo) -> Path:
    assert isinstance(info.context, dict), "the sections are validated with their folder as context"
    root = info.context["root"]
    assert isinstance(root, Path)
    return root


def _zone(value: Any) -> str:
    name = _text(value)
    if name not in available_timezones():
        refuse(f"is {name!r}, not a time zone", did_you_mean(name, sorted(available_timezones())))
    ZoneInfo(name)
    return name


def _encoding(value: Any) -> str:
    name = _text(value)
    try:
        return codecs.lookup(name).name
    except LookupError:
        refuse(f"is {name!r}, not an encoding", did_you_mean(name, ["utf-8", "utf-16", "cp1252", "latin-1"]))


def _cuts(value: Any) -> tuple[float, ...]:
    numbers = isinstance(value, list | tuple) and all(type(cut) in (int, float) for cut in value)
    if not numbers or len(value) != 3 or not 1 > value[0] > value[1] > value[2] > 0:
        refuse(f"is {value!r}", "write three shares between 0 and 1, falling, as [0.8, 0.5, 0.2]")
    return tuple(float(cut) for cut in value)


def _week_time(value: Any) -> WeekTime:
    try:
        return parse_week_time(_text(value))
    except ValueError as error:
        refuse(f"is {value!r}: {error}", 'write a day and a time, as "Mon 09:00"')


def _business_hours(value: Any) -> BusinessHours:
    try:
        return parse_business_hours(_text(value))
    except ValueError as error:
        refuse(f"is {value!r}: {error}", 'write days and times, as "Mon-Fri 09:00-18:00"')


def _days(value: Any) -> tuple[date, ...]:
    """Accept dates as TOML writes them, 2026-12-25, with or without quotes."""
    if not isinstance(value, list | tuple):
        refuse(f"is {value!r}", "write a list of days, as [2026-12-25]")
    return tuple(sorted({_day(each) for each in value}))


def _day(value: Any) -> date:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            refuse(f"holds {value!r}", "write each day as 2026-12-25")
    if not isinstance(value, date) or isinstance(value, datetime):
        refuse(f"holds {value!r}", "write each day as 2026-12-25")
    return value


Text = Annotated[str, BeforeValidator(_text)]
ColumnName = Annotated[str, BeforeValidator(_column)]
ColumnNames = Annotated[tuple[ColumnName, ...], Field(strict=False)]
Words = Annotated[tuple[str, ...], PlainValidator(_words)]
DataFile = Annotated[Path, PlainValidator(_data_file)]
StoreUrl = Annotated[str, PlainValidator(_store_url)]
TrackingUri = Annotated[str, PlainValidator(_tracking_uri)]
ZoneName = Annotated[str, PlainValidator(_zone)]
Encoding = Annotated[str, PlainValidator(_encoding)]
GradeCuts = Annotated[tuple[float, ...], PlainValidator(_cuts)]
AtWeekTime = Annotated[WeekTime, PlainValidator(_week_time)]
Hours = Annotated[BusinessHours, PlainValidator(_business_hours)]
Days = Annotated[tuple[date, ...], PlainValidator(_days)]
