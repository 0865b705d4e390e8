"""The ledger model: counts, of which only the number left is known, and requests at once."""

from __future__ import annotations

import pytest

from tests.meta.ledgers import (
    MONTH,
    THREE,
    TODAY,
    after,
    by_ids,
    counted,
    expected,
    of,
    span,
    state,
)

from ..harness.body import Options
from ..harness.ledger import EITHER
from ..harness.orders import created_at_once
from .helpers import table


def test_a_count_leaves_the_number_that_is_over() -> None:
    (pool,) = counted(2, *THREE).pools
    assert (pool.members, pool.low, pool.high) == ({"a", "b", "c"}, 1, 1)


def test_a_count_over_what_there_is_settles_all() -> None:
    for number in (3, 4, 10000):
        ledger = counted(number, *THREE)
        assert ledger.pools == []
        assert expected(ledger, by_ids("a", "b", "c")) == "200 settled by count then by id"


def test_one_of_a_pool_may_be_settled_or_not_and_all_of_it_are_not() -> None:
    ledger = counted(2, *THREE)
    assert expected(ledger, by_ids("a")) == "200/201"
    assert expected(ledger, by_ids("a", "b")) == "200/201"
    assert expected(ledger, by_ids("a", "b", "c")) == "201 count settles no more"
    assert expected(ledger, MONTH) == "201 count settles no more"


@pytest.mark.parametrize(
    ("statuses", "states"),
    [
        ((201,), ["settled", "settled", "settled"]),
        ((200,), ["settled", "unknown", "unknown"]),
        ((200, 200), ["settled", "settled", "unsettled"]),
        ((200, 201), ["settled", "settled", "settled"]),
    ],
)
def test_asking_one_by_one_tells_which_a_count_left(
    statuses: tuple[int, ...], states: list[str]
) -> None:
    told = [(by_ids(id_), status) for id_, status in zip("abc", statuses, strict=False)]
    ledger = after(counted(2, *THREE), *told)
    assert [state(ledger, id_) for id_ in "abc"] == states


def test_repeated_counts_use_up_a_pool() -> None:
    ledger = counted(1, *THREE)
    again = span("03-01", "03-31", 1)
    for left in (2, 1):
        assert ledger.pools[0].low == ledger.pools[0].high == left
        assert expected(ledger, again) == "201 count settles no more"
        after(ledger, (again, 201))
    assert expected(ledger, again) == "200 settled by count then by count"


def test_a_count_settles_exactly_its_number_wherever_the_edges_are() -> None:
    ledger = after(of("03-10", "03-31"), (span("03-01", "03-31", 1), 201))
    assert expected(ledger, by_ids("a", "b")) == "201 count settles no more"
    assert expected(ledger, by_ids("a")) == "200/201"
    assert (ledger.pools[0].low, ledger.pools[0].high) == (1, 1)


def test_a_count_over_what_is_surely_inside_may_take_the_edge_too_or_not() -> None:
    ledger = after(of("03-10", "03-31", "03-31"), (span("03-01", "03-31", 2), 201))
    assert (ledger.pools[0].low, ledger.pools[0].high) == (1, 2)


def test_a_count_among_others_may_settle_none_of_ours() -> None:
    ledger = after(of("03-10", "03-11", complete=False), (span("03-01", "03-31", 2), 201))
    assert expected(ledger, by_ids("a", "b")) == "200/201"


def test_a_bare_count_may_pick_any() -> None:
    ledger = after(of("03-10", "11-18"), (Options(count=1), 201))
    assert state(ledger, "a") == state(ledger, "b") == "unknown"
    assert expected(ledger, by_ids("a", "b")) == "201 count settles no more"


def test_a_bare_count_that_took_more_than_it_says_leaves_nothing_certain() -> None:
    ledger = after(of("03-10", "11-17", "11-18"), (Options(count=1), 201), (Options(count=1), 200))
    assert [state(ledger, id_) for id_ in "abc"] == ["unknown", "settled", "settled"]
    assert expected(ledger, by_ids("a")) == "200/201"


