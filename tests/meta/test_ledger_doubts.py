"""The ledger model in doubt: what lost answers, and others, may have settled."""

from __future__ import annotations

import pytest

from tests.meta.ledgers import (
    MONTH,
    THREE,
    after,
    by_ids,
    counted,
    expected,
    of,
    state,
)


def test_a_lost_answer_leaves_what_it_selected_in_doubt() -> None:
    ledger = after(of("03-10", "05-10"), (by_ids("a"), None))
    assert expected(ledger, by_ids("a")) == "200/201"
    assert expected(ledger, by_ids("b")) == "201 created by id"
    after(ledger, (by_ids("a"), 200))
    assert expected(ledger, by_ids("a")) == "200 settled by id then by id"


@pytest.mark.parametrize("status", [None, 202, 204, 500, 503])
def test_an_answer_that_says_nothing_leaves_doubt(status: int | None) -> None:
    assert state(after(of("03-10"), (by_ids("a"), status)), "a") == "unknown"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_a_refusal_settles_nothing(status: int) -> None:
    assert state(after(of("03-10"), (by_ids("a"), status)), "a") == "unsettled"


def test_a_lost_answer_empties_what_is_certain_of_a_pool() -> None:
    ledger = after(counted(2, *THREE), (by_ids("c"), None))
    assert expected(ledger, by_ids("a", "b", "c")) == "200/201"


def test_doubt_spares_what_is_settled() -> None:
    ledger = after(of("03-10", "03-11"), (by_ids("a"), 201))
    ledger.doubt()
    assert [state(ledger, id_) for id_ in "ab"] == ["settled", "unknown"]


def test_doubt_of_some_spares_the_others() -> None:
    ledger = of("03-10", "03-11")
    ledger.doubt({"a"})
    assert [state(ledger, id_) for id_ in "ab"] == ["unknown", "unsettled"]


def test_a_nothing_that_should_have_been_something_is_not_believed() -> None:
    ledger = after(of("03-10"), (by_ids("a"), 200))
    assert expected(ledger, by_ids("a")) == "200/201"
    after(ledger, (MONTH, 200), (by_ids("a"), 200))
    assert expected(ledger, by_ids("a")) == "200/201"


def test_the_first_reason_to_doubt_is_kept() -> None:
    ledger = of("03-10")
    for why in ("", "first", "second"):
        ledger.doubt(why=why)
    assert ledger.doubted == "first"
