"""Blame: which clause a breach belongs to."""

from __future__ import annotations

from ..harness import blame
from ..harness.grading import Sign
from ..harness.record import Record
from .observed import PLAIN, SPECIFIC, blamed, exchange, recorded, seen


def test_the_blame_goes_to_the_plain_clause_where_that_is_broken_alone() -> None:
    both = seen(Sign.BROKEN, PLAIN, SPECIFIC)
    assert blamed(both, seen(Sign.BROKEN, PLAIN)) == ["count.minimum"]


def test_the_blame_goes_to_the_clause_that_never_held() -> None:
    both = seen(Sign.BROKEN, PLAIN, SPECIFIC)
    assert blamed(both, seen(Sign.HELD, PLAIN)) == ["exclusion.count-range-allowed"]
    assert blamed(both, seen(Sign.HELD, SPECIFIC)) == ["count.minimum"]


def test_the_blame_goes_to_what_a_simpler_request_was_blamed_on() -> None:
    all_three = seen(Sign.BROKEN, PLAIN, SPECIFIC, ("outcome.nothing", "empty window"))
    both = seen(Sign.BROKEN, SPECIFIC, ("outcome.nothing", "empty window"))
    held = seen(Sign.HELD, PLAIN), seen(Sign.HELD, SPECIFIC)
    assert blamed(all_three, both, *held) == ["outcome.nothing"]


def test_what_broke_without_a_property_is_not_blamed_on_the_property() -> None:
    window = ("range.accepted", "other range"), ("outcome.nothing", "empty window")
    more = ("body.open", "unknown property")
    with_it, without = seen(Sign.BROKEN, window[0], more, window[1]), seen(Sign.BROKEN, *window)
    held = [seen(Sign.HELD, claim) for claim in window]
    assert blamed(with_it, without, *held) == ["range.accepted"]
    assert blamed(with_it, *held) == ["body.open"]
    accepted = without._replace(kind=without.kind._replace(refusal=True))
    assert "body.open" in blamed(with_it, accepted, *held)


def test_what_broke_without_a_selection_may_be_blamed_on_the_selection() -> None:
    ids, after = ("ids.accepted", "several ids"), ("outcome.settled-ignored", "after")
    before = ("outcome.settled-ignored", "before")
    broken = seen(Sign.BROKEN, ids, after, before), seen(Sign.BROKEN, ids, after)
    held = [seen(Sign.HELD, claim) for claim in (ids, after)]
    assert "outcome.settled-ignored" in blamed(*broken, *held)


def test_else_the_blame_goes_to_the_plainest_clause_of_which_nothing_held() -> None:
    both = seen(Sign.BROKEN, PLAIN, SPECIFIC)
    assert blamed(both) == ["count.minimum"]


def test_where_each_held_elsewhere_the_blame_goes_to_the_most_specific_clause() -> None:
    both = seen(Sign.BROKEN, PLAIN, SPECIFIC, came="200", refusal=True)
    assert blamed(both, seen(Sign.HELD, PLAIN), seen(Sign.HELD, SPECIFIC)) == [
        "exclusion.count-range-allowed"
    ]


def test_a_valid_request_turned_away_is_blamed_on_the_plainest_clause() -> None:
    window = ("range.accepted", "other range"), ("outcome.nothing", "empty window")
    both = seen(Sign.BROKEN, *window, came="400")
    held = [seen(Sign.HELD, claim) for claim in window]
    assert blamed(both, *held) == ["range.accepted"]


def test_a_valid_request_turned_away_is_blamed_on_a_clause_that_is_known_to_be_broken() -> None:
    count, window = ("count.accepted", "count of 5"), ("range.accepted", "other range")
    both = seen(Sign.BROKEN, count, window)
    held = [seen(Sign.HELD, claim) for claim in (count, window)]
    assert blamed(both, *held) == ["range.accepted"]
    known = seen(Sign.BROKEN, ("count.accepted", "count of 10000"))
    assert blamed(both, known, *held) == ["count.accepted"]


def test_an_error_leaves_all_open_that_was_put() -> None:
    sums = blame.add_up(recorded([seen(Sign.ERROR, PLAIN, SPECIFIC, came="500")]))
    assert {(claim.clause, claim.case) for claim in sums.open} == {PLAIN, SPECIFIC}


def test_what_held_is_counted_over_all_that_held_and_told_of_each_breach() -> None:
    held = seen(Sign.HELD, PLAIN), seen(Sign.HELD, PLAIN, came="201"), seen(Sign.HELD, PLAIN)
    [breach] = blame.add_up(recorded([*held, seen(Sign.BROKEN, PLAIN)])).breaches[PLAIN[0]]
    assert (breach.held, breach.mostly) == (3, False)


def test_breaches_of_the_same_words_are_one_and_counted_together() -> None:
    record = Record(accepted=True)
    large, small = exchange(201, b'{"comment": 1}'), exchange(201, b"{}")
    record.add([seen(Sign.BROKEN, PLAIN)] * 3, large)
    record.add([seen(Sign.BROKEN, PLAIN, refusal=True)] * 2, small)
    [breach] = blame.add_up(record).breaches[PLAIN[0]]
    assert (breach.entry.count, breach.entry.witness) == (5, small)
