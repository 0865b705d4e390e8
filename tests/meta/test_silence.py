"""What got no answer is left alone: by its clause, by its size, and at last altogether."""

from __future__ import annotations

import pytest

from ..harness.silence import IN_A_ROW, Silence


def silent(*found: tuple[str, int]) -> Silence:
    silence = Silence()
    for clause, size in found:
        silence.add(clause, size)
    return silence


def test_two_silences_of_a_clause_are_enough() -> None:
    assert not silent(("a.b", 1)).of_clause("a.b")
    both = silent(("a.b", 1), ("a.b", 1))
    assert both.of_clause("a.b")
    assert not both.of_clause("a.c")


@pytest.mark.parametrize(
    ("sizes", "size", "left_alone"),
    [
        ((5000, 5000), 5000, True),
        ((5000, 5000), 4600, True),
        ((5000, 5000), 4500, False),
        ((5000, 5000), 9000, True),
        ((5000,), 9000, False),
        ((4096, 4096), 9000, False),
        ((4097, 4097), 4097, True),
    ],
)
def test_two_large_bodies_are_enough_for_those_as_large(
    sizes: tuple[int, ...], size: int, left_alone: bool
) -> None:
    assert silent(*(("a.b", size) for size in sizes)).of_size(size) is left_alone


def test_a_target_is_given_up_after_some_in_a_row() -> None:
    assert not Silence(in_a_row=IN_A_ROW - 1).given_up
    assert Silence(in_a_row=IN_A_ROW).given_up


def test_what_the_first_of_those_in_a_row_put_is_told() -> None:
    silence = Silence()
    silence.one_more("huge count")
    silence.in_a_row = 0
    for case in ("1001 ids", "one id"):
        silence.one_more(case)
    assert silence.in_a_row == 2
    assert silence.told(484, 0.0, "the connection was refused") == (
        "the target stopped answering after 484 requests, at 00:00:00 UTC: the connection was "
        "refused; the first without an answer put '1001 ids'"
    )
    assert (
        Silence().told(1, 0.0, "x")
        == "the target stopped answering after 1 requests, at 00:00:00 UTC: x"
    )
