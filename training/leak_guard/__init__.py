"""The leak guard: what knows the outcome, because it is only known after sales has decided.

Run by `check` and before every training, on what is known of the leads as of their hand-over. Each kind of leak is a
file of its own here, a search that gives the evidence in words and numbers.
"""

from training.leak_guard.guard import find_leaks, refuse_leaks, search_leaks
from training.leak_guard.leak import Leak

__all__ = ["Leak", "find_leaks", "refuse_leaks", "search_leaks"]
