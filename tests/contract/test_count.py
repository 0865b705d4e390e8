"""Chapter count: number_of_transactions, an integer from 1 to 10000."""

from typing import Any

import pytest

from tests.harness.cases import EMPTY, unknown_ids
from tests.harness.fixtures import Put
from tests.harness.run import Run

clause = pytest.mark.clause

WRONG: list[Any] = [
    *(-10000, -(2**31), -(2**63), 10002, 10010, 100000, 2**32, 2**32 + 5, 2**63),
    *(0.5, 0.999, 1.0000001, 9999.5, 10000.5),
    *("0", "1e3", " 5", "five", False, [], {}),
]


@clause("count.accepted")
@pytest.mark.parametrize("count", [5, 1, pytest.param(10000, marks=pytest.mark.smoke)])
def test_one_to_ten_thousand_are_accepted(put: Put, count: int) -> None:
    put({"number_of_transactions": count, "date_range": EMPTY})


@clause("count.accepted")
@pytest.mark.depth
@pytest.mark.parametrize(
    "count", [2, 9, 10, 99, 100, 127, 128, 255, 256, 999, 1000, 1001, 5000, 9999]
)
def test_each_count_in_between_is_accepted(put: Put, count: int) -> None:
    put({"number_of_transactions": count, "date_range": EMPTY})


@clause("count.minimum")
@pytest.mark.smoke
def test_zero_and_negatives_are_refused(put: Put) -> None:
    for count in (0, -1):
        put({"number_of_transactions": count})


@clause("count.maximum")
@pytest.mark.smoke
def test_ten_thousand_and_one_and_above_are_refused(put: Put) -> None:
    for count in (10001, 2**64 + 5):
        put({"number_of_transactions": count})


@clause("count.type")
@pytest.mark.parametrize(
    "count",
    [
        pytest.param(None, marks=pytest.mark.smoke),
        "5",
        "0x10",
        "",
        1.5,
        True,
        [5],
        {"value": 5},
    ],
    ids=repr,
)
def test_what_is_no_integer_is_refused(put: Put, count: object) -> None:
    put({"number_of_transactions": count})


@clause("count.type")
def test_a_fraction_however_it_is_written_is_refused(put: Put) -> None:
    put(raw=b'{"number_of_transactions": 5e-7}')


@clause("count.minimum", "count.maximum", "count.type")
@pytest.mark.depth
def test_numbers_that_servers_break_on_are_refused(put: Put, run: Run) -> None:
    for count in (
        *WRONG,
        0,
        -1,
        10001,
        2**31,
        2**64 + 5,
        "5",
        "",
        1.5,
        True,
        None,
        [5],
        {"value": 5},
    ):
        put({"number_of_transactions": count, "date_range": EMPTY})
    for count in WRONG:
        put({"number_of_transactions": count})
    for literal in (
        b"1e5",
        b"-0",
        b"1e400",
        b"-1e400",
        b"1e-400",
        b"10000.000001",
        b"1e21",
        b"0.0",
        b"9" * 400,
    ):
        put(raw=b'{"number_of_transactions": ' + literal + b"}")
    ids = unknown_ids(1, run.target.file.account)
    put({"number_of_transactions": 0, "transaction_ids": []})
    put({"number_of_transactions": 10001, "transaction_ids": [], "date_range": EMPTY})
    put({"number_of_transactions": 0, "comment": ids[0]})
