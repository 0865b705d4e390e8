"""Chapter outcome: 201 where something unsettled is selected, 200 where nothing is.

Each test takes the few known transactions that it needs; the ledger model judges every step.
`case` names what a step shows.
"""

from typing import Any

import pytest

from tests.harness.cases import EMPTY, days, unknown_ids
from tests.harness.run import Run
from tests.harness.scenario import Scenario

clause = pytest.mark.clause

COUNT = {"number_of_transactions": 1}
ODD = {
    "limit": 1,
    "dry_run": True,
    "force": True,
    "all": True,
    "include_settled": True,
    "status": "settled",
    "count": 1,
    "account": "none",
    "aid": "none",
    "start_date": "1990-01-01",
    "end_date": "1990-01-02",
    "numberOfTransactions": 1,
    "transactionIds": ["none"],
    "dateRange": {"start_date": "1990-01-01", "end_date": "1990-01-02"},
}
"""Unknown properties that a careless server might listen to."""


def by_id(*ids: str) -> dict[str, Any]:
    """A body that names ids."""
    return {"transaction_ids": list(ids)}


@clause("outcome.created")
def test_a_selected_unsettled_transaction_gives_201(scenario: Scenario) -> None:
    (single,) = scenario.take(1)
    scenario.ids(single)
    scenario.range(scenario.window(1))
    scenario.count(1, scenario.window(1))


@clause("outcome.nothing")
def test_a_selection_of_nothing_gives_200(scenario: Scenario) -> None:
    scenario.ids(*unknown_ids(3, scenario.account, seed=2))
    scenario.ask({"date_range": EMPTY})
    scenario.ask({"date_range": EMPTY, "number_of_transactions": 3})
    scenario.ask({"date_range": {"start_date": "2999-01-01", "end_date": "2999-12-31"}})


@clause("outcome.settled-once")
def test_the_same_selection_again_gives_200(scenario: Scenario) -> None:
    (single,) = scenario.take(1)
    for _ in range(2):
        scenario.ids(single)
    window = scenario.window(1)
    for _ in range(2):
        scenario.range(window)
    scenario.ids(*window.ids)
    scenario.count(1, window)


@clause("outcome.settled-once")
@pytest.mark.smoke
def test_what_ids_settled_no_other_option_settles_again(scenario: Scenario) -> None:
    window = scenario.window(1)
    scenario.ids(*window.ids)
    scenario.range(window)
    scenario.range(window)
    scenario.count(5, window)


@clause("outcome.settled-once")
def test_what_a_count_settled_no_other_option_settles_again(scenario: Scenario) -> None:
    window = scenario.window(2)
    for _ in range(40):
        if scenario.count(1, window).answer.status != 201:
            break
    scenario.count(1, window)
    scenario.range(window)
    scenario.ids(*window.ids)


@clause("outcome.settled-ignored")
def test_settled_ids_among_fresh_ones_are_ignored(scenario: Scenario) -> None:
    settled, first, second, third = scenario.take(4)
    scenario.ids(settled)
    scenario.ids(settled, first, case="settled id before a fresh one")
    scenario.ids(settled)
    scenario.ids(second, settled, third, case="settled id after a fresh one")
    for id_ in (third, second):
        scenario.ids(id_, case="settled id after a fresh one")


@clause("outcome.settled-ignored")
@pytest.mark.depth
def test_many_settled_ids_before_a_fresh_one_are_ignored(scenario: Scenario) -> None:
    *settled, fresh = scenario.take_up_to(26)
    scenario.ids(*settled)
    for ids in ((*settled, fresh), (fresh,)):
        scenario.ids(*ids, case="many settled ids before a fresh one")


@clause("outcome.empty-ids")
@pytest.mark.smoke
def test_an_empty_array_selects_as_if_it_were_absent(scenario: Scenario) -> None:
    window = scenario.window(2)
    scenario.count(1, window, case="empty ids select by count", transaction_ids=[])
    scenario.range(window, case="empty ids select by range", transaction_ids=[])
    scenario.range(window, transaction_ids=[])
    scenario.ids(*window.ids, case="empty ids select by range")


