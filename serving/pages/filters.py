"""The form by which most pages part the leads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from serving.pages.wording.marked import N_
from serving.pages.wording.words import Words
from serving.reports.lead_filter import PARTS, LeadFilter

TITLES = {
    "sector": N_("Sector"),
    "size": N_("Size"),
    "source": N_("Source"),
    "campaign": N_("Campaign"),
    "owner": N_("Owner"),
}


@dataclass(frozen=True)
class Choice:
    """One field with the values to choose from."""

    name: str
    label: str
    chosen: str
    options: Sequence[str]


@dataclass(frozen=True)
class FilterForm:
    """The whole form; it is sent to `action`. `since`, `until`: days as HTML writes them, or nothing."""

    action: str
    since: str
    until: str
    choices: Sequence[Choice]
    is_filtered: bool


def filter_form(action: str, asked: LeadFilter, options: Mapping[str, Sequence[str]], words: Words) -> FilterForm:
    """Give the form with what was asked filled in; parts that no lead has are left out."""
    return FilterForm(
        action=action,
        since="" if asked.since is None else asked.since.isoformat(),
        until="" if asked.until is None else asked.until.isoformat(),
        choices=[_choice(name, asked, options, words) for name in PARTS if options[name] or name in asked.parts],
        is_filtered=not asked.is_empty,
    )


def _choice(name: str, asked: LeadFilter, options: Mapping[str, Sequence[str]], words: Words) -> Choice:
    chosen = asked.parts.get(name, "")
    named = list(options[name])
    return Choice(name, words(TITLES[name]), chosen, named if chosen in {"", *named} else [chosen, *named])
