"""What is sent at once, or in turn: how many may be created."""

from __future__ import annotations

from typing import Any, cast

import pytest

from ..harness.blame import AGAIN
from ..harness.court import Court
from ..harness.grading import Observation, Sign
from ..harness.oracle import Claim
from ..harness.together import BRIEF, Together, put_in_turn
from ..harness.wire import Answer, Exchange, Request
from .helpers import ACCOUNT, BUILDER, ORACLE, OTHER, OTHERS_TOKEN, PURPOSE, table

LAWFUL = {ACCOUNT: {1, 2}, OTHER: {1}}


def together(ours: tuple[int, ...], theirs: tuple[int, ...]) -> Together:
    """Requests for two accounts at once, with the statuses of their answers."""
    places = [*[(ACCOUNT, status) for status in ours], *[(OTHER, status) for status in theirs]]
    done = [
        Exchange(
            BUILDER.request({}, token=OTHERS_TOKEN, purpose=PURPOSE, account=account),
            Answer(status),
        )
        for account, status in places
    ]
    return Together([ORACLE.read(each.request) for each in done], LAWFUL, closed=True, done=done)


@pytest.mark.parametrize(
    ("ours", "theirs", "too_many", "unlike"),
    table(
        [
            ((201, 200), (201,), False, False),
            ((201, 201), (201,), False, False),
            ((201, 201, 201), (), True, True),
            ((201, 201, 201), (201,), True, True),
            ((201, 201), (200,), False, True),
            ((200, 200), (201,), False, True),
            ((201,), (201, 201), True, True),
        ]
    ),
)
def test_each_account_is_counted_for_itself(
    ours: tuple[int, ...], theirs: tuple[int, ...], too_many: bool, unlike: bool
) -> None:
    found = together(ours, theirs)
    assert (found.too_many, found.unlike_any_order) == (too_many, unlike)


class Series:
    """A court that answers a series of requests, one every so many seconds."""

    def __init__(self, statuses: tuple[int, ...], pause: float, refunds_seen: bool = False) -> None:
        self.left, self.pause, self.refunds_seen = list(statuses), pause, refunds_seen
        self.time = 0.0
        self.seen: list[tuple[Sign, tuple[Claim, ...]]] = []

    def put(self, request: Request) -> Exchange:
        self.time += self.pause
        return Exchange(request, Answer(self.left.pop(0)), self.time)

    def add(self, observed: list[Observation], *_: Any) -> None:
        self.seen += [(each.kind.sign, each.kind.claims) for each in observed]


@pytest.mark.parametrize(
    ("series", "sign"),
    [
        (Series((201,) * 8, BRIEF / 8), Sign.DOUBT),
        (Series((201,) * 8, BRIEF / 6), Sign.ERROR),
        (Series((201,) * 8, BRIEF / 8, refunds_seen=True), Sign.ERROR),
        (Series((201,) * 7 + (200,), BRIEF / 8), Sign.HELD),
        (Series((200,) * 8, BRIEF / 8), Sign.HELD),
        (Series((201,) * 7 + (400,), BRIEF / 8), None),
    ],
)
def test_not_each_of_a_series_finds_something_new_within_a_second(
    series: Series, sign: Sign | None
) -> None:
    claim = Claim("outcome.settled-once", AGAIN)
    request = BUILDER.request({}, token=OTHERS_TOKEN, purpose=PURPOSE)
    done = put_in_turn(cast(Court, series), [request] * 8, claim)
    assert len(done) == 8
    assert series.seen == ([(sign, (claim,))] if sign else [])