@clause("outcome.unknown-ignored")
def test_an_unknown_property_changes_nothing_about_the_selection(scenario: Scenario) -> None:
    first, second, other = scenario.take(3)
    scenario.ids(first, second, case="unknown property beside ids", **ODD)
    for id_ in (first, second, other):
        scenario.ids(id_, case="unknown property beside ids")
    scenario.ids(first, second, case="unknown property beside ids", **ODD)
    window = scenario.window(2)
    scenario.range(window, case="unknown property beside a range", **ODD)
    for id_ in window.ids:
        scenario.ids(id_, case="unknown property beside a range", **ODD)


@clause("outcome.unknown-ignored")
@pytest.mark.depth
def test_an_unknown_property_changes_nothing_about_a_count(scenario: Scenario) -> None:
    window = scenario.window(3)
    scenario.count(2, window, case="unknown property beside a range", **ODD)
    for id_ in window.ids:
        scenario.ids(id_, case="unknown property beside a range")


@clause("outcome.refused-nothing")
def test_a_refused_request_settles_nothing_and_takes_nothing_back(scenario: Scenario) -> None:
    before, *fresh = scenario.take(7)
    window = scenario.window(1)
    unknown = unknown_ids(1000, scenario.account)
    scenario.ids(before)
    for case, id_, refusal in (
        ("refused by exclusion", fresh[0], {"body": {"transaction_ids": [fresh[0]], **COUNT}}),
        ("refused by bound", fresh[1], {"body": {"transaction_ids": [fresh[1], *unknown]}}),
        ("refused by type", fresh[2], {"body": {"transaction_ids": [fresh[2], 5]}}),
        (
            "refused as malformed",
            fresh[3],
            {"raw": b'{"transaction_ids": ["%s"]' % fresh[3].encode()},
        ),
        ("refused with 401", fresh[4], {"body": by_id(fresh[4]), **scenario.no_token}),
        ("refused with 403", fresh[5], {"body": by_id(fresh[5]), **scenario.no_rights}),
    ):
        if (case != "refused with 403" or scenario.no_rights) and scenario.refused(**refusal):
            scenario.ids(before, case=case)
            scenario.ids(id_, case=case)
            before = id_
    day = scenario.date(window.ids[0])
    wrong = [days(window.end, window.start), days(day, day)]
    if all(scenario.refused(body={"date_range": span}) for span in wrong):
        scenario.ids(before, case="refused by bound")
    if scenario.refused(body={"date_range": window.range, "number_of_transactions": 0}):
        scenario.ids(window.ids[0], case="refused by bound")


@clause("outcome.refused-nothing")
@pytest.mark.depth
def test_no_other_refusal_settles_what_it_names(scenario: Scenario) -> None:
    chosen: list[tuple[str, dict[str, Any]]] = [
        ("refused by exclusion", {"date_range": EMPTY}),
        ("refused by exclusion", {"date_range": EMPTY, **COUNT}),
        ("refused by bound", {"number_of_transactions": 10001}),
        ("refused by type", {"date_range": []}),
    ]
    for case, more in chosen:
        (id_,) = scenario.take(1)
        if scenario.refused(body={**by_id(id_), **more}):
            scenario.ids(id_, case=case)


@clause("outcome.refused-nothing")
@pytest.mark.depth
def test_no_token_that_is_refused_settles_what_it_asks_for(scenario: Scenario) -> None:
    bad: list[tuple[str, dict[str, Any]]] = [
        ("refused with 403", scenario.foreign),
        ("refused with 401", {"authorization": None}),
        ("refused with 401", {"authorization": "Bearer nonsense"}),
        ("refused with 401", scenario.tampered),
    ]
    for case, token in bad:
        (id_,) = scenario.take(1)
        if token and scenario.refused(body=by_id(id_), **token):
            scenario.ids(id_, case=case)


