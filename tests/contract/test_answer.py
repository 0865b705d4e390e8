"""Chapter answer: the answers for themselves, whatever was asked.

Every answer of a run is held against these clauses; here stands only what nothing else sends.
"""

import pytest

from tests.harness.cases import EMPTY, unknown_ids
from tests.harness.fixtures import Put
from tests.harness.run import Run

clause = pytest.mark.clause
BODY = {"date_range": EMPTY}


@clause("answer.status", "answer.success", "answer.error", "answer.no-500")
def test_an_accepted_and_a_refused_request_are_answered_as_declared(put: Put) -> None:
    put(BODY, accept="*/*")
    put({"date_range": {"start_date": "1990-06-11"}})


@clause("answer.method")
@pytest.mark.depth
@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_another_method_creates_no_report(put: Put, run: Run, method: str) -> None:
    put({"transaction_ids": unknown_ids(1, run.target.file.account)}, method=method)


@clause("answer.status")
@pytest.mark.depth
@pytest.mark.parametrize("accept", ["*/*", "application/*", None])
def test_an_answer_is_declared_whatever_range_takes_it_in(put: Put, accept: str | None) -> None:
    put(BODY, accept=accept)
    put({"number_of_transactions": 0}, accept=accept)


@clause("answer.method")
@pytest.mark.depth
@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_another_method_creates_no_report_without_a_body(put: Put, method: str) -> None:
    put(method=method)
    put(BODY, method=method)


@clause("answer.no-500")
@pytest.mark.depth
def test_large_numbers_and_odd_members_are_no_unexpected_error(put: Put, run: Run) -> None:
    put(raw=b'{"number_of_transactions": ' + b"9" * 5000 + b"}")
    put(raw=b'{"number_of_transactions": 1e99999999}')
    put({"date_range": {"start_date": "9999-12-31", "end_date": "9999-12-31"}})
    put({"transaction_ids": ["x" * 30000]})
    put({"transaction_ids": [*unknown_ids(1000, run.target.file.account), None]})
    put({"date_range": EMPTY, "x": "y" * 30000})
    put({"date_range": EMPTY, "\0": "\0"})
    put({"date_range": {"start_date": "\0", "end_date": "1990-06-12"}})
    put({"number_of_transactions": {"$gt": 0}, "date_range": {"$ne": None}})
    put({"transaction_ids": {"$ne": None}})
