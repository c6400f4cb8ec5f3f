"""What only shows when keys and sections are read together: contradictions, and columns with two meanings."""

from collections.abc import Callable, Iterator, Mapping
from typing import cast

from features.attributes import Kind
from features.config.sections import OUTCOMES, Events, FeatureColumn, Features, Leads, Outcomes, Priors, Section
from features.problems import Problem

EVENT_KEYS = ("lead_id", "occurred_at", "type")
OUTCOME_KEYS = ("lead_id", "decided_at", "outcome")


def problems_together(sections: Mapping[str, Section | None], file: str) -> list[Problem]:
    """Give the contradictions between the sections that are valid in themselves."""
    checks: dict[tuple[str, ...], Callable[..., Iterator[Problem]]] = {
        ("leads",): _leads_keys,
        ("leads", "events", "outcomes"): _files_needed,
        ("leads", "features"): _column_uses,
        ("outcomes",): _outcome_words,
        ("features",): _feature_columns,
        ("priors",): _prior_weight,
    }
    found = []
    for names, check in checks.items():
        if all(name in sections for name in names):
            found += list(check(file, *(sections[name] for name in names)))
    return found


def _leads_keys(file: str, leads: Leads) -> Iterator[Problem]:
    if leads.source == "file" and leads.file is None:
        yield Problem('[leads] has source = "file" and no file', "name the file, or take source out", file)
    if leads.handed_over_at and leads.order:
        yield Problem("[leads] has both handed_over_at and order", "keep handed_over_at, which says more", file)
    named = _named(leads)
    if leads.label:
        named["label"] = leads.label.column
    for key, column in named.items():
        if column in leads.exclude:
            yield Problem(f"[leads] {key} is also in exclude", "take it out of one of them", file, value=column)


def _named(leads: Leads) -> dict[str, str | None]:
    keys = ("id", "handed_over_at", "order", "owner", "first_touch_at")
    return {key: getattr(leads, key) for key in keys}


def _column_uses(file: str, leads: Leads, features: Features) -> Iterator[Problem]:
    taken = dict.fromkeys(leads.exclude, "in [leads] exclude")
    taken |= {column: f"[leads] {key}" for key, column in _named(leads).items() if column}
    if leads.label:
        taken[leads.label.column] = "the label"
    for side, columns in _sides(features):
        for each in columns:
            if each.column in taken:
                what = f"stands in [features] {side} and is also {taken[each.column]}"
                yield Problem(what, "take it out of one of them", file, value=each.column)
            if each.kind is Kind.DATE and not leads.handed_over_at and not leads.from_store:
                what = f"stands in [features] {side} as a date, which needs [leads] handed_over_at"
                yield Problem(what, "name the hand-over column, or take the feature out", file, value=each.column)


def _feature_columns(file: str, features: Features) -> Iterator[Problem]:
    first_side: dict[str, str] = {}
    for side, columns in _sides(features):
        for each in columns:
            if first_side.setdefault(each.column, side) != side:
                what = "is both a fit and an engagement feature"
                yield Problem(what, "every feature is one of the two: take it out of one list", file, value=each.column)
        names = [each.column for each in columns]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield Problem(f"stands twice in [features] {side}", "name it once", file, value=name)
        for each in columns:
            yield from _bounds(file, side, each)


def _bounds(file: str, side: str, each: FeatureColumn) -> Iterator[Problem]:
    if each.min is None and each.max is None:
        return
    if each.kind not in (None, Kind.NUMBER):
        yield Problem(
            f"[features] {side} has bounds on a {each.kind}", "bounds are for numbers", file, value=each.column
        )
    if each.min is not None and each.max is not None and each.min > each.max:
        what = f"has in [features] {side} min {each.min:g} above max {each.max:g}"
        yield Problem(what, "exchange the two", file, value=each.column)


def _files_needed(file: str, leads: Leads, events: Events | None, outcomes: Outcomes | None) -> Iterator[Problem]:
    """Find what is missing to read files; where leads come from the store, none need be named."""
    needed = {"events": ("file", *EVENT_KEYS), "outcomes": ("file", *OUTCOME_KEYS)}
    for section, said in (("events", events), ("outcomes", outcomes)):
        if said is None or (leads.from_store and said.file is None):
            continue
        for key in needed[section]:
            if key not in said.model_fields_set:
                remedy = f"add the key to [{section}], or leave the section out"
                yield Problem(f"[{section}] {key} is missing", remedy, file)
    if not leads.handed_over_at and not leads.from_store:
        yield from _times_needed(file, leads, events, outcomes)


def _times_needed(file: str, leads: Leads, events: Events | None, outcomes: Outcomes | None) -> Iterator[Problem]:
    remedy = "name the column with the time of hand-over in [leads] handed_over_at"
    if events:
        yield Problem("[events] needs to know when each lead was handed over", remedy, file)
    if outcomes and not leads.label:
        yield Problem("[outcomes] needs to know when each lead was handed over", remedy, file)


def _outcome_words(file: str, outcomes: Outcomes | None) -> Iterator[Problem]:
    if outcomes is None:
        return
    first: dict[str, str] = {}
    for outcome in OUTCOMES:
        for word in cast("tuple[str, ...]", getattr(outcomes.values, outcome)):
            if first.setdefault(word.casefold(), outcome) != outcome:
                what = f"[outcomes] values gives this word to both {first[word.casefold()]} and {outcome}"
                yield Problem(what, "give each word to one outcome", file, value=word)


def _prior_weight(file: str, priors: Priors) -> Iterator[Problem]:
    if priors.rate is None and "leads" in priors.model_fields_set:
        yield Problem("[priors] leads says how much rate weighs, and there is no rate", "add rate, as rate = 0.2", file)


def _sides(features: Features) -> tuple[tuple[str, tuple[FeatureColumn, ...]], ...]:
    return ("fit", features.fit or ()), ("engagement", features.engagement)
