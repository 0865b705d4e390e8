"""What is sent at once: as many are created in each account as some order of the requests gives."""

from __future__ import annotations

import pytest

from ..harness.together import Together
from ..harness.wire import Answer, Exchange
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
