"""The few requests that settle whatever there is: sent once each, at the very end."""

import datetime as dt
from typing import Any

import pytest

from tests.harness.allocator import Window
from tests.harness.cases import days
from tests.harness.fixtures import Put
from tests.harness.ledger import DAY
from tests.harness.scenario import Scenario

pytestmark = pytest.mark.consumes
clause = pytest.mark.clause

WIDEST = days("0001-01-01", "9999-12-31")


@clause("outcome.refused-nothing")
@pytest.mark.depth
def test_a_refused_count_settles_nothing_of_the_last_days(scenario: Scenario) -> None:
    last, *_ = scenario.recent(2)
    bodies: list[dict[str, Any]] = [
        {"number_of_transactions": 10000, "date_range": days("1990-06-12", "1990-06-11")},
        {"number_of_transactions": 10000, "date_range": None},
        {"number_of_transactions": 10001},
        {"date_range": days("1990-06-12", "1990-06-11")},
    ]
    if all(scenario.refused(body=body) for body in bodies):
        scenario.ids(last, case="refused by bound")


@clause("outcome.refused-nothing")
@pytest.mark.depth
def test_no_json_settles_nothing_of_the_last_days(scenario: Scenario) -> None:
    last, *_ = scenario.recent(2)
    if all(scenario.refused(raw=raw) for raw in (b'{"x": ', b"[]", b"null")):
        scenario.ids(last, case="refused as malformed")


@clause("outcome.refused-nothing")
@pytest.mark.depth
@pytest.mark.parametrize(
    "form",
    [{"body": {}, "media_type": "text/plain"}, {"raw": None, "sized": False}],
    ids=["another media type", "no length"],
)
def test_what_is_refused_for_its_form_settles_nothing_of_the_last_days(
    scenario: Scenario, form: dict[str, Any]
) -> None:
    scenario.wants_to_be_forgotten()
    for id_ in scenario.recent(1) if scenario.refused(**form) else ():
        scenario.ids(id_, case="refused as malformed")


@clause("outcome.refused-nothing")
@pytest.mark.depth
def test_no_token_that_is_refused_settles_the_last_days(scenario: Scenario) -> None:
    first, second, *_ = scenario.recent(3)
    for case, id_, bad in (
        ("refused with 403", first, [scenario.no_rights, scenario.foreign]),
        (
            "refused with 401",
            second,
            [scenario.no_token, scenario.tampered, {"authorization": None}],
        ),
    ):
        if all(scenario.refused(**token) for token in bad if token):
            scenario.ids(id_, case=case)


@clause("outcome.default-window")
@pytest.mark.parametrize(
    "options",
    [pytest.param(None, id="none"), pytest.param({}, id="empty", marks=pytest.mark.depth)],
)
def test_no_options_settle_the_last_days_and_nothing_older(
    scenario: Scenario, options: dict[str, Any] | None
) -> None:
    older = scenario.older(2 if options is None else 1)
    recent = scenario.recent()
    scenario.ask(options)
    for id_ in recent:
        scenario.ids(id_, case="default settles the last days")
    for id_ in older:
        scenario.ids(id_, case="default settles nothing older")


@clause("outcome.default-window")
@pytest.mark.depth
def test_the_last_days_reach_back_beyond_what_is_settled_already(scenario: Scenario) -> None:
    *earlier, last = scenario.recent(2)
    scenario.ids(last)
    scenario.ask(None)
    for id_ in earlier:
        scenario.ids(id_, case="default settles the last days")


@clause("outcome.ids-only")
@pytest.mark.depth
def test_ids_settle_whatever_day_it_is_of(scenario: Scenario) -> None:
    for id_ in (*scenario.young(), *scenario.rest()[-1:]):
        scenario.ids(id_, case="ids settle all of them")
        scenario.ids(id_)


@clause("outcome.unknown-ignored")
@pytest.mark.depth
def test_an_unknown_property_alone_is_no_option(scenario: Scenario) -> None:
    older, recent = scenario.older(1), scenario.recent()
    scenario.ask({"comment": "unknown"})
    for id_ in (*recent, *older):
        scenario.ids(id_, case="unknown property alone")


@clause("outcome.default-window")
@pytest.mark.depth
def test_no_options_again_and_again_settle_nothing_older(scenario: Scenario) -> None:
    (older,) = scenario.older(1)
    for _ in range(3):
        scenario.ask(None)
        scenario.ask({})
    scenario.ids(older, case="default settles nothing older")