def test_a_created_range_tells_nothing_of_a_pool_where_its_edge_may_be_what_was_created() -> None:
    ledger = after(
        of("03-01", "03-05", "03-12"),
        (span("02-27", "03-07", 1), 201),
        (span("03-03", "03-12"), 201),
    )
    assert [state(ledger, id_) for id_ in "abc"] == ["unknown", "settled", "unknown"]


def test_a_created_range_tells_nothing_of_a_pool_that_holds_only_some_of_it() -> None:
    ledger = after(
        of("03-05", "03-10", "03-15"),
        (span("03-03", "03-12", 1), 201),
        (span("03-08", "03-17"), 201),
    )
    assert [state(ledger, id_) for id_ in "abc"] == ["unknown", "settled", "settled"]


# ----------------------------------------------------------------------------------- at once


@pytest.mark.parametrize(
    ("requests", "numbers"),
    table(
        [
            ([by_ids("a")] * 8, {1}),
            ([by_ids("a"), by_ids("b")], {2}),
            ([by_ids("a", "b"), by_ids("b", "c"), by_ids("c", "a")], {2}),
            ([by_ids("a", "b"), by_ids("a")], {1, 2}),
            ([by_ids("?")] * 3, {0}),
            ([by_ids("a", f"?{n}") for n in range(12)], {1}),
            ([by_ids(f"?{n}", "a", f"!{n}") for n in range(6)] + [by_ids("b")], {2}),
            ([by_ids(f"?{n}") for n in range(12)], {0}),
            ([MONTH] * 8, {1}),
            ([MONTH, by_ids("a")], {1, 2}),
            ([span("03-01", "03-31", 1)] * 2, {2}),
            ([span("03-01", "03-31", 1)] * 8, {3}),
        ]
    ),
)
def test_at_once_as_many_are_created_as_some_order_gives(
    requests: list[Options], numbers: set[int]
) -> None:
    assert created_at_once(of(*THREE), requests, TODAY) == numbers


def test_at_once_what_is_in_doubt_may_be_created_or_not() -> None:
    ledger = after(of("03-10"), (by_ids("a"), None))
    assert created_at_once(ledger, [by_ids("a")], TODAY) == {0, 1}
    assert 1 in created_at_once(of("03-10", "03-31"), [MONTH] * 8, TODAY)


LATE = span("11-14", "11-20")


@pytest.mark.parametrize(
    ("options", "numbers"),
    table(
        [
            (Options(), {1, 2}),
            (Options(count=10000), {1, 2}),
            (Options(count=9999), {1, 2, 3, 4}),
            (Options(ids=()), {1, 2}),
            (LATE, {1, 2, 3, 4}),
        ]
    ),
)
def test_at_once_the_last_days_are_created_once_and_for_what_arrives_meanwhile(
    options: Options, numbers: set[int]
) -> None:
    assert created_at_once(of("11-18"), [options] * 4, TODAY) == numbers
    assert created_at_once(of("11-18"), [options] * 3 + [by_ids("a")], TODAY) >= {1, 2, 3}


def test_at_once_a_count_that_takes_all_leaves_nothing_for_the_others() -> None:
    together = [by_ids("a"), Options(count=5), span("03-09", "03-11")]
    assert created_at_once(of("03-10", "03-10"), together, TODAY) >= {1, 2, 3}


def test_at_once_any_of_them_may_come_first_however_often_it_is_sent() -> None:
    edge = of("03-15", "03-31")
    together = [MONTH, span("03-01", "03-31", 9999), by_ids("a")] * 2
    assert created_at_once(edge, together, TODAY) == {1, 2}
    assert created_at_once(edge, together[:2] * 3, TODAY) == {1}


def test_at_once_nothing_is_said_of_more_orders_than_can_be_tried() -> None:
    apart = [span("03-01", "03-31", number) for number in range(1, 7)]
    assert created_at_once(of(*THREE), apart, TODAY) == set(range(7))


def test_at_once_changes_nothing_of_the_ledger() -> None:
    ledger = of(*THREE)
    created_at_once(ledger, [by_ids("a"), MONTH], TODAY)
    assert [state(ledger, id_) for id_ in "abc"] == ["unsettled"] * 3


def test_either_is_both_statuses() -> None:
    assert {200, 201} == EITHER
