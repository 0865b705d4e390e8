"""What Hypothesis is asked to find: parts, seeds, and examples that outlive a run."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import strategies as st

from tests.harness import explore
from tests.harness.court import Court
from tests.harness.grading import Kind, Sign
from tests.harness.options import Options
from tests.harness.oracle import Claim

BREACH = Kind((Claim("count.maximum", "count over the maximum"),), Sign.BROKEN, "200")


def court(per_second: float | None = None) -> Any:
    """As much of a court as is looked at."""
    return SimpleNamespace(
        target=SimpleNamespace(endpoint=SimpleNamespace(loopback=True)),
        budget=SimpleNamespace(per_second=per_second),
        record=SimpleNamespace(entries={}),
        breaches=0,
    )


def tried(name: str, *, over: int = 10**9, seed: str = "7", effort: str = "nightly") -> list[int]:
    """The numbers that are sent, those over `over` being a breach."""
    sent: list[int] = []
    seen = court()

    def send(number: int) -> None:
        sent.append(number)
        if number > over:
            seen.breaches += 1
            seen.record.entries[BREACH] = None

    options = Options(effort=effort, seed=seed)
    explore.explore(cast(Court, seen), st.integers(0, 10**6), send, options, name, 0.05)
    return sent


@pytest.fixture(autouse=True)
def storage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database of examples of its own."""
    monkeypatch.setattr(explore, "STORAGE", tmp_path)
    return tmp_path


def test_the_same_seed_makes_the_same_examples() -> None:
    assert tried("one") == tried("one")
    assert tried("one", effort="gate") == tried("one", effort="gate")


def test_each_part_has_random_numbers_of_its_own() -> None:
    assert tried("bodies[0]") != tried("bodies[1]")
    assert tried("bodies[0]", effort="gate") != tried("bodies[1]", effort="gate")
    assert tried("one", seed="7") != tried("one", seed="8")


def test_what_broke_is_tried_first_the_next_time_whatever_other_tests_ran_between() -> None:
    smallest = 1001
    assert smallest in tried("bodies[0]", over=1000)
    tried("bodies[1]")
    tried("broken_json")
    assert tried("bodies[0]", seed="another", over=1000)[0] == smallest


def test_a_breach_is_shrunk() -> None:
    sent = tried("one", over=1000, effort="gate")
    assert min(number for number in sent if number > 1000) == 1001


def test_the_gate_keeps_no_examples(storage: Path) -> None:
    tried("one", over=1000, effort="gate")
    assert not list(storage.rglob("*"))
