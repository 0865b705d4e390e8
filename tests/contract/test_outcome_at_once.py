"""Chapter outcome: what is sent at the same instant is settled once."""

from dataclasses import replace
from typing import Any

import pytest

from tests.harness.cases import unknown_ids
from tests.harness.ledger import DAY
from tests.harness.scenario import Scenario

clause = pytest.mark.clause


@clause("outcome.concurrent-once")
def test_the_same_ids_at_once_are_settled_once(scenario: Scenario) -> None:
    def bodies() -> list[Any]:
        return [{"transaction_ids": scenario.take(1)}] * 4

    done = scenario.at_once(bodies, "the same ids at once")
    scenario.send(done[0].request)


@clause("outcome.concurrent-once")
def test_the_same_range_at_once_is_settled_once(scenario: Scenario) -> None:
    def bodies() -> list[Any]:
        return [{"date_range": scenario.window(1).range}] * 4

    scenario.at_once(bodies, "the same range at once")


@clause("outcome.concurrent-once")
@pytest.mark.depth
@pytest.mark.parametrize("count", [1, 10000])
def test_the_same_count_at_once_settles_no_more_than_there_is(
    scenario: Scenario, count: int
) -> None:
    def bodies() -> list[Any]:
        return [{"number_of_transactions": count, "date_range": scenario.window(1).range}] * 5

    scenario.at_once(bodies, "the same count at once")


@clause("outcome.concurrent-once")
@pytest.mark.depth
def test_many_at_once_again_and_again_are_settled_once(scenario: Scenario) -> None:
    def ids() -> list[Any]:
        return [{"transaction_ids": scenario.take(1)}] * 12

    def among_others() -> list[Any]:
        (single,) = scenario.take(1)
        return [{"transaction_ids": [single, id_]} for id_ in unknown_ids(12, scenario.account)]

    def ranges() -> list[Any]:
        return [{"date_range": scenario.window(1).range}] * 10

    for bodies, case, times in (
        (ids, "the same ids at once", 2),
        (among_others, "one id among others at once", 3),
        (ranges, "the same range at once", 2),
    ):
        for _ in range(times):
            done = scenario.at_once(bodies, case)
            scenario.send(done[0].request)


@clause("outcome.concurrent-once")
@pytest.mark.smoke
def test_overlapping_ids_at_once_are_each_settled_once(scenario: Scenario) -> None:
    def bodies() -> list[Any]:
        first, second, third = scenario.take(3)
        pairs = [[first, second], [second, third], [third, first]]
        return [{"transaction_ids": pair} for pair in pairs]

    scenario.at_once(bodies, "overlapping ids at once")


@clause("outcome.concurrent-once")
@pytest.mark.depth
def test_different_ids_at_once_are_each_settled(scenario: Scenario) -> None:
    def bodies() -> list[Any]:
        return [{"transaction_ids": [id_]} for id_ in scenario.take(2)]

    for exchange in scenario.at_once(bodies, "different ids at once"):
        scenario.send(exchange.request, "different ids at once")


@clause("outcome.concurrent-once")
@pytest.mark.depth
def test_ranges_that_overlap_are_settled_once(scenario: Scenario) -> None:
    def bodies() -> list[Any]:
        window = scenario.window(1)
        longer = replace(window, end=window.end + DAY)
        return [{"date_range": each.range} for each in (window, longer)] * 3

    done = scenario.at_once(bodies, "overlapping ranges at once")
    scenario.send(done[-1].request)


@clause("outcome.concurrent-once")
@pytest.mark.depth
def test_what_several_options_select_at_once_is_settled_once(scenario: Scenario) -> None:
    def bodies() -> list[Any]:
        window = scenario.window(1, alone=True)
        range_ = {"date_range": window.range}
        return [
            range_,
            {**range_, "number_of_transactions": 10000},
            {"transaction_ids": window.ids},
        ] * 2

    for _ in range(2):
        done = scenario.at_once(bodies, "several options at once")
        scenario.send(done[-1].request)


@clause("outcome.concurrent-once")
@pytest.mark.depth
def test_two_accounts_at_once_are_each_settled(scenario: Scenario) -> None:
    def bodies() -> list[Any]:
        (theirs,) = scenario.take_from_other(1)
        first, second, third = ({"transaction_ids": [id_]} for id_ in scenario.take(3))
        return [first, scenario.request_elsewhere({"transaction_ids": [theirs]}), second, third]

    for _ in range(2 if scenario.fresh else 1):
        for exchange in scenario.at_once(bodies, "two accounts at once"):
            scenario.send(exchange.request, "two accounts at once")
