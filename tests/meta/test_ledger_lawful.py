"""The ledger model forbids nothing that a lawful server answers."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from tests.meta.ledgers import (
    TODAY,
    numbers,
)

from ..harness.body import Options
from ..harness.ledger import DAY, Ledger, State
from ..harness.orders import created_at_once
from .helpers import examples

OLD = dt.date(2026, 3, 1)


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
    lawful = created_at_once(model, together, TODAY)
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