@clause("outcome.default-window")
@pytest.mark.depth
def test_what_the_default_settled_no_range_settles_again(scenario: Scenario) -> None:
    scenario.recent(1)
    scenario.ask(None)
    # Whatever the zone, and whatever the edges take in, the default has had it.
    today = dt.datetime.now(dt.UTC).date()
    window = Window(today - 4 * DAY, today - 3 * DAY, ())
    scenario.count(1, window, case="default settles the last days")
    scenario.range(window, case="default settles the last days")


@clause("outcome.concurrent-once")
@pytest.mark.depth
@pytest.mark.parametrize(
    "body", [{}, {"number_of_transactions": 10000}, {"transaction_ids": []}], ids=str
)
def test_the_last_days_at_once_are_settled_once(scenario: Scenario, body: dict[str, Any]) -> None:
    scenario.recent(1)
    scenario.at_once(lambda: [body] * 8, "the last days at once")


@clause("outcome.settled-once")
@pytest.mark.depth
def test_the_last_days_again_and_again_are_settled_once(scenario: Scenario) -> None:
    scenario.recent(1)
    scenario.again_and_again({})


@clause("outcome.count-limit")
@pytest.mark.depth
def test_a_large_count_alone_settles_the_last_days(scenario: Scenario) -> None:
    recent = scenario.recent(1)
    scenario.ask({"number_of_transactions": 10000})
    scenario.ids(*recent, case="count over what there is")


@clause("outcome.count-limit")
@pytest.mark.depth
def test_a_count_alone_settles_no_more_than_it_says(scenario: Scenario) -> None:
    young = scenario.young()
    scenario.ask({"number_of_transactions": 1})
    for id_ in young:
        scenario.ids(id_, case="count settles no more")


@clause("outcome.empty-ids")
@pytest.mark.depth
def test_an_empty_array_alone_settles_the_last_days_and_nothing_older(scenario: Scenario) -> None:
    older, recent = scenario.older(1), scenario.recent()
    scenario.ask({"transaction_ids": []}, case="empty ids select by default")
    for id_ in (*recent, *older):
        scenario.ids(id_, case="empty ids select by default")


@clause("observe.day-edges")
@pytest.mark.depth
def test_whether_the_first_and_the_last_day_of_a_range_count(scenario: Scenario) -> None:
    window = scenario.window(2, spread=True)
    first, *_, last = sorted(window.ids, key=scenario.date)
    scenario.range(Window(scenario.date(first), scenario.date(last), window.ids))
    for case, id_ in (("first day of a range", first), ("last day of a range", last)):
        scenario.ids(id_)
        scenario.observe(case, {200: "counts", 201: "does not count"})


@clause("observe.count-order")
@pytest.mark.depth
def test_which_transactions_a_count_picks(scenario: Scenario) -> None:
    window = scenario.window(2, spread=True)
    oldest, *_, newest = sorted(window.ids, key=scenario.date)
    if scenario.count(1, window).answer.status == 201:
        for case, id_ in (("the oldest of several", oldest), ("the newest of several", newest)):
            scenario.ids(id_)
            scenario.observe(case, {200: "picked", 201: "left"})


