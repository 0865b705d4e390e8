"""What an answer shows about the clauses that its request put (contract: "graded").

Pure. One request and its answer give observations; what they add up to is decided in `blame`,
once everything is seen, so that the order of requests does not change a verdict.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from enum import StrEnum
from typing import Any, NamedTuple

from .oracle import Claim, Fault, Reading
from .wire import Answer

SUCCESS = (200, 201)
REFUSALS = (400,)
DEPENDENT = frozenset(
    {"outcome.settled-once", "outcome.settled-ignored", "outcome.concurrent-once"}
)
"""Clauses by which a valid request is turned away for what else was sent."""


class Sign(StrEnum):
    """What one answer is for one claim."""

    HELD = "held"
    BROKEN = "broken"
    TOKEN = "token"
    """401 or 403: the fault's own answer, or the token's; a twin with the same token tells."""
    OTHER = "other"
    """401 or 403 for the other account: its token is dead, unless it was accepted once."""
    NOWHERE = "nowhere"
    """404, 405 or 3xx: perhaps not this operation at all; anything accepted here tells."""
    ERROR = "error"
    """Leaves the clause open, as a 5xx does (which breaks answer.no-500)."""
    DOUBT = "doubt"
    """Broken where it comes again and again, unless somebody else moved the ledger meanwhile."""
    SEEN = "seen"
    """Observed only."""


class Kind(NamedTuple):
    """What kind of observation it is: observations of one kind are counted, not kept."""

    claims: tuple[Claim, ...]
    """Simple to specific."""
    sign: Sign
    came: str
    """What came back, in a word: mostly a status."""
    refusal: bool = False
    """Whether a refusal was wanted."""
    alone: bool = True
    """False where other faults of the request explain a refusal as well."""

    @property
    def depends(self) -> bool:
        """Whether it depends on what was sent before or beside it, not on the request alone."""
        clauses = [claim.clause for claim in self.claims]
        selected = bool(clauses) and clauses[0].startswith("outcome.")
        return selected or not DEPENDENT.isdisjoint(clauses)


class Observation(NamedTuple):
    """One answer held against the claims that one request made."""

    kind: Kind
    expected: tuple[int, ...] = ()
    reason: str = ""


def about(
    claim: Claim, sign: Sign, came: str, expected: tuple[int, ...] = (), reason: str = ""
) -> Observation:
    """An observation about a single claim."""
    return Observation(Kind((claim,), sign, came), expected, reason)


def grade(reading: Reading, answer: Answer) -> list[Observation]:
    """Hold an answer against what the contract says of its request.

    No answer, or weather, shows nothing: the list is empty.
    """
    if answer.weather or answer.status is None:
        return []
    observed = [*_operation(reading, answer)]
    if reading.method == "POST":
        observed += _answer(reading, answer)
    return observed


def of_the_other(
    observed: Iterable[Observation], answer: Answer, also: Claim | None
) -> list[Observation]:
    """The same for a valid request for the other account, whose token may be dead.

    What it is refused then is nobody's fault, and no proof of auth.account either.
    """
    good = Claim("auth.account", "token on its own account")
    if accepts(answer):
        return [*observed, about(good, Sign.HELD, str(answer.status))]
    claims = (good, also) if also else (good,)
    return [
        seen._replace(kind=seen.kind._replace(claims=claims, sign=Sign.OTHER))
        if seen.kind.sign is Sign.TOKEN
        else seen
        for seen in observed
    ]


def _operation(reading: Reading, answer: Answer) -> list[Observation]:
    status = answer.status or 0
    came = str(status)
    if reading.method != "POST":
        created = status == 201
        claim = Claim("answer.method", reading.method)
        sign = Sign.BROKEN if created else Sign.HELD
        other = about(claim, sign, came, (404, 405, 501), "another method created a report")
        return [other, about(reading.opens[0], Sign.SEEN, came)]
    if reading.opens:
        return [about(claim, Sign.SEEN, came) for claim in reading.opens]
    if reading.unsized and status == 411:
        return [about(Claim("observe.odd-json", "no length"), Sign.SEEN, came)]
    if reading.faults:
        found = [_said(_refusal(reading.faults, status), reading, answer)]
        if any(fault.lenient for fault in reading.faults):
            seen = Claim("observe.account-status", reading.faults[0].claims[0].case)
            found.append(about(seen, Sign.SEEN, came))
        return found
    return [_said(_acceptance(reading.grants, status), reading, answer)]


def _said(seen: Observation, reading: Reading, answer: Answer) -> Observation:
    """What a 200 or 201 shows that says itself that it is an error: the answer is wrong first."""
    if not error_as_success(answer):
        return seen
    case, _ = success_problem(answer) or ("", "")
    claims = (Claim("answer.success", case), *seen.kind.claims)
    return seen._replace(kind=seen.kind._replace(claims=claims, sign=Sign.BROKEN))


def _refusals(faults: tuple[Fault, ...]) -> tuple[int, ...]:
    """The statuses that refuse a request with these faults as the document wants it."""
    if any(fault.lenient for fault in faults):
        return (400, 401, 403)
    if not faults or not all(fault.statuses for fault in faults):
        return REFUSALS
    return tuple(sorted(set().union(*(fault.statuses or () for fault in faults))))


def _refusal(faults: tuple[Fault, ...], status: int) -> Observation:
    claims = tuple(claim for fault in faults for claim in fault.claims)
    alone = len(faults) == 1
    statuses = faults[0].statuses if alone else None
    expected = _refusals(faults)
    sign = Sign.HELD
    if 200 <= status < 300:
        sign = Sign.BROKEN
    elif status >= 500:
        sign = Sign.ERROR
    elif statuses is not None:
        # A 404 for another account refuses it; that it is not declared is answer.status.
        hidden = status == 404 and claims[0].clause == "auth.account"
        sign = Sign.HELD if status in statuses or hidden else Sign.BROKEN
    elif not any(fault.lenient for fault in faults):
        sign = _unclear(status) or Sign.HELD
    elif status < 400:
        sign = Sign.NOWHERE
    kind = Kind(claims, sign, str(status), refusal=True, alone=alone)
    return Observation(kind, expected, "it is to be refused")


def _acceptance(grants: tuple[Claim, ...], status: int) -> Observation:
    sign = Sign.HELD
    if status >= 500:
        sign = Sign.ERROR
    elif not 200 <= status < 300:
        sign = _unclear(status) or Sign.BROKEN
    return Observation(Kind(grants, sign, str(status)), SUCCESS, "it is to be accepted")


def _unclear(status: int) -> Sign | None:
    if status in (401, 403):
        return Sign.TOKEN
    if status == 406:
        # It is about what the answer may be, and so about nothing that a body says.
        return Sign.ERROR
    return Sign.NOWHERE if status in (404, 405) or status < 400 else None


def _answer(reading: Reading, answer: Answer) -> list[Observation]:
    """The answer for itself, whatever was asked (clauses answer.*)."""
    status = answer.status or 0
    observed = []
    if status >= 500 and not (status == 501 and reading.chunked):
        claim = Claim("answer.no-500", "answered without an unexpected error")
        what = reading.claims[0].case if reading.claims else "a request"
        reason = f"{what}: an unexpected error"
        if reading.opens and reading.opens[0].clause == "observe.media-type":
            return []
        expected = SUCCESS if reading.valid else _refusals(reading.faults)
        observed.append(about(claim, Sign.BROKEN, str(status), expected, reason))
    else:
        claim = Claim("answer.no-500", "answered without an unexpected error")
        observed.append(about(claim, Sign.HELD, "no 500"))
    if not reading.in_scope and not (reading.production and status in (400, 401, 403)):
        return observed
    expected = SUCCESS if reading.valid else _refusals(reading.faults)
    if status in (200, 201, 400, 401, 403, 500):
        claim = Claim("answer.status", "declared status")
        observed.append(about(claim, Sign.HELD, "declared"))
        success = status in SUCCESS
        clause = "answer.success" if success else "answer.error"
        problem = (success_problem if success else error_problem)(answer)
        case = "success as declared" if success else "error as declared"
        if problem:
            case, reason = problem
            found = about(Claim(clause, case), Sign.BROKEN, str(status), (status,), reason)
        else:
            found = about(Claim(clause, case), Sign.HELD, "as declared")
        observed.append(found)
    elif status < 500:
        claim = Claim("answer.status", "undeclared status")
        reason = f"{status} is not among the declared statuses"
        observed.append(about(claim, Sign.BROKEN, str(status), expected, reason))
    return observed


def error_as_success(answer: Answer) -> bool:
    """Whether a 200 or 201 says itself that it is an error."""
    said = answer.status in SUCCESS and success_problem(answer) is not None
    return said and error_problem(answer) is None


def accepts(answer: Answer) -> bool:
    """Whether an answer is a success, and does not say itself that it is an error."""
    return answer.success and not error_as_success(answer)


def json_of(answer: Answer) -> tuple[Any, tuple[str, str] | None]:
    """The JSON of an answer, or the class of what is wrong with it and a sentence."""
    if answer.media_type != "application/json":
        came = answer.header("content-type") or "no Content-Type"
        return None, ("another media type", f"application/json is declared, and {came} came")
    if answer.header("x-undecodable"):
        return None, ("unreadable content coding", "the content coding was not offered")
    try:
        return json.loads(answer.body.decode("utf-8"), parse_constant=_no_number), None
    except (ValueError, RecursionError) as error:
        return None, ("body that is no JSON", f"the body is no JSON ({type(error).__name__})")


def _no_number(constant: str) -> float:
    raise ValueError(f"{constant} is no number of JSON")


def success_problem(answer: Answer) -> tuple[str, str] | None:
    """Why a 200 or 201 is not what the document declares (clause answer.success)."""
    value, problem = json_of(answer)
    if problem:
        return problem
    if not isinstance(value, dict):
        return "body that is no object", "an object is declared"
    if "message" not in value:
        return "no message", "`message` is required"
    if not isinstance(value["message"], str):
        return "message that is no string", "`message` is to be a string"
    return None


def error_problem(answer: Answer) -> tuple[str, str] | None:
    """Why a 400, 401, 403 or 500 is not what the document declares (clause answer.error)."""
    value, problem = json_of(answer)
    if problem:
        return problem
    if not isinstance(value, dict):
        return "body that is no object", "an object is declared"
    if "error" not in value:
        return "no error", "`error` is required"
    error = value["error"]
    if not isinstance(error, dict):
        return "error that is no object", "`error` is to be an object"
    if "message" not in error:
        return "no error.message", "`error.message` is required"
    if not isinstance(error["message"], str):
        return "error.message that is no string", "`error.message` is to be a string"
    if not isinstance(error.get("code", ""), str):
        return "error.code that is no string", "`error.code` is to be a string"
    nested = error.get("errors", [])
    if not isinstance(nested, list):
        return "error.errors that is no array", "`error.errors` is to be an array"
    if not all(isinstance(entry, dict) for entry in nested):
        return "error.errors of no objects", "`error.errors` is to hold objects"
    return None
