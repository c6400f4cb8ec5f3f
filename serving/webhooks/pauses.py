"""How long to wait before a call is made again."""

from datetime import timedelta

PAUSES = tuple(timedelta(seconds=each) for each in (10, 30, 120, 600, 1_800, 3_600, 7_200, 14_400))
SPREAD = 0.2  # so that calls which failed together do not come again together


def pause_after(attempts: int, draw: float) -> timedelta:
    """Give the pause after so many failed attempts; `draw`, 0 to 1, spreads it by a fifth to either side.

    >>> [str(pause_after(attempts, draw=0.5)) for attempts in (1, 2, 3, 8, 20)]
    ['0:00:10', '0:00:30', '0:02:00', '4:00:00', '4:00:00']
    """
    return PAUSES[min(attempts, len(PAUSES)) - 1] * (1 + SPREAD * (2 * draw - 1))
