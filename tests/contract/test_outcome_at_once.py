"""Chapter outcome: what is sent at the same instant is settled once."""

from dataclasses import replace
from typing import Any

import pytest

from tests.harness.ledger import DAY
from tests.harness.scenario import Scenario

clause = pytest.mark.clause


@clause("outcome.concurrent-once")
def test_the_same_ids_at_once_are_settled_once(scenario: Scenario) -> None:
    (single,) = scenario.take(1)
    scenario.at_once([{"transaction_ids": [single]}] * 4, "the same ids at once")
    scenario.ids(single)


@clause("outcome.concurrent-once")
def test_the_same_range_at_once_is_settled_once(scenario: Scenario) -> None:
    window = scenario.window(1)
    scenario.at_once([{"date_range": window.range}] * 4, "the same range at once")
    scenario.range(window)


@clause("outcome.concurrent-once")
@pytest.mark.depth
@pytest.mark.parametrize("count", [1, 10000])
def test_the_same_count_at_once_settles_no_more_than_there_is(
    scenario: Scenario, count: int
) -> None:
    window = scenario.window(1)
    body = {"number_of_transactions": count, "date_range": window.range}
    scenario.at_once([body] * 5, "the same count at once")


@clause("outcome.concurrent-once")
@pytest.mark.depth
def test_many_at_once_again_and_again_are_settled_once(scenario: Scenario) -> None:
    for single in scenario.take(4):
        scenario.at_once([{"transaction_ids": [single]}] * 12, "the same ids at once")
    for _ in range(2):
        window = scenario.window(1)
        scenario.at_once([{"date_range": window.range}] * 10, "the same range at once")


@clause("outcome.concurrent-once")
@pytest.mark.smoke
def test_overlapping_ids_at_once_are_each_settled_once(scenario: Scenario) -> None:
    first, second, third = scenario.take(3)
    pairs = [[first, second], [second, third], [third, first]]
    scenario.at_once([{"transaction_ids": pair} for pair in pairs], "overlapping ids at once")
    scenario.ids(first, second, third)


@clause("outcome.concurrent-once")
@pytest.mark.depth
def test_ranges_that_overlap_are_settled_once(scenario: Scenario) -> None:
    window = scenario.window(1)
    longer = replace(window, end=window.end + DAY)
    bodies: list[dict[str, Any]] = [{"date_range": each.range} for each in (window, longer)]
    scenario.at_once(bodies * 3, "overlapping ranges at once")
    scenario.range(longer)


@clause("outcome.concurrent-once")
@pytest.mark.depth
def test_what_several_options_select_at_once_is_settled_once(scenario: Scenario) -> None:
    for _ in range(2):
        window = scenario.window(1)
        bodies: list[dict[str, Any]] = [
            {"date_range": window.range},
            {"date_range": window.range, "number_of_transactions": 10000},
            {"transaction_ids": list(window.ids)},
        ]
        scenario.at_once(bodies * 2, "several options at once")
        scenario.ids(*window.ids)
