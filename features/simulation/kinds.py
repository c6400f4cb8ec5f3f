"""What leads can do: every kind of event, how common it is, what it is worth and what it is about."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EventKind:
    """One kind of event.

    `share` is relative; `tilt` is how much more the interested do it (log, per standard deviation). `effect` is in
    log-odds per unit of log(1 + decayed count), the count halving every `half_life_days`.
    """

    word: str
    share: float
    tilt: float
    effect: float
    half_life_days: float
    contents: tuple[str, ...]


PAGES = (
    "home",
    "product",
    "tour",
    "integrations",
    "customers",
    "security",
    "blog-1",
    "blog-2",
    "blog-3",
    "about",
    "careers",
)
MAILS = (
    "welcome",
    "newsletter-1",
    "newsletter-2",
    "newsletter-3",
    "newsletter-4",
    "invitation",
    "release",
    "case-study",
)
GUIDES = ("guide-1", "guide-2", "guide-3", "guide-4", "checklist", "template", "whitepaper", "calculator")
WEBINARS = ("webinar-1", "webinar-2", "webinar-3", "webinar-4")
FORMS = ("contact", "newsletter-form", "trial", "event-form")

KINDS = (
    EventKind("page_view", 42, 0.0, 0.15, 7, PAGES),
    EventKind("email_open", 25, -0.2, 0.0, 30, MAILS),
    EventKind("email_click", 9, 0.1, 0.15, 30, MAILS),
    EventKind("download", 7, 0.1, 0.30, 30, GUIDES),
    EventKind("webinar", 4, 0.2, 0.40, 90, WEBINARS),
    EventKind("pricing_view", 6, 0.4, 0.35, 30, ("pricing", "plans", "quote")),
    EventKind("form_fill", 5, 0.1, 0.15, 30, FORMS),
    EventKind("demo_request", 2, 0.5, 0.65, 30, ("demo-live", "demo-recorded")),
)
CONTENTS = tuple(dict.fromkeys(content for kind in KINDS for content in kind.contents))


def kind_place(word: str) -> int:
    """Give the place of a kind of event.

    >>> kind_place("email_open")
    1
    """
    return [kind.word for kind in KINDS].index(word)
