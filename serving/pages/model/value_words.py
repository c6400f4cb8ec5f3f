"""What the model calls values that are none of their own, in the reader's language."""

from serving.pages.wording.formats import Formats
from serving.pages.wording.marked import N_

WORDS = {"any other": N_("any other"), "not known": N_("not known"), "yes": N_("yes"), "no": N_("no")}


def value_word(label: str, f: Formats) -> str:
    """Give a value as a reader sees it: a level as the company calls it, and what stands for others in words."""
    return f.words(WORDS[label]) if label in WORDS else label
