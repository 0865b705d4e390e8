"""Blame: which clause a breach belongs to, and which of several is named first."""

from __future__ import annotations

import pytest

from tests.meta.observed import PLAIN, SPECIFIC, blamed, exchange, judged, recorded, seen

from ..harness import verdict
from ..harness.grading import Observation, Sign
from ..harness.record import Record
from ..harness.wire import Exchange
from .helpers import CLAUSES

CREATED = ("outcome.created", "created by range")


MEANWHILE = ("outcome.created", "while putting outcome.settled-once")


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


LARGE = exchange(413, b" " * 2000)


def test_a_large_case_of_an_input_that_mostly_held_is_named_after_one_that_did_not() -> None:
    once, never = ("body.open", "unknown property"), ("ids.max-items", "1000 ids")
    record = recorded([seen(Sign.HELD, once)] * 2)
    record.add([seen(Sign.BROKEN, once)], LARGE)
    record.add([seen(Sign.BROKEN, never)], LARGE)
    assert verdict.named(judged(record).values()) == ["ids.max-items", "body.open"]
    record.add([seen(Sign.BROKEN, once)] * 2, LARGE)
    assert verdict.named(judged(record).values()) == ["body.open", "ids.max-items"]


def test_a_small_case_is_not_turned_away_for_its_size_however_often_it_held() -> None:
    once, never = ("ids.accepted", "one id"), ("ids.max-items", "1000 ids")
    record = recorded([seen(Sign.BROKEN, once), *[seen(Sign.HELD, once)] * 2])
    record.add([seen(Sign.BROKEN, never)], LARGE)
    assert verdict.named(judged(record).values()) == ["ids.accepted", "ids.max-items"]


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


def test_breaches_of_the_same_words_are_one_and_counted_together() -> None:
    record = Record(accepted=True)
    large, small = exchange(201, b'{"comment": 1}'), exchange(201, b"{}")
    record.add([seen(Sign.BROKEN, PLAIN)] * 3, large)
    record.add([seen(Sign.BROKEN, PLAIN, refusal=True)] * 2, small)
    [breach] = verdict.add_up(record).breaches[PLAIN[0]]
    assert (breach.entry.count, breach.entry.witness) == (5, small)


def test_what_is_selected_is_named_after_an_input_however_rarely_that_broke() -> None:
    rare, often = ("body.open", "unknown property"), ("outcome.nothing", "empty window")
    shape = ("answer.error", "shape of 400")
    for later in (often, shape):
        record = recorded([seen(Sign.BROKEN, later), *[seen(Sign.HELD, rare)] * 2])
        record.add([seen(Sign.BROKEN, rare)], LARGE)
        assert verdict.named(judged(record).values()) == ["body.open", later[0]]


def test_what_one_request_shows_is_named_before_what_others_had_to_go_before() -> None:
    alone, after = ("outcome.accounts-apart", "x"), ("outcome.nothing", "empty window")
    shown = seen(Sign.BROKEN, after, came="201"), seen(Sign.BROKEN, alone, came="403")
    assert first_named((shown[0], STEP), (shown[1], ())) == "outcome.accounts-apart"
    assert first_named((shown[0], ()), (shown[1], STEP)) == "outcome.nothing"


def test_the_clause_that_the_cause_belongs_to_is_named_first() -> None:
    chain = ["auth.test-only", "auth.account", "auth.tampered", "auth.malformed", "auth.missing"]
    record = recorded([seen(Sign.BROKEN, (id_, CLAUSES[id_].core[0])) for id_ in chain])
    assert verdict.named(judged(record).values()) == chain[::-1]


def test_of_clauses_with_as_good_a_claim_a_should_is_named_last() -> None:
    strict, count = ("body.json-strict", "trailing comma"), ("count.type", "string as count")
    record = recorded([seen(Sign.BROKEN, strict), seen(Sign.BROKEN, count)])
    assert verdict.named(judged(record).values()) == ["count.type", "body.json-strict"]


RANGE = ("outcome.range-limit", "range settles all inside")


STEP = (exchange(201),)


def first_named(*found: tuple[Observation, tuple[Exchange, ...]], fresh: bool = False) -> str:
    record = Record(accepted=True)
    for observation, steps in found:
        record.add([observation], exchange(), steps)
    return verdict.named(judged(record, fresh=fresh).values())[0]


def test_a_plain_case_that_never_held_is_a_cause_of_its_own() -> None:
    cause, plain = (seen(Sign.BROKEN, claim, came="200") for claim in (RANGE, CREATED))
    assert first_named((cause, STEP), (plain, ())) == "outcome.created"
    assert first_named((cause, STEP), (plain, STEP)) == "outcome.range-limit"
    held = seen(Sign.HELD, CREATED, came="201")
    assert first_named((cause, STEP), (plain, ()), (held, ())) == "outcome.range-limit"


@pytest.mark.parametrize(
    ("fresh", "named"), [(True, "outcome.created"), (False, "outcome.range-limit")]
)
def test_beyond_its_core_a_case_is_plain_only_on_a_fresh_ledger(fresh: bool, named: str) -> None:
    cause, plain = (seen(Sign.BROKEN, claim, came="200") for claim in (RANGE, MEANWHILE))
    assert first_named((cause, STEP), (plain, ()), fresh=fresh) == named


@pytest.mark.parametrize(
    ("fresh", "named"), [(True, "outcome.ids-only"), (False, "outcome.default-window")]
)
def test_what_was_not_there_any_more_tells_little_where_nothing_is_forgotten(
    fresh: bool, named: str
) -> None:
    ids = ("outcome.ids-only", "ids settle all of them")
    default = ("outcome.default-window", "default settles nothing older")
    gone, shown = (
        seen(Sign.BROKEN, claim, came="200")._replace(expected=(201,)) for claim in (ids, default)
    )
    assert first_named((shown, STEP), (gone, ()), fresh=fresh) == named


def test_a_clause_that_is_not_marked_so_is_never_plain() -> None:
    cause, other = (
        seen(Sign.BROKEN, claim, came="200") for claim in (RANGE, ("outcome.nothing", "x"))
    )
    assert first_named((cause, STEP), (other, ())) == "outcome.range-limit"


def test_one_id_that_is_settled_again_is_a_cause_of_its_own() -> None:
    one, two = b'{"transaction_ids": ["a"]}', b'{"transaction_ids": ["a", "b"]}'
    again = seen(Sign.BROKEN, ("outcome.settled-once", "settled by id then by id"), came="201")

    def named(first: bytes, second: bytes) -> str:
        record = Record(accepted=True)
        record.add([seen(Sign.BROKEN, RANGE, came="201")], exchange(), STEP)
        record.add([again], exchange(201, second), (exchange(201, first),))
        return verdict.named(judged(record).values())[0]

    assert named(one, one) == "outcome.settled-once"
    assert named(two, one) == "outcome.range-limit"
    assert named(two, two) == "outcome.range-limit"


def test_a_clause_is_no_cause_of_requests_that_do_not_carry_what_it_is_about() -> None:
    empty = seen(Sign.BROKEN, ("outcome.empty-ids", "empty ids select by range"), came="200")
    again = seen(Sign.BROKEN, ("outcome.settled-once", "settled by range then by range"))

    def named(body: bytes) -> str:
        record = Record(accepted=True)
        record.add([empty], exchange(200, b'{"transaction_ids": []}'), STEP)
        record.add([again], exchange(201, body), STEP)
        return verdict.named(judged(record).values())[0]

    assert named(b'{"transaction_ids": [], "comment": 1}') == "outcome.empty-ids"
    assert named(b'{"date_range": {}}') == "outcome.settled-once"
