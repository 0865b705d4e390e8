"""Chapter outcome: a range settles what lies well inside it, and a count so many of that."""

import pytest

from tests.harness.allocator import Window
from tests.harness.ledger import DAY
from tests.harness.scenario import Scenario

clause = pytest.mark.clause


@clause("outcome.range-limit")
def test_a_range_settles_what_is_inside_and_nothing_outside(scenario: Scenario) -> None:
    window, before, after = scenario.window_amid_others()
    scenario.range(window)
    for id_ in window.ids:
        scenario.ids(id_, case="range settles all inside")
    scenario.ids(before, case="range settles nothing before it")
    scenario.ids(after, case="range settles nothing after it")


@clause("outcome.range-limit")
@pytest.mark.depth
def test_a_range_that_ends_two_days_short_of_another_settles_not_that(scenario: Scenario) -> None:
    window, before, after = scenario.window_amid_others()
    scenario.range(scenario.window_between(before, after))
    scenario.ids(*window.ids, case="range settles all inside")
    scenario.ids(before, case="range settles nothing before it")
    scenario.ids(after, case="range settles nothing after it")


@clause("outcome.range-limit")
@pytest.mark.depth
def test_a_range_of_two_days_settles_nothing_of_the_days_around_it(scenario: Scenario) -> None:
    window, before, after = scenario.window_amid_others()
    for first in (scenario.date(before) + 2 * DAY, scenario.date(after) - 3 * DAY):
        scenario.range(Window(first, first + DAY, ()))
    for id_ in window.ids:
        scenario.ids(id_, case="range settles nothing around it")
    scenario.ids(before, case="range settles nothing before it")
    scenario.ids(after, case="range settles nothing after it")


@clause("outcome.range-limit")
@pytest.mark.depth
def test_a_range_over_several_days_settles_each_of_them(scenario: Scenario) -> None:
    window = scenario.window(2, spread=True)
    scenario.range(window)
    for id_ in window.ids:
        scenario.ids(id_, case="range settles all inside")


@clause("outcome.count-limit")
@pytest.mark.depth
@pytest.mark.parametrize(
    "counts", [(2,), (1, 2), (1,)], ids=["one day", "several days", "one of a day"]
)
def test_counts_settle_exactly_their_number_whatever_the_edges_hold(
    scenario: Scenario, counts: tuple[int, ...]
) -> None:
    window = scenario.window(2 * len(counts), spread=len(counts) > 1, together=counts == (1,))
    reached = scenario.within_reach(window)
    for number in counts:
        scenario.count(number, window)
    for id_ in reached:
        scenario.ids(id_, case=scenario.counted(id_))


@clause("outcome.count-limit")
@pytest.mark.depth
@pytest.mark.parametrize(
    ("number", "case"), [(1, "count settles no more"), (500, "count over what there is")]
)
def test_a_count_is_of_what_its_range_holds_whatever_lies_around_it(
    scenario: Scenario, number: int, case: str
) -> None:
    window, before, after = scenario.window_amid_others()
    scenario.count(number, window)
    for id_ in (before, after):
        scenario.ids(id_, case=case)


@clause("outcome.count-limit")
@pytest.mark.smoke
def test_a_count_settles_no_more_and_no_fewer(scenario: Scenario) -> None:
    window = scenario.window(3, alone=True)
    scenario.count(len(window.ids) - 1, window)
    scenario.count(1, window, case="count settles no more")
    scenario.range(window, case="count settles no fewer")


@clause("outcome.count-limit")
@pytest.mark.depth
def test_a_count_of_what_there_is_settles_all(scenario: Scenario) -> None:
    window = scenario.window(3, alone=True)
    scenario.count(len(window.ids), window)
    scenario.range(window, case="count settles no fewer")


@clause("outcome.count-limit")
def test_a_count_over_what_there_is_settles_all(scenario: Scenario) -> None:
    window = scenario.window(2)
    scenario.count(10000, window)
    for id_ in window.ids:
        scenario.ids(id_, case="count over what there is")
    scenario.range(window, case="count over what there is")
