"""A feature's name in the reader's language: the English one comes with it, others are said from its key."""

import re

from features.words import words as plain_words
from serving.pages.wording.formats import Formats
from serving.pages.wording.marked import N_
from serving.pages.wording.words import ENGLISH

OVER_EVENTS = re.compile(r"events\.(?P<type>.+)\.(?P<how>[a-z_]+?)(?:_(?P<days>\d+)d)?")
ANY_TYPE = "any"
TITLES = {
    "count": N_("%(what)s, last %(days)s days"),
    "count_ever": N_("%(what)s so far"),
    "days_since_last": N_("days since the last %(what)s"),
    "days_since_first": N_("days since the first %(what)s"),
    "decayed": N_("%(what)s, each counting half after %(days)s days"),
    "contents": N_("different contents (%(what)s), last %(days)s days"),
    "types": N_("kinds of activity, last %(days)s days"),
    "active_days": N_("days with %(what)s, last %(days)s days"),
    "trend": N_("%(what)s, last %(days)s days against the %(days)s before"),
}


def feature_title(feature: str | None, english: str, f: Formats) -> str:
    """Give the title of a feature by its name; what is none, and an attribute, keeps the one it has."""
    found = None if feature is None or f.language == ENGLISH else OVER_EVENTS.fullmatch(feature)
    title = None if found is None else TITLES.get(found["how"])
    if found is None or title is None:
        return english
    return f.words(title) % {"what": event_words(found["type"], f), "days": found["days"]}


def event_words(event_type: str, f: Formats) -> str:
    """Give what a feature counts: a type of event in the company's own words, or activity of any type."""
    return f.words(N_("activity")) if event_type == ANY_TYPE else plain_words(event_type)
