"""What meta tests share: our account and tokens, an oracle, requests for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet
from hypothesis import HealthCheck, settings

from ..harness import clauses, document
from ..harness.cases import OWN, Builder
from ..harness.oracle import Claim, Oracle, Reading
from ..harness.tokens import Tokens, encode
from ..harness.wire import Request

DOCUMENT = document.load()
CLAUSES = clauses.load()
ACCOUNT, OTHER = "T12345678", "T87654321"
PURPOSE = ("X-Contract-Clause", "meta")


def jwt(**claims: Any) -> str:
    """A token that looks signed."""
    return f"{encode({'alg': 'HS256', 'typ': 'JWT'})}.{encode(claims)}.{'Q29udHJhY3Q' * 4}"


TOKEN = jwt(account=ACCOUNT, scope="admin:billing admin:reports")
OLDER = jwt(account=ACCOUNT, scope="admin:billing", iat=1)
EXPIRED = jwt(account=ACCOUNT, exp=1)
WITHOUT_SCOPES = jwt(account=ACCOUNT, scope="read:accounts")
OTHERS_TOKEN = jwt(account=OTHER, scope="admin:billing")
TOKENS = Tokens((OLDER, TOKEN), EXPIRED, WITHOUT_SCOPES, OTHERS_TOKEN, OTHER)
ORACLE = Oracle(DOCUMENT.rules(), "/v1", ACCOUNT, TOKENS)
BUILDER = Builder("/v1" + DOCUMENT.path, ACCOUNT)


def request(body: Any = OWN, **changes: Any) -> Request:
    """A request of ours, with our token."""
    if body is OWN and "raw" not in changes:
        changes["raw"] = None
    return BUILDER.request(body, token=TOKEN, purpose=PURPOSE, **changes)


def read(body: Any = OWN, **changes: Any) -> Reading:
    """What the oracle says of a request of ours."""
    return ORACLE.read(request(body, **changes))


def words(claims: tuple[Claim, ...]) -> list[str]:
    """Claims as `clause: case`."""
    return [f"{claim.clause}: {claim.case}" for claim in claims]


def examples(number: int) -> settings:
    """Settings of a property: repeatable, and without a database."""
    return settings(
        max_examples=number,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def table(rows: Iterable[tuple[Any, ...]]) -> list[ParameterSet]:
    """Rows for `parametrize`, each with a number and a short name of its first cell."""
    return [
        pytest.param(*row, id=f"{number} {ascii(row[0])[:40]}")
        for number, row in enumerate(rows, 1)
    ]
