"""Who is at the keyboard, for the records."""

import getpass


def person() -> str:
    """Give the login name; "unknown" where the system has none, as in some containers."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"
