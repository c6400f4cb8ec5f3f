"""Addresses of pages, with what is asked of them."""

from typing import Any
from urllib.parse import quote, urlencode

from serving.reports.lead_filter import LeadFilter

NOTHING = LeadFilter()


def address(path: str, asked: LeadFilter = NOTHING, **more: Any) -> str:
    """Give an address with a filter and whatever else is asked; None is not asked.

    >>> address("/grid/leads", LeadFilter(owner="Ana & Co"), fit_grade="A", page=None)
    '/grid/leads?owner=Ana+%26+Co&fit_grade=A'
    """
    given = {name: value for name, value in (asked.to_json() | more).items() if value is not None}
    return f"{path}?{urlencode(given)}" if given else path


def lead_address(lead_id: str) -> str:
    """Give the address of a lead's page, whatever its id holds.

    >>> lead_address("L/2026/17 ñ")
    '/leads/L%2F2026%2F17%20%C3%B1'
    """
    return f"/leads/{quote(lead_id, safe='')}"
