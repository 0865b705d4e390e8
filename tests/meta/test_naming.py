"""Which of the clauses that broke is named first."""

from __future__ import annotations

import pytest

from ..harness.blame import AGAIN
from ..harness.grading import Observation, Sign
from ..harness.record import Record
from ..harness.wire import Exchange
from .helpers import CLAUSES
from .observed import PLAIN, exchange, named, recorded, seen

CREATED = ("outcome.created", "created by range")
MEANWHILE = ("outcome.created", "while putting outcome.settled-once")
RANGE = ("outcome.range-limit", "range settles all inside")

STEP = (exchange(201),)
LARGE = exchange(413, b" " * 2000)


def test_a_large_case_of_an_input_that_mostly_held_is_named_after_one_that_did_not() -> None:
    once, never = ("body.open", "unknown property"), ("ids.max-items", "1000 ids")
    record = recorded([seen(Sign.HELD, once)] * 2)
    record.add([seen(Sign.BROKEN, once)], LARGE)
    record.add([seen(Sign.BROKEN, never)], LARGE)
    assert named(record) == ["ids.max-items", "body.open"]
    record.add([seen(Sign.BROKEN, once)] * 2, LARGE)
    assert named(record) == ["body.open", "ids.max-items"]


def test_a_small_case_is_not_turned_away_for_its_size_however_often_it_held() -> None:
    once, never = ("ids.accepted", "one id"), ("ids.max-items", "1000 ids")
    record = recorded([seen(Sign.BROKEN, once), *[seen(Sign.HELD, once)] * 2])
    record.add([seen(Sign.BROKEN, never)], LARGE)
    assert named(record) == ["ids.accepted", "ids.max-items"]


def test_what_is_selected_is_named_after_an_input_however_rarely_that_broke() -> None:
    rare, often = ("body.open", "unknown property"), ("outcome.nothing", "empty window")
    shape = ("answer.error", "shape of 400")
    for later in (often, shape):
        record = recorded([seen(Sign.BROKEN, later), *[seen(Sign.HELD, rare)] * 2])
        record.add([seen(Sign.BROKEN, rare)], LARGE)
        assert named(record) == ["body.open", later[0]]


def test_what_one_request_shows_is_named_before_what_others_had_to_go_before() -> None:
    alone, after = ("outcome.accounts-apart", "x"), ("outcome.nothing", "empty window")
    shown = seen(Sign.BROKEN, after, came="201"), seen(Sign.BROKEN, alone, came="403")
    assert first_named((shown[0], STEP), (shown[1], ())) == "outcome.accounts-apart"
    assert first_named((shown[0], ()), (shown[1], STEP)) == "outcome.nothing"


def test_the_clause_that_the_cause_belongs_to_is_named_first() -> None:
    chain = ["auth.test-only", "auth.account", "auth.tampered", "auth.malformed", "auth.missing"]
    record = recorded([seen(Sign.BROKEN, (id_, CLAUSES[id_].core[0])) for id_ in chain])
    assert named(record) == chain[::-1]


def test_the_cause_of_a_cause_is_a_cause_too() -> None:
    chain = ["outcome.accounts-apart", "outcome.nothing", "body.optional"]
    record = recorded([seen(Sign.BROKEN, (id_, "x")) for id_ in chain])
    assert named(record) == chain


def test_what_was_to_be_refused_and_is_answered_200_stands_by_itself() -> None:
    refused, held = seen(Sign.BROKEN, PLAIN, came="200", refusal=True), seen(Sign.HELD, PLAIN)
    after = seen(Sign.BROKEN, ("outcome.nothing", "empty window"), came="201")
    assert first_named((after, STEP), (refused, ()), (held, ()), (held, ())) == PLAIN[0]


def test_of_clauses_with_as_good_a_claim_a_should_is_named_last() -> None:
    strict, count = ("body.json-strict", "trailing comma"), ("count.type", "string as count")
    record = recorded([seen(Sign.BROKEN, strict), seen(Sign.BROKEN, count)])
    assert named(record) == ["count.type", "body.json-strict"]


def first_named(*found: tuple[Observation, tuple[Exchange, ...]], fresh: bool = False) -> str:
    record = Record(accepted=True)
    for observation, steps in found:
        record.add([observation], exchange(), steps)
    return named(record, fresh=fresh)[0]