@clause("outcome.count-limit")
def test_a_large_count_settles_as_many_as_there_are(scenario: Scenario) -> None:
    half = scenario.rest(2)
    oldest = half if scenario.fresh else half[-max(60, len(half) // 4) :]
    end = scenario.date(oldest[0])
    span = days("0001-01-01", end)
    scenario.ask({"date_range": span, "number_of_transactions": 9999}, "count over what there is")
    surely = [id_ for id_ in oldest if scenario.date(id_) < end - DAY]
    if surely:
        scenario.ids(*surely, case="count over what there is")


@clause("outcome.ids-only")
@pytest.mark.depth
def test_a_long_list_of_ids_is_settled_to_its_end(scenario: Scenario) -> None:
    oldest = scenario.rest(3)[-105:]
    for _ in range(2):
        scenario.ids(*oldest, case="ids settle all of them")


@clause("outcome.count-limit")
@pytest.mark.depth
@pytest.mark.parametrize("number", [10, 100, 128])
def test_a_round_count_is_no_more_and_no_less_than_it_says(scenario: Scenario, number: int) -> None:
    window = scenario.around_all(scenario.rest(2, least=number + 1)[-number - 1 :])
    scenario.count(number, window)
    scenario.count(1, window, case="count settles no more")
    scenario.range(window, case="count settles no fewer")


@clause("outcome.range-limit")
def test_the_widest_range_settles_whatever_is_left(scenario: Scenario) -> None:
    left = scenario.rest()
    scenario.ask({"date_range": WIDEST}, case="range settles all inside")
    scenario.ids(*left, case="range settles all inside")
    past = dt.datetime.now(dt.UTC).date() - 3 * DAY
    scenario.ask({"date_range": days("0001-01-01", past)})


@clause("outcome.settled-once")
@pytest.mark.depth
def test_what_this_run_settled_is_settled_at_its_end(scenario: Scenario) -> None:
    scenario.ids(*scenario.settled(), case="settled before")


@clause("outcome.settled-once")
@pytest.mark.depth
def test_what_was_settled_first_stays_so_when_all_the_rest_is(scenario: Scenario) -> None:
    (first,) = scenario.take(1)
    scenario.ids(first)
    scenario.ask({"date_range": WIDEST})
    scenario.ids(first)


@clause("count.minimum", "range.order", "ids.type")
@pytest.mark.depth
def test_what_is_wrong_is_refused_where_nothing_is_left_to_settle(scenario: Scenario) -> None:
    scenario.ask({"date_range": WIDEST})
    scenario.ask({"number_of_transactions": 0})
    scenario.ask({"date_range": days("1990-06-12", "1990-06-11")})
    scenario.ask({"transaction_ids": 5})


@clause("body.optional")
def test_no_body_is_accepted(put: Put) -> None:
    put(raw=None)


@clause("body.optional")
@pytest.mark.depth
def test_no_body_is_accepted_where_no_length_says_so(put: Put) -> None:
    put(raw=None, sized=False)


@clause("body.empty")
def test_an_empty_object_is_accepted(put: Put) -> None:
    put({})


@clause("ids.empty-accepted")
def test_an_empty_array_is_accepted_alone_and_beside_a_count(put: Put) -> None:
    put({"transaction_ids": []})
    put({"transaction_ids": [], "number_of_transactions": 1})


@clause("count.accepted")
def test_a_count_is_accepted_alone(put: Put) -> None:
    put({"number_of_transactions": 1})
    put({"number_of_transactions": 10000})


@clause("range.accepted")
def test_a_range_that_begins_today_is_accepted(scenario: Scenario) -> None:
    today = dt.datetime.now(dt.UTC).date()
    scenario.ask({"date_range": days(today, today + DAY)})


@clause("observe.odd-json")
@pytest.mark.depth
def test_zero_bytes_may_be_no_body(put: Put) -> None:
    put(raw=b"")


@clause("outcome.accounts-apart")
@pytest.mark.depth
def test_neither_the_default_nor_the_widest_range_reaches_another_account(
    scenario: Scenario,
) -> None:
    *_, other = scenario.take_from_other(2, youngest=True)
    scenario.ask(None)
    scenario.ask({"date_range": WIDEST})
    scenario.elsewhere({"transaction_ids": [other]}, "range in another account")


@clause("outcome.accounts-apart")
@pytest.mark.depth
def test_a_count_alone_reaches_no_other_account(scenario: Scenario) -> None:
    first, other = scenario.take_from_other(2)
    scenario.elsewhere({"transaction_ids": [first]})
    scenario.ask({"number_of_transactions": 10000})
    scenario.ask({"number_of_transactions": 10000, "date_range": WIDEST})
    scenario.elsewhere({"transaction_ids": [other]}, "count in another account")


# What a count alone settles, and an empty array after it, is put to the other account: of ours
# nobody could say afterwards what the last days still hold.


@clause("outcome.count-limit")
@pytest.mark.depth
def test_counts_alone_go_on_as_long_as_the_last_days_hold_some(scenario: Scenario) -> None:
    for _ in range(3):
        scenario.elsewhere({"number_of_transactions": 1}, "count settles no more")


@clause("outcome.empty-ids")
@pytest.mark.depth
def test_an_empty_array_alone_is_no_selection_of_nothing(scenario: Scenario) -> None:
    scenario.elsewhere({"transaction_ids": []}, "empty ids select by default")


@clause("outcome.default-window")
@pytest.mark.depth
def test_no_options_settle_nothing_older_in_the_other_account(scenario: Scenario) -> None:
    (older,) = scenario.take_from_other(1)
    scenario.elsewhere(None)
    scenario.elsewhere({"transaction_ids": [older]}, "default settles nothing older")
