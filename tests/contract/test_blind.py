"""Chapter outcome without known transactions: relations between answers, and nothing else.

What a window gave binds what it gives next. Windows are probed for life with a count of one, which
spends at most one transaction each, before a whole one is spent.
"""

from typing import Any

import pytest

from tests.harness.scenario import Scenario

clause = pytest.mark.clause
pytestmark = [pytest.mark.blind, pytest.mark.consumes]


@clause("outcome.settled-once")
def test_a_window_that_was_settled_gives_nothing_again(scenario: Scenario) -> None:
    window = scenario.live_window()
    scenario.range(window)
    scenario.range(window)
    scenario.count(1, window)
    scenario.range(scenario.half_of(window))
    scenario.range(window, transaction_ids=[])


@clause("outcome.settled-once")
def test_a_window_that_a_count_emptied_gives_nothing_again(scenario: Scenario) -> None:
    window = scenario.live_window()
    # More than a window of a test account holds.
    for number in (10000, 10000, 3):
        scenario.count(number, window)
    scenario.range(window)
    scenario.range(scenario.half_of(window))


@clause("outcome.concurrent-once")
def test_a_window_at_once_is_settled_once(scenario: Scenario) -> None:
    def bodies() -> list[Any]:
        return [{"date_range": scenario.live_window().range}] * 8

    for _ in range(2):
        done = scenario.at_once(bodies, "the same range at once")
        scenario.send(done[0].request)