def test_a_plain_case_that_never_held_is_a_cause_of_its_own() -> None:
    cause, plain = (seen(Sign.BROKEN, claim, came="200") for claim in (RANGE, CREATED))
    assert first_named((cause, STEP), (plain, ())) == "outcome.created"
    assert first_named((cause, STEP), (plain, STEP)) == "outcome.range-limit"
    held = seen(Sign.HELD, CREATED, came="201")
    assert first_named((cause, STEP), (plain, ()), (held, ())) == "outcome.range-limit"


@pytest.mark.parametrize(
    ("fresh", "first"), [(True, "outcome.created"), (False, "outcome.range-limit")]
)
def test_beyond_its_core_a_case_is_plain_only_on_a_fresh_ledger(fresh: bool, first: str) -> None:
    cause, plain = (seen(Sign.BROKEN, claim, came="200") for claim in (RANGE, MEANWHILE))
    assert first_named((cause, STEP), (plain, ()), fresh=fresh) == first


@pytest.mark.parametrize(
    ("fresh", "first"), [(True, "outcome.ids-only"), (False, "outcome.default-window")]
)
def test_what_was_not_there_any_more_tells_little_where_nothing_is_forgotten(
    fresh: bool, first: str
) -> None:
    ids = ("outcome.ids-only", "ids settle all of them")
    default = ("outcome.default-window", "default settles nothing older")
    gone, shown = (
        seen(Sign.BROKEN, claim, came="200")._replace(expected=(201,)) for claim in (ids, default)
    )
    assert first_named((shown, STEP), (gone, ()), fresh=fresh) == first


def test_a_clause_that_is_not_marked_so_is_never_plain() -> None:
    cause, other = (
        seen(Sign.BROKEN, claim, came="200") for claim in (RANGE, ("outcome.nothing", "x"))
    )
    assert first_named((cause, STEP), (other, ())) == "outcome.range-limit"


def test_one_id_that_is_settled_again_is_a_cause_of_its_own() -> None:
    one, two = b'{"transaction_ids": ["a"]}', b'{"transaction_ids": ["a", "b"]}'
    again = seen(Sign.BROKEN, ("outcome.settled-once", "settled by id then by id"), came="201")

    def first(before: bytes, body: bytes) -> str:
        record = Record(accepted=True)
        record.add([seen(Sign.BROKEN, RANGE, came="201")], exchange(), STEP)
        record.add([again], exchange(201, body), (exchange(201, before),))
        return named(record)[0]

    assert first(one, one) == "outcome.settled-once"
    assert first(two, one) == "outcome.range-limit"
    assert first(two, two) == "outcome.range-limit"


def test_a_count_of_one_that_gives_more_than_there_are_is_no_matter_of_how_many_it_takes() -> None:
    limit = ("outcome.count-limit", "count settles no fewer")
    again = seen(Sign.BROKEN, ("outcome.settled-once", "settled by count then by count"))

    def first(body: bytes, other: tuple[str, str]) -> str:
        record = Record(accepted=True)
        record.add([seen(Sign.BROKEN, other)], exchange(201, body), STEP)
        record.add([again], exchange(201, body), (exchange(201, body),))
        return named(record)[0]

    one, two = b'{"number_of_transactions": 1}', b'{"number_of_transactions": 2}'
    assert first(one, limit) == "outcome.settled-once"
    assert first(two, limit) == "outcome.count-limit"
    assert first(one, RANGE) == "outcome.range-limit"


def test_no_options_that_give_time_after_time_are_no_matter_of_how_much_they_take() -> None:
    window = seen(Sign.BROKEN, ("outcome.default-window", "default settles the last days"))
    for case, first in (
        (AGAIN, "settled-once"),
        ("settled by default then by id", "default-window"),
    ):
        record = Record(accepted=True)
        record.add([window], exchange(201, b'{"transaction_ids": ["a"]}'), STEP)
        record.add([seen(Sign.BROKEN, ("outcome.settled-once", case))], exchange(201, b"{}"), STEP)
        assert named(record)[0] == f"outcome.{first}"


def test_a_clause_is_no_cause_of_requests_that_do_not_carry_what_it_is_about() -> None:
    empty = seen(Sign.BROKEN, ("outcome.empty-ids", "empty ids select by range"), came="200")
    again = seen(Sign.BROKEN, ("outcome.settled-once", "settled by range then by range"))

    def first(body: bytes) -> str:
        record = Record(accepted=True)
        record.add([empty], exchange(200, b'{"transaction_ids": []}'), STEP)
        record.add([again], exchange(201, body), STEP)
        return named(record)[0]

    assert first(b'{"transaction_ids": [], "comment": 1}') == "outcome.empty-ids"
    assert first(b'{"date_range": {}}') == "outcome.settled-once"
