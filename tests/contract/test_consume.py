"""The few requests that settle whatever there is: sent once each, at the very end."""

from typing import Any

import pytest

from tests.harness.cases import days
from tests.harness.fixtures import Put
from tests.harness.scenario import Scenario

pytestmark = pytest.mark.consumes
clause = pytest.mark.clause


@clause("outcome.default-window")
@pytest.mark.parametrize("options", [None, {}], ids=["none", "empty"])
def test_no_options_settle_the_last_days_and_nothing_older(
    scenario: Scenario, options: dict[str, Any] | None
) -> None:
    older = scenario.older(2 if options is None else 1)
    recent = scenario.recent()
    scenario.ask(options, case="default settles the last days")
    for id_ in recent:
        scenario.ids(id_, case="default settles the last days")
    for id_ in older:
        scenario.ids(id_, case="default settles nothing older")


@clause("outcome.empty-ids")
@pytest.mark.depth
def test_an_empty_array_alone_settles_the_last_days_and_nothing_older(scenario: Scenario) -> None:
    older, recent = scenario.older(1), scenario.recent()
    scenario.ask({"transaction_ids": []}, case="empty ids select by default")
    for id_ in (*recent, *older):
        scenario.ids(id_, case="empty ids select by default")


@clause("outcome.range-limit")
def test_the_widest_range_settles_whatever_is_left(scenario: Scenario) -> None:
    left = scenario.rest(2)
    scenario.ask({"date_range": days("0001-01-01", "9999-12-31")}, case="range settles all inside")
    for id_ in left:
        scenario.ids(id_, case="range settles all inside")


@clause("body.optional")
def test_no_body_is_accepted(put: Put) -> None:
    put(raw=None)


@clause("body.empty")
def test_an_empty_object_is_accepted(put: Put) -> None:
    put({})


@clause("ids.empty-accepted")
def test_an_empty_array_is_accepted_alone_and_beside_a_count(put: Put) -> None:
    put({"transaction_ids": []})
    put({"transaction_ids": [], "number_of_transactions": 1})


@clause("count.accepted")
def test_a_count_is_accepted_alone(put: Put) -> None:
    put({"number_of_transactions": 1})
    put({"number_of_transactions": 10000})


@clause("observe.odd-json")
@pytest.mark.depth
def test_zero_bytes_may_be_no_body(put: Put) -> None:
    put(raw=b"")
