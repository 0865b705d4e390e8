"""Chapter exclusion: what goes together, and what does not."""

import itertools
from typing import Any

import pytest

from tests.harness.cases import EMPTY, days, unknown_ids
from tests.harness.fixtures import Put
from tests.harness.run import Run

clause = pytest.mark.clause


@clause("exclusion.ids-count")
@pytest.mark.smoke
def test_ids_with_a_count_are_refused(put: Put, run: Run) -> None:
    ids = unknown_ids(3, run.target.file.account)
    put({"transaction_ids": ids[:1], "number_of_transactions": 1})
    put({"transaction_ids": ids, "number_of_transactions": 3})
    put({"transaction_ids": ids[:1], "number_of_transactions": 1, "date_range": EMPTY})


@clause("exclusion.ids-range")
@pytest.mark.parametrize("number", [pytest.param(1, marks=pytest.mark.smoke), 3])
def test_ids_with_a_range_are_refused(put: Put, run: Run, number: int) -> None:
    ids = unknown_ids(number, run.target.file.account)
    put({"transaction_ids": ids, "date_range": EMPTY})


@clause("exclusion.ids-count", "exclusion.ids-range")
@pytest.mark.depth
def test_no_number_of_ids_makes_a_combination_lawful(put: Put, run: Run) -> None:
    ids = unknown_ids(1000, run.target.file.account)
    for number in (2, 10, 1000):
        put({"transaction_ids": ids[:number], "number_of_transactions": number})
        put({"transaction_ids": ids[:number], "number_of_transactions": 10000, "date_range": EMPTY})
        put({"transaction_ids": ids[:number], "date_range": EMPTY})
    put({"number_of_transactions": 1, "transaction_ids": [""]})
    put({"date_range": days("1990-01-01", "1990-12-31"), "transaction_ids": ids[:1], "x": 1})


@clause("exclusion.count-range-allowed")
def test_a_count_with_a_range_is_accepted_and_keeps_both_rules(put: Put) -> None:
    put({"number_of_transactions": 7, "date_range": EMPTY})
    put({"number_of_transactions": "7", "date_range": EMPTY})
    put({"number_of_transactions": 7, "date_range": days("1990-02-30", "1990-06-12")})
    put({"number_of_transactions": 10001, "date_range": EMPTY})


@clause("exclusion.count-range-allowed")
@pytest.mark.depth
def test_every_fault_of_one_is_refused_beside_the_other(put: Put) -> None:
    ranges: tuple[Any, ...] = (
        *(days(start, end) for start, end in (("1990-06-12", "1990-06-11"), ("1990-06-11",) * 2)),
        *(
            {"start_date": wrong, "end_date": "1990-06-30"}
            for wrong in ("1990-13-01", 5, None, "x")
        ),
        *({"start_date": "1990-01-01", "end_date": wrong} for wrong in ("1990-6-9", "19900612")),
        {"start_date": "1990-06-11"},
        {"end_date": "1990-06-12"},
        {},
        None,
        [],
        "1990",
    )
    count: Any
    for count, span in itertools.product((1, 10000), ranges):
        put({"number_of_transactions": count, "date_range": span})
    wrong: list[Any] = [0, -1, 10001, 10**12, "5", 1.5, True, None, []]
    for count in wrong:
        put({"number_of_transactions": count, "date_range": days("1990-01-01", "1990-12-31")})
    for count in (1, 2, 9999, 10000):
        put({"number_of_transactions": count, "date_range": days("1990-01-01", "1990-12-31")})
        put({"number_of_transactions": count, "date_range": days("0001-01-01", "1990-12-31")})


@clause("exclusion.count-range-allowed")
@pytest.mark.depth
def test_faults_are_refused_beside_an_empty_array_and_unknown_properties(put: Put) -> None:
    beside: list[dict[str, Any]] = [
        {"transaction_ids": []},
        {"comment": "unknown"},
        {"dry_run": True},
    ]
    for more in beside:
        put({"number_of_transactions": 0, "date_range": EMPTY, **more})
        put({"number_of_transactions": 10001, "date_range": EMPTY, **more})
        put({"number_of_transactions": "5", "date_range": EMPTY, **more})
        put({"date_range": days("1990-06-12", "1990-06-11"), **more})
        put({"date_range": days("1990-06-31", "1990-07-11"), **more})
        put({"date_range": {"start_date": "1990-06-12"}, **more})
