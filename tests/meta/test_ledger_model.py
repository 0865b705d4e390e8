"""The ledger model: it knows what an answer shows, and forbids nothing that is lawful."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..harness.body import Options
from ..harness.ledger import DAY, EITHER, Ledger, State
from .helpers import examples, table

TODAY = dt.date(2026, 11, 20)
OLD = dt.date(2026, 3, 1)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(f"2026-{text}")


def span(start: str, end: str, count: int | None = None) -> Options:
    return Options(count=count, start=day(start), end=day(end))


def by_ids(*ids: str) -> Options:
    return Options(ids=ids)


def of(*dates: str, complete: bool = True) -> Ledger:
    """A ledger of `a`, `b`, ... on these days."""
    return Ledger.of([("abcdefghij"[n], day(date)) for n, date in enumerate(dates)], complete)


def expected(ledger: Ledger, options: Options) -> str:
    """The statuses, and the class of case."""
    found = ledger.expect(options, TODAY)
    return f"{'/'.join(map(str, sorted(found.statuses)))} {found.case}".strip()


def after(ledger: Ledger, *told: tuple[Options, int | None]) -> Ledger:
    for options, status in told:
        ledger.learn(options, TODAY, status)
    return ledger


def state(ledger: Ledger, id_: str) -> str:
    return ledger.transactions[id_].state.value


MONTH = span("03-01", "03-31")


@pytest.mark.parametrize(
    ("options", "row"),
    table(
        [
            (by_ids("a"), "201 created by id"),
            (by_ids("a", "a"), "201 created by id"),
            (by_ids("?", "a"), "201 created by id"),
            (by_ids("?"), "200 unknown ids"),
            (span("03-09", "03-12"), "201 created by range"),
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
            (span("03-09", "03-12", 1), "201 created by count"),
            (span("03-09", "03-12", 10000), "201 created by count"),
            (span("03-10", "03-11", 1), "200/201"),
            (span("03-12", "03-14", 1), "200 count in an empty window"),
            (Options(ids=(), start=day("03-09"), end=day("03-12")), "201 created by range"),
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
        ("11-20", "201 created by default"),
        ("11-19", "201 created by default"),
        ("11-15", "201 created by default"),
        ("11-14", "200/201"),
        ("11-13", "200/201"),
        ("11-12", "200/201"),
        ("11-11", "200/201"),
        ("10-01", "200/201"),
    ],
)
def test_the_last_days_are_settled_by_default_and_the_seventh_is_open(date: str, row: str) -> None:
    assert expected(of(date), Options()) == row
    assert expected(of(date), Options(ids=())) == row


@pytest.mark.parametrize(
    ("date", "state_after"),
    [
        ("11-20", "settled"),
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


def test_a_window_gives_nothing_again_though_its_edges_are_in_doubt() -> None:
    ledger = after(of("03-01", "03-15", "03-31"), (MONTH, 201))
    assert expected(ledger, MONTH) == "200 settled by range then by range"
    assert expected(ledger, span("03-02", "03-31")) == "200 settled by range then by range"
    assert expected(ledger, span("03-02", "04-01")) == "200/201"
    assert of("03-15", "03-31").at_once([MONTH] * 8, TODAY) == {1}


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


def test_what_was_settled_in_two_ways_is_settled_before() -> None:
    ledger = after(of("03-10", "05-10"), (by_ids("a"), 201), (span("05-08", "05-12"), 201))
    assert expected(ledger, by_ids("a", "b")) == "200 settled before"


# ------------------------------------------------------------------------------------- pools


def counted(number: int, *dates: str) -> Ledger:
    """A ledger of which a count has settled some."""
    return after(of(*dates), (span("03-01", "03-31", number), 201))


THREE = ("03-10", "03-11", "03-12")


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


def test_a_created_range_tells_nothing_of_a_pool_where_its_edge_may_be_what_was_created() -> None:
    ledger = after(
        of("03-01", "03-05", "03-12"),
        (span("02-27", "03-06", 1), 201),
        (span("03-04", "03-12"), 201),
    )
    assert [state(ledger, id_) for id_ in "abc"] == ["unknown", "settled", "unknown"]


# ------------------------------------------------------------------------------ lost answers


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
    assert of(*THREE).at_once(requests, TODAY) == numbers


def test_at_once_what_is_in_doubt_may_be_created_or_not() -> None:
    ledger = after(of("03-10"), (by_ids("a"), None))
    assert ledger.at_once([by_ids("a")], TODAY) == {0, 1}
    assert 1 in of("03-10", "03-31").at_once([MONTH] * 8, TODAY)


def test_at_once_a_count_that_takes_all_leaves_nothing_for_the_others() -> None:
    together = [by_ids("a"), Options(count=5), span("03-09", "03-11")]
    assert of("03-10", "03-10").at_once(together, TODAY) >= {1, 2, 3}


def test_at_once_changes_nothing_of_the_ledger() -> None:
    ledger = of(*THREE)
    ledger.at_once([by_ids("a"), MONTH], TODAY)
    assert [state(ledger, id_) for id_ in "abc"] == ["unsettled"] * 3


def test_either_is_both_statuses() -> None:
    assert {200, 201} == EITHER


# ------------------------------------------------------------------------ an honest server


@dataclass
class Server:
    """A lawful ledger: whatever the document leaves open is chosen once, at the beginning."""

    listed: dict[str, dt.date]
    hidden: dict[str, dt.date]
    chance: random.Random
    inclusive: bool = True
    shift: int = 0
    edge: int = 7
    count_looks_at_all: bool = False
    settled: set[str] = field(default_factory=set)
    shifted: set[str] = field(default_factory=set)
    """Those whose day is another one where the server stands."""

    def day(self, id_: str) -> dt.date:
        date = self.listed.get(id_) or self.hidden[id_]
        return date + self.shift * DAY if id_ in self.shifted else date

    def everything(self) -> list[str]:
        return [*self.listed, *self.hidden]

    def selected(self, options: Options, today: dt.date) -> list[str]:
        if options.ids:
            return [id_ for id_ in options.ids if id_ in self.listed]
        if options.start is not None and options.end is not None:
            last = options.end if self.inclusive else options.end - DAY
            return [id_ for id_ in self.everything() if options.start <= self.day(id_) <= last]
        if options.count is not None and self.count_looks_at_all:
            return self.everything()
        return [id_ for id_ in self.everything() if self.day(id_) >= today - self.edge * DAY]

    def answer(self, options: Options, today: dt.date) -> int:
        fresh = sorted(set(self.selected(options, today)) - self.settled)
        if options.count is not None and not options.ids:
            fresh = self.chance.sample(fresh, min(options.count, len(fresh)))
        self.settled |= set(fresh)
        return 201 if fresh else 200


@st.composite
def servers(draw: st.DrawFn) -> tuple[Server, bool]:
    """A server, and whether the target file may call its list complete."""
    # An excluded end and days of the far east together would leave out the last day but one.
    inclusive, shift, edge = draw(
        st.sampled_from(
            [
                *((True, shift, edge) for shift in (0, -1, 1) for edge in (6, 7)),
                *((False, shift, edge) for shift in (0, -1) for edge in (6, 7)),
                *((inclusive, 0, 8) for inclusive in (True, False)),
            ]
        )
    )
    near = st.integers(0, 12).map(lambda days: OLD + days * DAY)
    recent = st.integers(0, 10).map(lambda days: TODAY - days * DAY)
    dates = draw(st.lists(st.one_of(near, near, recent), min_size=1, max_size=9))
    complete = draw(st.booleans())
    others = [] if complete else draw(st.lists(st.one_of(near, recent), max_size=4))
    server = Server(
        {f"t{number}": date for number, date in enumerate(dates)},
        {f"h{number}": date for number, date in enumerate(others)},
        random.Random(draw(st.integers(0, 99))),
        inclusive,
        shift,
        edge,
        count_looks_at_all=draw(st.booleans()),
    )
    server.shifted = {id_ for id_ in server.everything() if server.chance.random() < 0.5}
    return server, complete


numbers = st.integers(0, 12)
counts = st.sampled_from([1, 1, 2, 3, 5, 10000])
windows = st.tuples(numbers, st.integers(1, 8)).map(
    lambda pair: {"start": OLD + (pair[0] - 2) * DAY, "end": OLD + (pair[0] - 2 + pair[1]) * DAY}
)
recent_windows = st.tuples(st.integers(-1, 12), st.integers(1, 8)).map(
    lambda pair: {"start": TODAY - pair[0] * DAY, "end": TODAY + (pair[1] - pair[0]) * DAY}
)
chosen = st.lists(numbers.map(lambda number: f"t{number}"), min_size=1, max_size=4).map(
    lambda ids: {"ids": tuple(ids)}
)
selections = st.one_of(
    chosen,
    windows,
    windows,
    recent_windows,
    st.builds(lambda window, count: {**window, "count": count}, windows, counts),
    st.builds(lambda window, count: {**window, "count": count}, windows, counts),
    st.builds(lambda window: {**window, "ids": ()}, windows),
    counts.map(lambda count: {"count": count}),
    st.just({}),
).map(lambda fields: Options(**fields))
steps = st.tuples(
    selections,
    st.sampled_from(["asked"] * 12 + ["lost", "dropped", "arrives", "tomorrow", "twice", "twice"]),
)


@examples(300)
@given(servers(), st.lists(steps, max_size=14))
def test_what_a_lawful_server_answers_is_never_forbidden(
    made: tuple[Server, bool], walk: list[tuple[Options, str]]
) -> None:
    server, complete = made
    model = Ledger.of(server.listed.items(), complete)
    today = TODAY
    for number, (options, kind) in enumerate(walk):
        if kind == "tomorrow":
            today += DAY
        elif kind == "arrives":
            server.hidden[f"a{number}"] = today
        elif kind == "dropped":
            model.learn(options, today, None)
        elif kind == "lost":
            server.answer(options, today)
            model.learn(options, today, None)
        for _ in range({"asked": 1, "twice": 2}.get(kind, 0)):
            status = server.answer(options, today)
            expected = model.expect(options, today)
            assert status in expected.statuses, (options, expected)
            model.learn(options, today, status)


@examples(100)
@given(servers(), st.lists(steps, max_size=6), st.lists(selections, min_size=2, max_size=3))
def test_no_order_that_a_lawful_server_takes_is_forbidden(
    made: tuple[Server, bool], walk: list[tuple[Options, str]], together: list[Options]
) -> None:
    server, complete = made
    model = Ledger.of(server.listed.items(), complete)
    for options, _ in walk:
        model.learn(options, TODAY, server.answer(options, TODAY))
    lawful = model.at_once(together, TODAY)
    server.chance.shuffle(together)
    assert sum(server.answer(options, TODAY) == 201 for options in together) in lawful


@examples(200)
@given(servers(), st.lists(steps, max_size=14))
def test_what_the_model_takes_for_settled_or_unsettled_is_so(
    made: tuple[Server, bool], walk: list[tuple[Options, str]]
) -> None:
    server, complete = made
    model = Ledger.of(server.listed.items(), complete)
    for options, _ in walk:
        model.learn(options, TODAY, server.answer(options, TODAY))
        for id_, transaction in model.transactions.items():
            if transaction.state is State.SETTLED:
                assert id_ in server.settled, id_
            if transaction.state is State.UNSETTLED:
                assert id_ not in server.settled, id_
        for pool in model.pools:
            left = len(pool.members - server.settled)
            assert pool.low <= left <= pool.high, pool


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
        (("b",), (("outcome.settled-ignored", "settled id after a fresh one"),)),
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
    assert ledger.expect(MONTH, TODAY).settled == ()