@clause("outcome.refused-nothing")
@pytest.mark.depth
def test_no_refused_count_settles_what_its_range_holds(scenario: Scenario) -> None:
    window = scenario.window(1)
    bodies: list[dict[str, Any]] = [
        {"number_of_transactions": 10001, "date_range": window.range},
        {"number_of_transactions": 1, "date_range": days(window.end, window.start)},
        {"number_of_transactions": "1", "date_range": window.range},
        {"number_of_transactions": 0, "date_range": window.range, "transaction_ids": []},
        {"date_range": window.range, "transaction_ids": "none"},
    ]
    if all(scenario.refused(body=body) for body in bodies):
        for id_ in window.ids:
            scenario.ids(id_, case="refused by bound")


@clause("answer.method")
@pytest.mark.parametrize(
    "method",
    [
        "GET",
        pytest.param("PUT", marks=pytest.mark.smoke),
        "PATCH",
        "DELETE",
        "HEAD",
    ],
)
def test_another_method_settles_nothing(scenario: Scenario, method: str) -> None:
    (id_,) = scenario.take(1)
    scenario.ask(by_id(id_), method=method)
    scenario.ids(id_, case=method)


@clause("outcome.accounts-apart")
def test_accounts_are_kept_apart(scenario: Scenario) -> None:
    (mine,), (one, other) = scenario.take(1), scenario.take_from_other(2)
    scenario.ids(one, case="ids of another account")
    scenario.ids(mine, one)
    scenario.range(scenario.around(other))
    scenario.ask(by_id(one), **scenario.foreign)
    scenario.elsewhere({"transaction_ids": [other]}, "range in another account")
    scenario.elsewhere({"transaction_ids": [one]}, "ids of another account")


@clause("outcome.accounts-apart")
@pytest.mark.depth
def test_the_same_range_is_settled_in_either_account_and_only_there(scenario: Scenario) -> None:
    one, _, other = scenario.take_from_other(3)
    window = scenario.around(one)
    scenario.range(window)
    scenario.elsewhere({"date_range": window.range}, "range in another account")
    for id_ in (one, other, other):
        scenario.elsewhere(by_id(id_))


@clause("outcome.accounts-apart")
@pytest.mark.depth
def test_the_rest_of_another_accounts_id_reaches_nothing(scenario: Scenario) -> None:
    (one,) = scenario.take_from_other(1)
    _, dot, rest = one.partition(".")
    scenario.ids(f"{scenario.account}{dot}{rest}")
    scenario.elsewhere({"transaction_ids": [one]}, "ids of another account")


@clause("outcome.accounts-apart")
@pytest.mark.depth
def test_a_count_within_a_range_reaches_no_other_account(scenario: Scenario) -> None:
    (one,) = scenario.take_from_other(1)
    scenario.count(10000, scenario.around(one))
    scenario.elsewhere({"transaction_ids": [one]}, "count in another account")


@clause("outcome.settled-once")
@pytest.mark.depth
def test_the_same_id_again_and_again_gives_200(scenario: Scenario) -> None:
    (single,) = scenario.take(1)
    for _ in range(6):
        scenario.ids(single)


@clause("outcome.settled-once")
@pytest.mark.depth
def test_the_ledger_forgets_nothing(scenario: Scenario) -> None:
    singles = scenario.take_up_to(40)
    for single in singles:
        scenario.ids(single)
    for single in (singles[0], singles[len(singles) // 2], singles[-1]):
        scenario.ids(single)
    scenario.ids(*singles)


@clause("outcome.*")
@pytest.mark.depth
def test_walks_over_the_ledger(run: Run) -> None:
    from tests.harness.explore import walk
    from tests.harness.sequences import machine

    # What a walk comes upon is found aside: the tests of a clause tell the cause.
    run.court.clause = "outcome.*"
    steps = machine(lambda: run.scenario("outcome.settled-once"), run.forgets)
    walk(steps, run.options, run.forgets)
