"""What the list of leads that were not worked in time shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from serving.pages.addresses import address, lead_address
from serving.pages.filters import FilterForm, filter_form
from serving.pages.wording.formats import Formats
from serving.pages.wording.marked import N_
from serving.reports.agreement.breaches import Breach, Breaches, BreachState
from serving.reports.lead_filter import LeadFilter
from serving.reports.lead_list import ROWS

PATH = "/agreement/breaches"
STATES = {
    None: N_("all"),
    BreachState.WAITING: N_("still waiting"),
    BreachState.LATE: N_("worked late"),
}


@dataclass(frozen=True)
class BreachRow:
    """A lead of the list, and where its page is."""

    breach: Breach
    address: str


@dataclass(frozen=True)
class StateOption:
    """One of the states to choose from; the empty value is all of them."""

    value: str
    title: str
    is_chosen: bool


@dataclass(frozen=True)
class BreachesPage:
    """The page. `before`, `after`: addresses of the pages beside it, None where there is none."""

    listed: Breaches
    rows: Sequence[BreachRow]
    form: FilterForm
    states: Sequence[StateOption]
    agreement: str
    before: str | None
    after: str | None


def breaches_view(listed: Breaches, options: Mapping[str, Sequence[str]], f: Formats) -> BreachesPage:
    """Give the page for a reader."""
    form = filter_form(PATH, listed.asked, options, f.words)
    states = [
        StateOption("" if state is None else state.value, f.words(title), state is listed.state)
        for state, title in STATES.items()
    ]
    return BreachesPage(
        listed=listed,
        rows=breach_rows(listed),
        form=replace(form, is_filtered=form.is_filtered or listed.state is not None),
        states=states,
        agreement=address("/agreement", listed.asked),
        before=_beside(listed, -1),
        after=_beside(listed, 1),
    )


def breach_rows(listed: Breaches) -> Sequence[BreachRow]:
    """Give the leads with their addresses."""
    return [BreachRow(each, lead_address(each.lead_id)) for each in listed.listed]


def breaches_address(asked: LeadFilter, state: BreachState | None = None, **more: int) -> str:
    """Give where the breaches that a filter leaves are listed; `more`: the page, and how many rows it has."""
    return address(PATH, asked, state=None if state is None else state.value, **more)


def _beside(listed: Breaches, step: int) -> str | None:
    page = listed.page + step
    more = {} if listed.rows_a_page == ROWS else {"rows": listed.rows_a_page}
    return breaches_address(listed.asked, listed.state, page=page, **more) if 1 <= page <= listed.pages else None
