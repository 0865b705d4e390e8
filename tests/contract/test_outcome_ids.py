"""Chapter outcome: ids settle all that they name, and nothing else."""

import pytest

from tests.harness.cases import unknown_ids
from tests.harness.scenario import Scenario

clause = pytest.mark.clause
FULLWIDTH = 0xFEE0
"""From a character of ASCII to the one that normalising (NFKC) makes it of."""


def resembling(id_: str) -> list[str]:
    """Pieces of an id, and what some query languages take for it."""
    account, _, rest = id_.partition(".")
    pieces = [f"{id_}X", id_[:-1], rest, f"{account}.", account]
    wild = ["*", "%", f"{account}.*", f"{account}.%", f"{id_[:-1]}_", f"{id_[:-1]}?"]
    return pieces + wild


@clause("outcome.ids-only")
def test_ids_settle_all_of_them_and_nothing_else(scenario: Scenario) -> None:
    other, first, another, second, third = scenario.take(5)
    unknown = unknown_ids(990, scenario.account, seed=3)
    scenario.ids(third, *unknown, first, second, first, f"{other}X")
    for id_ in (third, second, first):
        scenario.ids(id_, case="ids settle all of them")
    for id_ in (other, another):
        scenario.ids(id_, case="ids settle nothing else")


@clause("outcome.ids-only")
def test_what_only_resembles_an_id_settles_nothing(scenario: Scenario) -> None:
    (single,) = scenario.take(1)
    scenario.ids(*resembling(single), f" {single}", f"{single} ", single.swapcase(), f"<{single}>")
    scenario.ids(single, case="ids settle nothing else")


@clause("outcome.ids-only")
@pytest.mark.depth
def test_nothing_that_resembles_an_id_settles_it(scenario: Scenario) -> None:
    single, other = scenario.take(2)
    # Each alone, so that the witness says which it was.
    for wrong in (
        *resembling(single),
        *(f" {single}", f"{single} ", f"{single}\n", f"\t{single}", f"{single}\0"),
        *(single.swapcase(), single.lower(), f"<{single}>", f'"{single}"', f"{single},{other}"),
        single[:-1] + chr(ord(single[-1]) + FULLWIDTH),
    ):
        scenario.ids(wrong)
    for id_ in (single, other):
        scenario.ids(id_, case="ids settle nothing else")


@clause("outcome.ids-only")
@pytest.mark.depth
def test_an_id_given_twice_is_settled_once(scenario: Scenario) -> None:
    first, second = scenario.take(2)
    scenario.ids(first, second, first, case="ids settle all of them")
    for id_ in (first, second):
        scenario.ids(id_, id_, case="ids settle all of them")


@clause("outcome.ids-only")
@pytest.mark.depth
def test_neither_end_of_a_thousand_ids_is_left_out(scenario: Scenario) -> None:
    first, last = scenario.take(2)
    unknown = unknown_ids(998, scenario.account, seed=4)
    scenario.ids(first, *unknown, last, case="ids settle all of them")
    for id_ in (last, first):
        scenario.ids(id_, case="ids settle all of them")


@clause("outcome.ids-only")
@pytest.mark.depth
def test_no_place_among_many_ids_is_left_out(scenario: Scenario) -> None:
    middle, alone = scenario.take(2)
    unknown = unknown_ids(999, scenario.account, seed=4)
    scenario.ids(*unknown[:500], middle, *unknown[500:], case="ids settle all of them")
    scenario.ids(middle, case="ids settle all of them")
    scenario.ids(*unknown, alone, case="ids settle all of them")
    scenario.ids(alone, case="ids settle all of them")


@clause("outcome.ids-only")
@pytest.mark.depth
def test_fresh_ids_are_settled_however_many_there_are(scenario: Scenario) -> None:
    singles = scenario.take_up_to(25)
    for _ in range(2):
        scenario.ids(*singles, case="ids settle all of them")


@clause("outcome.ids-only")
@pytest.mark.depth
@pytest.mark.parametrize("youngest_first", [True, False])
def test_ids_are_settled_in_whatever_order_they_stand(
    scenario: Scenario, youngest_first: bool
) -> None:
    window = scenario.window(2, spread=True)
    ids = sorted(window.ids, key=scenario.date, reverse=youngest_first)
    for _ in range(2):
        scenario.ids(*ids, case="ids settle all of them")


@clause("outcome.ids-only")
@pytest.mark.depth
def test_ids_settle_nothing_of_the_last_days(scenario: Scenario) -> None:
    (single,), recent = scenario.take(1), scenario.recent(1)
    scenario.ids(single, *unknown_ids(1, scenario.account, seed=5))
    scenario.ids(recent[-1], case="ids settle nothing else")
