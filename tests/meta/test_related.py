"""Which requests before a witness a report points at."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any, cast

import pytest

from ..harness.cases import days
from ..harness.ledger import DAY, Ledger
from ..harness.report import words
from ..harness.report.model import Step
from ..harness.report.related import beside, related
from ..harness.run import Run
from ..harness.wire import Answer, Exchange
from . import verdicts
from .helpers import ACCOUNT, ORACLE, OTHER, request, table

NOW = 1_795_000_000.0
TODAY = dt.datetime.fromtimestamp(NOW, dt.UTC).date()
OLD, RECENT = TODAY - 100 * DAY, TODAY - 3 * DAY
LEDGER = Ledger.of([("old", OLD), ("recent", RECENT)], complete=True)
RUN = cast(Run, SimpleNamespace(court=SimpleNamespace(oracle=ORACLE, ledgers={ACCOUNT: LEDGER})))


def sent(body: Any, **changes: Any) -> Exchange:
    return Exchange(request(body, **changes), Answer(200), NOW)


def around(day: dt.date) -> dict[str, Any]:
    return {"date_range": days(day - DAY, day + 2 * DAY)}


def ids(*chosen: str) -> dict[str, Any]:
    return {"transaction_ids": list(chosen)}


@pytest.mark.parametrize(
    ("earlier", "witness", "expected"),
    table(
        [
            (ids("old"), ids("old"), True),
            (ids("recent"), ids("old"), False),
            (ids("recent", "old"), ids("old"), True),
            (around(OLD), ids("old"), True),
            (around(OLD), ids("recent"), False),
            ({"number_of_transactions": 1, **around(OLD)}, around(OLD), True),
            ({}, ids("recent"), True),
            ({}, ids("old"), False),
            ({"number_of_transactions": 1}, ids("old"), True),
            (ids("nobody's"), ids("old"), False),
            ({**ids("old"), "number_of_transactions": 1}, ids("old"), True),
            ({**ids("recent"), "number_of_transactions": 1}, ids("old"), False),
            ({"number_of_transactions": 0}, ids("old"), True),
        ]
    ),
)
def test_what_may_have_settled_or_named_it_is_related(
    earlier: Any, witness: Any, expected: bool
) -> None:
    certain = sent(witness)
    assert related((sent(earlier), certain), certain, RUN) == [expected, True]


def test_where_none_would_be_related_all_are() -> None:
    assert related((sent(ids("recent")), sent({})), sent(ids("old")), RUN) == [True, True]


def test_what_was_under_way_is_beside_the_witness_and_related() -> None:
    done, witness = sent(ids("old")), sent(ids("old"))
    under_way = Exchange(request(ids("recent")), Answer(201, seconds=0.001), NOW)
    assert [beside(step, witness) for step in (done, under_way)] == [False, True]
    assert related((done, under_way, sent(ids("recent"))), witness, RUN) == [True, True, False]


def test_another_account_is_related() -> None:
    steps = (sent(ids("recent")), sent(ids("recent"), account=OTHER))
    assert related(steps, sent(ids("old")), RUN) == [False, True]


def test_all_are_related_to_what_selects_nothing_that_is_known() -> None:
    steps = (sent(ids("recent")), sent(ids("old")))
    assert related(steps, sent(ids("nobody's")), RUN) == [True, True]
    assert related(steps, sent({"number_of_transactions": 0}), RUN) == [True, True]


def test_what_matters_of_what_was_before_is_sent_before_it_once_more() -> None:
    def step(curl: str, **more: bool) -> Step:
        return Step(curl=curl, status=201, request=verdicts.request("{}"), **more)

    steps = [step("first"), step("unrelated", related=False), step("at once", beside=True)]
    witness = verdicts.evidence("settled by id then by id", "{}", 201, "{}", steps=steps)
    assert words.curls(witness) == f"first\n{witness.curl}"
    assert words.once_more(witness) == "to send it once more, at the same instant: `--replay`"
    alone = verdicts.evidence("count of zero", "{}", 201, "{}")
    assert (words.curls(alone), words.once_more(alone)) == (alone.curl, "to send it once more")
