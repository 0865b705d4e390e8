r"""The oracle as schemathesis checks, for `st run` and for anybody's own schemathesis tests.

    SCHEMATHESIS_HOOKS=tests.harness.checks st run spec/billing.yaml --url http://... \
        -H "Authorization: Bearer $TOKEN"

There is a check for each chapter of the clause ledger that a single answer can show something
about. All hold the answer against the same oracle and the same grading as the suite does; the
account is taken from the variable CONTRACT_ACCOUNT, else from the case.
"""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import unquote, urlsplit

import schemathesis

from . import document
from .grading import Observation, Sign, grade
from .oracle import Oracle
from .tokens import Tokens
from .wire import Answer, Request

DOCUMENT = document.load()
RULES = DOCUMENT.rules()


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
    account = os.environ.get("CONTRACT_ACCOUNT") or unquote(rest[: len(rest) - len(after)])
    authorization = sent.headers.get("Authorization", "")
    token = authorization.partition(" ")[2]
    tokens = Tokens(own=(token,) if token else (), sent=bool(token))
    body = sent.body.encode() if isinstance(sent.body, str) else sent.body
    request = Request(
        str(case.method).upper(), path, tuple((k, str(v)) for k, v in sent.headers.items()), body
    )
    headers = tuple((key, value) for key, values in response.headers.items() for value in values)
    answer = Answer(response.status_code, headers, response.content or b"")
    reading = Oracle(RULES, base, account, tokens).read(request)
    return [seen for seen in grade(reading, answer) if seen.kind.sign is Sign.BROKEN]


def _check(chapter: str) -> None:
    def contract(ctx: Any, response: Any, case: Any) -> bool | None:
        for seen in broken_clauses(response, case):
            claim = seen.kind.claims[0]
            if claim.clause.startswith(f"{chapter}."):
                expected = " or ".join(map(str, seen.expected))
                raise AssertionError(
                    f"{claim.clause}: {claim.case} got {seen.kind.came}, {expected} conforms "
                    f"({seen.reason})"
                )
        return None

    contract.__name__ = f"contract_{chapter}"
    contract.__doc__ = f"The clauses {chapter}.* of the contract."
    schemathesis.check(contract)


for _chapter in ("account", "body", "ids", "count", "range", "exclusion", "answer"):
    _check(_chapter)


@schemathesis.check
def contract_outcome(ctx: Any, response: Any, case: Any) -> bool | None:
    """200 and 201: a selection of nothing (a window long past, unknown ids) never creates."""
    if response.status_code != 201 or str(case.method).upper() != "POST":
        return None
    import datetime as dt
    import json

    from .body import Content, read
    from .ledger import Ledger

    sent = response.request.body
    raw = sent.encode() if isinstance(sent, str) else sent
    content: Content = read(raw, True, RULES)
    if content.options is None:
        return None
    today = dt.datetime.now(dt.UTC).date()
    if Ledger().expect(content.options, today).statuses == {200}:
        shown = json.dumps(raw.decode("utf-8", "replace")) if raw else "no body"
        raise AssertionError(f"outcome.nothing: {shown[:200]} selects nothing, and got 201")
    return None
