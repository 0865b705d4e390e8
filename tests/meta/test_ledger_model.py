"""The ledger model: what it expects of a selection, and learns from an answer."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.meta.ledgers import (
    MONTH,
    TODAY,
    after,
    by_ids,
    day,
    expected,
    of,
    span,
    state,
)

from ..harness.body import Options
from ..harness.ledger import DAY, Ledger
from ..harness.orders import created_at_once
from .helpers import table


@pytest.mark.parametrize(
    ("options", "row"),
    table(
        [
            (by_ids("a"), "201 created by id"),
            (by_ids("a", "a"), "201 created by id"),
            (by_ids("?", "a"), "201 created by id"),
            (by_ids("?"), "200 unknown ids"),
            (span("03-08", "03-12"), "201 created by range"),
            (span("03-09", "03-12"), "200/201"),
            (span("03-09", "03-11"), "200/201"),
            (span("03-10", "03-12"), "200/201"),
            (span("03-08", "03-10"), "200/201"),
            (span("03-10", "03-11"), "200/201"),
            (span("03-09", "03-10"), "200/201"),
            (span("03-11", "03-13"), "200/201"),
            (span("03-07", "03-09"), "200/201"),
            (span("03-12", "03-14"), "200 empty window"),
            (span("03-06", "03-08"), "200 empty window"),
            (span("03-12", "03-13"), "200 empty window"),
            (span("03-08", "03-12", 1), "201 created by count"),
            (span("03-08", "03-12", 10000), "201 created by count"),
            (span("03-10", "03-11", 1), "200/201"),
            (span("03-12", "03-14", 1), "200 count in an empty window"),
            (Options(ids=(), start=day("03-08"), end=day("03-12")), "201 created by range"),
            (Options(start=dt.date(1, 1, 1), end=dt.date(9999, 12, 31)), "201 created by range"),
            (Options(start=dt.date(1, 1, 1), end=dt.date(1, 1, 2)), "200 empty window"),
            (Options(start=dt.date(9999, 12, 30), end=dt.date.max), "200 empty window"),
            (Options(), "200/201"),
            (Options(ids=()), "200/201"),
            (Options(count=1), "200/201"),
        ]
    ),
)
def test_one_old_transaction_is_expected_as_its_selection_says(options: Options, row: str) -> None:
    assert expected(of("03-10"), options) == row


@pytest.mark.parametrize(
    ("date", "row"),
    [
        ("11-20", "200/201"),
        ("11-19", "200/201"),
        ("11-18", "201 created by default"),
        ("11-15", "201 created by default"),
        ("11-14", "200/201"),
        ("11-13", "200/201"),
        ("11-12", "200/201"),
        ("11-11", "200/201"),
        ("10-01", "200/201"),
    ],
)
def test_the_last_days_are_settled_by_default_and_their_edges_are_open(date: str, row: str) -> None:
    assert expected(of(date), Options()) == row
    assert expected(of(date), Options(ids=())) == row


@pytest.mark.parametrize(
    ("date", "row", "state_after"),
    [
        ("11-20", "200/201", "unknown"),
        ("11-19", "200/201", "unknown"),
        ("11-18", "201 created by range", "settled"),
    ],
)
@pytest.mark.parametrize("end", ["11-21", "11-25", "12-31"])
def test_whether_a_range_takes_a_day_that_is_not_over_is_open(
    date: str, row: str, state_after: str, end: str
) -> None:
    ledger = of("10-01", date)
    assert expected(ledger, span("11-01", end)) == row
    assert state(after(ledger, (span("09-01", end), 201)), "b") == state_after


@pytest.mark.parametrize(
    ("options", "clause", "never"),
    [
        (by_ids("?"), "outcome.nothing", True),
        (span("05-01", "05-05"), "outcome.nothing", False),
        (Options(start=dt.date(1990, 6, 11), end=dt.date(1990, 6, 12)), "outcome.nothing", True),
        (MONTH, "outcome.settled-once", False),
        (span("03-02", "03-05"), "outcome.settled-once", False),
        (by_ids("a"), "outcome.settled-once", False),
        (span("04-01", "04-30"), "outcome.created", False),
    ],
)
def test_what_is_expected_says_by_which_clause(options: Options, clause: str, never: bool) -> None:
    found = after(of("03-10", "04-15"), (MONTH, 201)).expect(options, TODAY)
    assert (found.clause, found.never) == (clause, never)


@pytest.mark.parametrize(
    ("options", "closed"),
    [
        (by_ids("a"), True),
        (MONTH, True),
        (span("11-01", "11-18"), True),
        (span("11-01", "11-19"), False),
        (Options(), False),
        (Options(count=1), False),
    ],
)
def test_new_ones_come_into_what_reaches_to_today(options: Options, closed: bool) -> None:
    assert of("03-10").select(options, TODAY).closed is closed


@pytest.mark.parametrize(
    ("date", "state_after"),
    [
        ("11-20", "unknown"),
        ("11-18", "settled"),
        ("11-15", "settled"),
        ("11-14", "unknown"),
        ("11-12", "unknown"),
        ("11-11", "unsettled"),
        ("03-01", "unsettled"),
    ],
)
def test_the_default_settles_the_last_days_and_nothing_older(date: str, state_after: str) -> None:
    ledger = after(of("11-18", date), (Options(), 201))
    assert state(ledger, "b") == state_after


@pytest.mark.parametrize(
    ("window", "row"),
    [
        (span("11-10", "11-17"), "200 empty window"),
        (span("11-10", "11-18"), "200 empty window"),
        (span("11-10", "11-19"), "200/201"),
        (span("11-10", "11-20"), "200/201"),
        (span("11-20", "11-21"), "200/201"),
    ],
)
def test_into_a_window_that_ends_now_something_new_may_come(window: Options, row: str) -> None:
    assert expected(of("03-10"), window) == row


def test_where_the_list_is_not_complete_a_window_may_hold_others() -> None:
    assert expected(of("03-10", complete=False), span("04-01", "04-10")) == "200/201"
    assert expected(of("03-10", complete=False), by_ids("?")) == "200 unknown ids"


def test_a_window_long_before_the_list_holds_nothing_even_where_it_is_not_complete() -> None:
    old = Options(start=dt.date(1990, 6, 11), end=dt.date(1990, 6, 12))
    far = Options(start=dt.date(2999, 1, 1), end=dt.date(2999, 12, 31))
    assert expected(of("03-10", complete=False), old) == "200 empty window"
    assert expected(of("03-10", complete=False), far) == "200 empty window"


@pytest.mark.parametrize("complete", [True, False])
def test_an_empty_list_knows_nothing_but_windows_long_past(complete: bool) -> None:
    ledger = of(complete=complete)
    assert expected(ledger, by_ids("a")) == "200 unknown ids"
    assert expected(ledger, Options()) == "200/201"
    assert expected(ledger, Options(start=dt.date(1990, 1, 1), end=dt.date(1990, 1, 2))).startswith(
        "200 "
    )


THE_SAME = {
    "id": by_ids("a"),
    "range": span("03-08", "03-12"),
    "count": span("03-08", "03-12", 5),
}


@pytest.mark.parametrize("second", THE_SAME)
@pytest.mark.parametrize("first", THE_SAME)
def test_what_one_option_settled_no_other_settles_again(first: str, second: str) -> None:
    ledger = after(of("03-10"), (THE_SAME[first], 201))
    assert state(ledger, "a") == "settled"
    assert expected(ledger, THE_SAME[second]) == f"200 settled by {first} then by {second}"


@pytest.mark.parametrize("how", ["range", "count"])
def test_a_window_that_was_cleared_holds_nothing_even_where_the_list_is_not_complete(
    how: str,
) -> None:
    ledger = after(of("03-10", complete=False), (MONTH, 201))
    narrower = span("04-01", "04-10") if how == "range" else span("04-01", "04-10", 5)
    assert expected(ledger, narrower) == "200/201"
    ledger = after(ledger, (span("03-28", "04-20"), 201))
    assert expected(ledger, narrower) == f"200 settled by range then by {how}"


def test_a_window_that_gave_nothing_is_cleared_too() -> None:
    ledger = after(of("03-10", complete=False), (span("04-01", "04-20"), 200))
    assert expected(ledger, span("04-05", "04-10")).startswith("200 ")
    assert expected(ledger, span("04-05", "04-21")) == "200/201"


def test_of_several_windows_that_were_cleared_the_one_around_it_is_named() -> None:
    first, second = span("04-01", "04-20"), span("05-01", "05-20", 10000)
    ledger = after(of("03-10"), (first, 200), (second, 200))
    assert expected(ledger, span("05-05", "05-10")) == "200 settled by count then by range"
    assert expected(ledger, span("04-05", "04-10")) == "200 settled by range then by range"


def test_a_window_gives_nothing_again_though_its_edges_are_in_doubt() -> None:
    ledger = after(of("03-01", "03-15", "03-31"), (MONTH, 201))
    assert expected(ledger, MONTH) == "200 settled by range then by range"
    assert expected(ledger, span("03-02", "03-31")) == "200 settled by range then by range"
    assert expected(ledger, span("03-02", "04-01")) == "200/201"
    assert created_at_once(of("03-15", "03-31"), [MONTH] * 8, TODAY) == {1}


def test_a_window_that_ends_now_is_never_cleared() -> None:
    ledger = after(of("03-10"), (span("11-01", "11-19"), 201), (span("11-01", "11-19"), 200))
    assert ledger.cleared == []


def test_a_range_leaves_its_edges_in_doubt() -> None:
    ledger = after(of("03-01", "03-15", "03-31", "04-01", "04-02"), (MONTH, 201))
    assert [state(ledger, id_) for id_ in "abcde"] == [
        "unknown",
        "settled",
        "unknown",
        "unknown",
        "unsettled",
    ]


def test_ids_settle_all_of_them_and_nothing_else() -> None:
    ledger = after(of("03-10", "03-10", "03-10"), (by_ids("a", "c", "?"), 201))
    assert [state(ledger, id_) for id_ in "abc"] == ["settled", "unsettled", "settled"]
    assert expected(ledger, by_ids("a", "c")) == "200 settled by id then by id"
    assert expected(ledger, by_ids("a", "b")) == "201 created by id"


def test_what_an_edge_takes_in_does_not_say_how_a_window_was_settled() -> None:
    ledger = after(of("03-10", "03-12"), (by_ids("b"), 201), (span("03-08", "03-12"), 201))
    assert expected(ledger, span("03-08", "03-12")) == "200 settled by range then by range"


def test_what_was_settled_in_two_ways_is_settled_before() -> None:
    ledger = after(of("03-10", "05-10"), (by_ids("a"), 201), (span("05-08", "05-12"), 201))
    assert expected(ledger, by_ids("a", "b")) == "200 settled before"


# --------------------------------------------------- what mutation testing found to be untested


def test_an_expectation_names_its_clause_and_its_reason() -> None:
    found = of("03-10").expect(by_ids("a"), TODAY)
    assert (found.clause, found.reason) == ("outcome.created", "1 of the selected are unsettled")
    ledger = after(of("03-10", "03-10", "03-10"), (span("03-08", "03-13", 1), 201))
    found = ledger.expect(span("03-08", "03-13", 1), TODAY)
    assert found.clause == "outcome.count-limit"
    assert found.reason == "2 of 3 are left, and these are among them"


@pytest.mark.parametrize(("days", "row"), [(400, "200/201"), (401, "200 empty window")])
def test_a_window_far_ahead_holds_nothing(days: int, row: str) -> None:
    start = TODAY + days * DAY
    assert expected(of("03-10"), Options(start=start, end=start + DAY)) == row


@pytest.mark.parametrize(("days", "row"), [(366, "200/201"), (367, "200 empty window")])
def test_a_window_a_year_before_the_oldest_listed_holds_nothing(days: int, row: str) -> None:
    ledger = Ledger.of([("a", dt.date(1998, 3, 10))])
    end = dt.date(1998, 3, 10) - days * DAY
    assert expected(ledger, Options(start=end - DAY, end=end)) == row


@pytest.mark.parametrize(("end", "row"), [("2000-01-01", "200/201"), ("1999-12-31", "200")])
def test_before_2000_nothing_is_looked_for_where_all_listed_are_younger(end: str, row: str) -> None:
    last = dt.date.fromisoformat(end)
    options = Options(start=last - DAY, end=last)
    assert expected(of("03-10", complete=False), options).startswith(row)


@pytest.mark.parametrize(
    ("status", "state_after"),
    [(202, "unknown"), (299, "unknown"), (300, "unsettled"), (404, "unsettled"), (500, "unknown")],
)
def test_an_answer_that_may_have_settled_leaves_doubt(status: int, state_after: str) -> None:
    assert state(after(of("03-10"), (by_ids("a"), status)), "a") == state_after


def test_doubt_about_one_leaves_the_number_of_the_others_known() -> None:
    ledger = of("03-10", "03-10", "06-10")
    after(ledger, (span("03-08", "03-13", 1), 201), (by_ids("c"), None))
    assert expected(ledger, span("03-08", "03-13")) == "201 count settles no more"


def test_a_count_elsewhere_leaves_the_number_of_a_pool_known() -> None:
    ledger = of("03-10", "03-10", "06-10", "06-10")
    after(ledger, (span("03-08", "03-13", 1), 201), (span("06-09", "06-12", 1), 201))
    assert expected(ledger, span("03-08", "03-13")) == "201 count settles no more"


def test_what_a_count_settled_is_said_to_be_settled_by_count() -> None:
    ledger = after(of("03-10", "03-10"), (span("03-08", "03-13", 1), 201), (by_ids("a"), 201))
    assert expected(ledger, by_ids("b")) == "200 settled by count then by id"


@pytest.mark.parametrize(
    ("ids", "settled"),
    [
        (("a",), ()),
        (("b",), (("outcome.settled-once", "settled by id then by id"),)),
        (("a", "b"), (("outcome.settled-ignored", "settled id after a fresh one"),)),
        (
            ("c",),
            (
                ("outcome.settled-once", "settled before"),
                ("outcome.settled-ignored", "settled id after a fresh one"),
            ),
        ),
    ],
)
def test_what_may_be_settled_among_the_selected_is_said(
    ids: tuple[str, ...], settled: tuple[tuple[str, str], ...]
) -> None:
    ledger = after(of("03-10", "05-10", "07-10"), (by_ids("b"), 201), (by_ids("c"), None))
    assert ledger.expect(by_ids(*ids), TODAY).settled == settled


def test_a_range_says_nothing_of_ids_that_are_ignored() -> None:
    ledger = after(of("03-10"), (by_ids("a"), 201))
    settled = ledger.expect(MONTH, TODAY).settled
    assert settled == (("outcome.settled-once", "settled by id then by range"),)


def test_what_the_default_settled_is_settled_where_it_is_turned_away() -> None:
    ledger = after(of("11-17"), (Options(), 201))
    found = ledger.expect(by_ids("a"), TODAY)
    assert (found.clause, found.case) == ("outcome.default-window", "default settles the last days")
    assert found.settled == (("outcome.settled-once", "settled by default then by id"),)


def test_what_was_settled_before_a_range_stays_settled_as_it_was() -> None:
    ledger = after(of("03-10", "03-11"), (by_ids("a"), 201), (MONTH, 201))
    assert expected(ledger, by_ids("a")) == "200 settled by id then by id"
    assert expected(ledger, by_ids("b")) == "200 settled by range then by id"


def test_what_lies_within_a_range_is_told_with_what_its_edges_may_take_in() -> None:
    ledger = after(of("03-09", "03-10", "03-20", "03-21", "03-22"), (by_ids("c"), 201))
    ledger.doubt({"b"})
    assert ledger.within(day("03-10"), day("03-20")) == {"a", "d"}
    assert ledger.open_within(day("03-10"), day("03-20")) == {"a", "b", "d"}
