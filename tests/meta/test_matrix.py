"""A sample of the kill matrix, another one each day; the whole is `python -m tests.meta.matrix`."""

from __future__ import annotations

import datetime as dt
import os

import pytest

from tests.meta import matrix

FAULTS, DIALECTS, UNFORGETTING = 20, 10, 4
"""How many of each are judged in a run; FULL=1 judges all."""


def sample(kind: str, number: int) -> list[matrix.Variant]:
    """The switches whose turn it is today, spread over all chapters."""
    found = sorted(
        (variant for variant in matrix.variants() if variant.kind == kind),
        key=lambda variant: (variant.breaks, variant.name),
    )
    if os.environ.get("FULL"):
        return found
    step = max(1, len(found) // number)
    return found[dt.datetime.now(dt.UTC).timetuple().tm_yday % step :: step]


@pytest.mark.parametrize("variant", sample("fault", FAULTS), ids=lambda v: v.name)
def test_a_fault_is_caught_and_named_as_the_table_says(variant: matrix.Variant) -> None:
    result = matrix.judge(variant, "-k", "not schemathesis")
    assert result.broken, result.output
    first = matrix.recorded()[variant.name].partition(",")[0]
    if first in variant.breaks:
        assert result.good, f"{result.broken} instead of {variant.breaks}\n{result.output}"


@pytest.mark.parametrize("variant", sample("dialect", DIALECTS), ids=lambda v: v.name)
def test_a_lawful_dialect_is_not_blamed(variant: matrix.Variant) -> None:
    result = matrix.judge(variant, "-k", "not schemathesis")
    assert result.good, f"{result.broken}\n{result.output}"


@pytest.mark.parametrize("variant", sample("dialect", UNFORGETTING), ids=lambda v: v.name)
def test_a_lawful_dialect_that_forgets_nothing_is_not_blamed(variant: matrix.Variant) -> None:
    result = matrix.judge(matrix.without_reset(variant), "-k", "not schemathesis")
    assert result.good, f"{result.broken}\n{result.output}"


@pytest.mark.parametrize("seed", [dt.datetime.now(dt.UTC).timetuple().tm_yday])
def test_the_reference_is_not_blamed_at_random(seed: int) -> None:
    plain = matrix.Variant("dialect", "", "the server as it is")
    options = ("--hypothesis-profile", "nightly", "--hypothesis-seed", str(seed))
    result = matrix.judge(plain, "--requests", "3000", *options)
    assert result.good, f"{result.broken}\n{result.output}"
