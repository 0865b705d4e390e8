"""Classes of outcome: each that a test or the ledger model says stands in its clause."""

from __future__ import annotations

import ast
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from tests.meta.classes import named

from ..harness.body import Options
from ..harness.ledger import Ledger
from ..harness.oracle import Claim
from .helpers import CLAUSES

TESTS = Path(__file__).resolve().parents[1]


# ------------------------------------------------------------------------- classes of outcome


TODAY = dt.date(2026, 11, 20)
LATELY = dt.date(2026, 11, 17)


FIRST = dt.date(2026, 3, 10)


AROUND = Options(start=FIRST - dt.timedelta(2), end=FIRST + dt.timedelta(2))


BY = {
    "id": Options(ids=("a",)),
    "range": AROUND,
    "count": Options(count=5, start=AROUND.start, end=AROUND.end),
}


def ledger_of(date: dt.date) -> Ledger:
    return Ledger.of([("a", date)], complete=True)


def ledger_claims() -> set[Claim]:
    """What the ledger model names when something is settled in one way, then asked in another."""
    found = set()
    for first in BY.values():
        for second in BY.values():
            ledger = ledger_of(FIRST)
            for options in (first, second):
                expected = ledger.expect(options, TODAY)
                found.add(Claim(expected.clause, expected.case))
                ledger.learn(options, TODAY, max(expected.statuses))
    for options in (Options(ids=("?",)), Options(), *BY.values()):
        expected = ledger_of(LATELY if options == Options() else dt.date(2020, 1, 1)).expect(
            options, TODAY
        )
        found.add(Claim(expected.clause, expected.case))
    return found


def spoken() -> Iterator[tuple[str, str]]:
    """The clause of each outcome test, and the classes of case that it says."""
    contract = TESTS / "contract"
    for path in (*contract.glob("test_outcome*.py"), contract / "test_consume.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.FunctionDef):
                continue
            clauses = [
                str(argument.value)
                for mark in node.decorator_list
                if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Name)
                for argument in mark.args
                if isinstance(argument, ast.Constant) and mark.func.id == "clause"
            ]
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
                    said = [word.value for word in call.keywords if word.arg == "case"]
                    said += call.args[1:] if call.func.attr in ("at_once", "elsewhere") else []
                    for value in said:
                        if isinstance(value, ast.Constant):
                            yield clauses[0], str(value.value)
            # Where a test goes through a table, the classes stand first in its rows.
            for row in ast.walk(node):
                if isinstance(row, ast.Tuple) and len(row.elts) == 3:
                    first = row.elts[0]
                    if isinstance(first, ast.Constant) and isinstance(first.value, str):
                        yield clauses[0], first.value


def test_each_class_that_an_outcome_test_says_stands_in_its_clause() -> None:
    said = list(spoken())
    assert len(said) > 30
    assert [pair for pair in said if pair[1] not in named(pair[0])] == []


def test_each_core_class_of_an_outcome_is_said_by_a_test_or_named_by_the_model() -> None:
    known = {Claim(*pair) for pair in spoken()} | ledger_claims()
    # Scenario.counted gives these two.
    known |= {Claim("outcome.count-limit", f"count settles no {how}") for how in ("more", "fewer")}
    for clause in CLAUSES.clauses:
        if clause.chapter == "outcome":
            assert {Claim(clause.id, case) for case in clause.core} <= known, clause.id


def test_each_clause_that_the_model_names_exists() -> None:
    for claim in ledger_claims():
        assert claim.clause in CLAUSES or claim.clause == "", claim
