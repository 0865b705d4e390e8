"""Random cases put to servers within this process: the wrong ones are named, and no other."""

from __future__ import annotations

from . import seeds


def test_a_night_names_what_is_wrong_and_nothing_else() -> None:
    found = seeds.judged(1, "[de]*", ["count-type-unchecked", "never-marked"], effort="gate")

    assert {name: named[0] for name, (named, _) in found.items() if named} == {
        "count-type-unchecked": "count.type",
        "never-marked": "outcome.settled-once",
    }
    assert len(found) > 10
    assert min(sent for _, sent in found.values()) > 100
