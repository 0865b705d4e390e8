"""What nobody thought of: cases that schemathesis and Hypothesis make of the document.

The oracle judges the bytes that were sent, so a case is never blamed for what its generator
meant it to be. A case that a lawful server might settle something for is not sent.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.harness.fixtures import Explore
from tests.harness.run import Run

if TYPE_CHECKING:
    from tests.harness.stock import Stock

pytestmark = pytest.mark.depth
clause = pytest.mark.clause
GENERATED = clause("body.*", "ids.*", "count.*", "range.*", "exclusion.*", "answer.*")


@GENERATED
def test_schemathesis_coverage_of_every_keyword(
    put_harmless: Callable[..., None], coverage: list[dict[str, Any]]
) -> None:
    for parts in coverage:
        put_harmless(**parts)


@GENERATED
@pytest.mark.nightly
@pytest.mark.parametrize("mode", ["positive", "negative"])
def test_schemathesis_fuzzing(stock: Stock, explore: Explore, mode: str) -> None:
    explore(stock.bodies(mode), 0.25)


@GENERATED
def test_bodies_of_every_combination(run: Run, explore: Explore) -> None:
    from tests.harness.strategies import bodies

    explore(bodies(run.target.file.account), 2, "body")


@GENERATED
def test_json_with_something_broken(run: Run, explore: Explore) -> None:
    from tests.harness.strategies import broken_json

    explore(broken_json(run.target.file.account), 1, "raw")
