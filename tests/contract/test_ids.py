"""Chapter ids: transaction_ids, an array of at most 1000 strings."""

from typing import Any

import pytest

from tests.harness.cases import EMPTY, unknown_ids
from tests.harness.fixtures import Put
from tests.harness.run import Run

clause = pytest.mark.clause

STRINGS = {
    "short": "constructor",
    "long": "a" * 2000,
    "empty": "",
    "NUL": "T12345678.\0aaaabbbbccccddddeeee",
    "quotes": "' OR '1'='1' -- \"`",
    "digits": "12345678",
    "date": "1990-06-12",
    "emoji": "💸🧾",
    "right to left": "\u0639\u0645\u0644\u064a\u0629\u200f",
    "metacharacters": "{{7*7}}${7*7}<%= 7*7 %>|$(id);&&../../%00*?[a-z]",
}


@clause("ids.accepted")
def test_one_several_and_repeated_ids_are_accepted(put: Put, run: Run) -> None:
    account = run.target.file.account
    put({"transaction_ids": unknown_ids(1, account)})
    put({"transaction_ids": unknown_ids(3, account)})
    put({"transaction_ids": unknown_ids(1, account) * 2})


@clause("ids.accepted")
@pytest.mark.depth
@pytest.mark.parametrize("number", [2, 10, 99, 100, 101, 255, 256, 500, 999])
def test_any_number_up_to_a_thousand_is_accepted(put: Put, run: Run, number: int) -> None:
    put({"transaction_ids": unknown_ids(number, run.target.file.account)})


@clause("ids.any-string")
@pytest.mark.smoke
def test_any_other_strings_are_accepted(put: Put) -> None:
    put({"transaction_ids": list(STRINGS.values())})


@clause("ids.any-string")
@pytest.mark.depth
def test_any_other_string_is_accepted_alone(put: Put) -> None:
    for text in STRINGS.values():
        put({"transaction_ids": [text]})


@clause("ids.any-string")
@pytest.mark.depth
def test_strings_that_servers_break_on_are_accepted(put: Put, run: Run) -> None:
    (good,) = unknown_ids(1, run.target.file.account)
    for text in (
        "\x7f\x1b[31m",
        "æøå",
        "\u202eevil",
        "null",
        "1e3",
        "-1",
        " ",
        "\\",
        "%s%n",
        "a,b",
        "\ufffe",
    ):
        put({"transaction_ids": [text]})
        put({"transaction_ids": [good, text]})
    for text in ("x", "__proto__", "toString", "length"):
        put({"transaction_ids": [text]})
    put({"transaction_ids": ["é" * 255, good.lower(), good + " ", "X" + good[1:]]})


@clause("ids.type")
@pytest.mark.smoke
def test_a_single_id_is_no_array_and_refused(put: Put, run: Run) -> None:
    (good,) = unknown_ids(1, run.target.file.account)
    put({"transaction_ids": good})


@clause("ids.type")
def test_what_is_no_array_is_refused(put: Put, run: Run) -> None:
    (good,) = unknown_ids(1, run.target.file.account)
    for ids in (5, True, None, {"0": good}):
        put({"transaction_ids": ids})


@clause("ids.type")
@pytest.mark.depth
def test_what_is_almost_an_array_is_refused(put: Put, run: Run) -> None:
    account = run.target.file.account
    for ids in ("", ",".join(unknown_ids(2, account)), "[]", 0, False, {}, 1.5, {"length": 0}):
        put({"transaction_ids": ids})
        put({"transaction_ids": ids, "date_range": EMPTY})


@clause("ids.items")
@pytest.mark.smoke
def test_a_number_in_the_last_place_is_refused(put: Put, run: Run) -> None:
    put({"transaction_ids": [*unknown_ids(999, run.target.file.account), 5]})


@clause("ids.items")
def test_an_item_that_is_no_string_is_refused(put: Put, run: Run) -> None:
    wrongs: list[Any] = [5, None, True, [], {}]
    for wrong in wrongs:
        put({"transaction_ids": [wrong]})
    put({"transaction_ids": [*unknown_ids(3, run.target.file.account), 5]})


@clause("ids.items")
@pytest.mark.depth
def test_no_place_is_left_unchecked(put: Put, run: Run) -> None:
    good = unknown_ids(1000, run.target.file.account)
    wrongs: list[Any] = [1.5, 0, False, [good[0]], {"id": good[0]}, None]
    for wrong in wrongs:
        put({"transaction_ids": [wrong, *good[:2]]})
        put({"transaction_ids": [good[0], wrong, good[1]]})
        put({"transaction_ids": [*good[:2], wrong]})
    for place in (1, 9, 10, 49, 99, 100, 255, 499, 500, 998):
        put({"transaction_ids": [*good[:place], None, *good[place + 1 :]]})


@clause("ids.max-items")
@pytest.mark.smoke
def test_a_thousand_are_accepted_and_one_more_is_refused(put: Put, run: Run) -> None:
    ids = unknown_ids(1001, run.target.file.account)
    put({"transaction_ids": ids[:1000]})
    put({"transaction_ids": ids})


@clause("ids.max-items")
@pytest.mark.depth
def test_repeated_ids_count_each_time(put: Put, run: Run) -> None:
    (good,) = unknown_ids(1, run.target.file.account)
    put({"transaction_ids": [good] * 1000})
    put({"transaction_ids": [good] * 1001})
    put({"transaction_ids": [""] * 1002})
    put({"transaction_ids": ["x"] * 5000})


@clause("ids.empty-accepted")
def test_an_empty_array_is_accepted_beside_a_range(put: Put) -> None:
    put({"transaction_ids": [], "date_range": EMPTY})
    put({"transaction_ids": [], "number_of_transactions": 5, "date_range": EMPTY})
