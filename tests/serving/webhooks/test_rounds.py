"""What is done again and again goes on whatever goes wrong, and says so once."""

from collections.abc import Iterator
from threading import Event

import pytest

from serving.webhooks.rounds import LONGEST_PAUSE_S, Rounds


def steps(*results: bool | Exception | None) -> Rounds:
    left: Iterator[bool | Exception | None] = iter(results)

    def step() -> bool | None:
        result = next(left)
        if isinstance(result, Exception):
            raise result
        return result

    return Rounds("crm", step, every_s=2.0)


def test_more_to_do_is_done_at_once_and_otherwise_there_is_a_pause() -> None:
    rounds = steps(True, False, None)
    assert [rounds.once() for _ in range(3)] == [0.0, 2.0, 2.0]


def test_pauses_double_while_it_fails_and_are_short_again_when_it_works() -> None:
    rounds = steps(*[OSError("down")] * 6, True, OSError("down"))
    waits = [rounds.once() for _ in range(8)]
    assert waits == [4.0, 8.0, 16.0, LONGEST_PAUSE_S, LONGEST_PAUSE_S, LONGEST_PAUSE_S, 0.0, 4.0]


def test_a_failure_is_said_once_until_it_changes(capfd: pytest.CaptureFixture[str]) -> None:
    rounds = steps(OSError("down\nsecret"), OSError("down\nsecret"), OSError("still down"))
    for _ in range(3):
        rounds.once()
    captured = capfd.readouterr()
    said = (captured.out + captured.err).splitlines()
    assert ["OSError: down" in said[0], "OSError: still down" in said[1], len(said)] == [True, True, 2]


def test_the_thread_ends_when_it_is_told_to() -> None:
    ended = Event()
    looked = Event()
    thread = Rounds("crm", looked.set, every_s=60.0).begin(ended)
    assert looked.wait(10)
    ended.set()
    thread.join(10)
    assert not thread.is_alive()
