"""Logging in as a person does: with a key, in the form."""

from playwright.sync_api import Page

from screenshots.running_pages import RunningPages
from serving.access import Role


def log_in(page: Page, pages: RunningPages, role: Role, after: str = "/overview") -> None:
    """Log in with the key of a role, and come to the page `after`."""
    page.goto(f"{pages.address}/login?next={after}")
    page.get_by_label("Key").fill(pages.keys[role])
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(f"{pages.address}{after}")
