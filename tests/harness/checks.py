r"""The oracle as a schemathesis check, for `st run` on the corrected document.

    python -m tests.harness.document > corrected.json
    CONTRACT_ACCOUNT=T12345678 SCHEMATHESIS_HOOKS=tests.harness.checks \
        st run corrected.json --url http://... -H "Authorization: Bearer $TOKEN" --checks contract

It holds each answer against the same oracle and the same grading as the suite does, clause by
clause. Every case is sent to the account that CONTRACT_ACCOUNT names: a generated one is a
stranger's.
"""

from __future__ import annotations

import datetime as dt
import os
from typing import Any
from urllib.parse import urlsplit

import schemathesis

from . import body, document, interlock
from .grading import Observation, Sign, grade
from .ledger import Ledger
from .oracle import Oracle
from .tokens import Tokens
from .wire import Answer, Request

RULES = document.load().rules()
ACCOUNT = os.environ.get("CONTRACT_ACCOUNT", "")
if not interlock.is_well_formed(ACCOUNT):
    raise RuntimeError("CONTRACT_ACCOUNT is to name the test account, T and eight digits")


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Send every case to the one account that is ours; the last hook before it is sent."""
    case.path_parameters = {"aid": ACCOUNT}


def broken_clauses(response: Any, case: Any) -> list[Observation]:
    """The clauses that one answer breaks.

    Args:
        response: a schemathesis response, with the request as it went over the wire.
        case: the schemathesis case that it answers.
    """
    sent = response.request
    parts = urlsplit(sent.url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    before, _, after = RULES.path.partition("{aid}")
    base, found, rest = path.partition(before)
    if not found or not rest.endswith(after):
        return []
    authorization = sent.headers.get("Authorization", "")
    token = authorization.partition(" ")[2]
    tokens = Tokens(own=(token,) if token else (), sent=bool(token))
    given = tuple((key, str(value)) for key, value in sent.headers.items())
    request = Request(str(case.method).upper(), path, given, raw_body(response))
    headers = tuple((key, value) for key, values in response.headers.items() for value in values)
    answer = Answer(response.status_code, headers, response.content or b"")
    reading = Oracle(RULES, base, ACCOUNT, tokens).read(request)
    return [seen for seen in grade(reading, answer) if seen.kind.sign is Sign.BROKEN]


def created_of_nothing(response: Any, case: Any) -> bool:
    """Whether 201 came for a selection of nothing: a window long past, unknown ids."""
    if response.status_code != 201 or str(case.method).upper() != "POST":
        return False
    options = body.read(raw_body(response), True, RULES).options
    today = dt.datetime.now(dt.UTC).date()
    return options is not None and Ledger().expect(options, today).statuses == {200}


def raw_body(response: Any) -> bytes | None:
    """The body as it went over the wire."""
    sent = response.request.body
    return sent.encode() if isinstance(sent, str) else sent


@schemathesis.check
def contract(context: Any, response: Any, case: Any) -> bool | None:
    """Hold an answer against every clause that a single answer can show something about."""
    for seen in broken_clauses(response, case):
        claim, expected = seen.kind.claims[0], " or ".join(map(str, seen.expected))
        raise AssertionError(
            f"{claim.clause}: {claim.case} got {seen.kind.came}, {expected} conforms "
            f"({seen.reason})"
        )
    if created_of_nothing(response, case):
        raise AssertionError("outcome.nothing: what selects nothing got 201, 200 conforms")
    return None
