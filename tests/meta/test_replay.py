"""What a replay ends with: 1 where something still breaks, 0 where all holds, else 6."""

from __future__ import annotations

import pytest

from ..harness.replay import Replayed, Shown, exit_of

BROKEN, HELD, NOT = Shown.BROKEN, Shown.HELD, Shown.NOT


@pytest.mark.parametrize(
    ("shown", "code"),
    [
        ([HELD], 0),
        ([HELD, HELD], 0),
        ([BROKEN], 1),
        ([HELD, NOT, BROKEN], 1),
        ([NOT], 6),
        ([HELD, NOT], 6),
        ([], 6),
    ],
    ids=str,
)
def test_a_replay_ends_as_its_witnesses_do(shown: list[Shown], code: int) -> None:
    assert exit_of(Replayed("count.minimum", "count of zero", one, "") for one in shown) == code
