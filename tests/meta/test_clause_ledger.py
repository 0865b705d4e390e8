"""The clause ledger: nothing in the document goes without a clause, and no clause without words.

The walk goes through every keyword and sentence of the operation; then each class of case that
the ledger names is put to the code that has to name it, and the other way round.
"""

from __future__ import annotations

import ast
import copy
import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from ..harness import strategies
from ..harness.body import Options
from ..harness.cases import EMPTY, days, encode, unknown_ids
from ..harness.clauses import ClauseLedger, Level, Rest
from ..harness.grading import Sign, grade
from ..harness.ledger import Ledger
from ..harness.oracle import Claim
from ..harness.tokens import (
    unsigned,
    with_changed_signature,
    with_claims,
    with_cut_signature,
    without_signature,
)
from ..harness.wire import Answer
from . import helpers
from .helpers import ACCOUNT, CLAUSES, DOCUMENT, TOKEN, examples, read

SNAPSHOT = Path(__file__).parent / "snapshots" / "clause-ids.txt"
TESTS = Path(__file__).resolve().parents[1]
STATELESS = ("account", "body", "ids", "count", "range", "exclusion", "auth")

# --------------------------------------------------------------------------------- the walk

ROOTS = ("/openapi", "/security", "/servers", "/paths", "/components")
"""What of the document says something of the operation; `info` and `tags` do not."""


def step(name: object) -> str:
    """A name as a step of a JSON Pointer (RFC 6901)."""
    return str(name).replace("~", "~0").replace("/", "~1")


def leaves(value: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Each value that holds no others, with its pointer; an empty container too."""
    if not isinstance(value, (dict, list)) or not value:
        yield at, value
        return
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for name, sub in inner:
        yield from leaves(sub, f"{at}/{step(name)}")


def find(document: Any, pointer: str) -> Any:
    """The value at a pointer.

    Raises:
        LookupError: nothing stands there.
    """
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        try:
            document = document[int(name) if isinstance(document, list) else name]
        except (KeyError, ValueError, IndexError, TypeError):
            raise LookupError(pointer) from None
    return document


def plain(text: str) -> str:
    """A text with its white space normalised."""
    return " ".join(text.split())


class Walk:
    """A document held against the clause ledger."""

    def __init__(self, document: Any, ledger: ClauseLedger) -> None:
        self.document = document
        self.operation = ledger.document.operation
        self.rests = [(clause.id, rest) for clause in ledger.clauses for rest in clause.rests]
        self.waived = {self.pointer(waiver.at) for waiver in ledger.waived}

    def pointer(self, at: str) -> str:
        """A place of the ledger as a pointer into the whole document."""
        return re.sub(r"^post(?=/|$)", self.operation, at)

    def gaps(self) -> list[str]:
        """All that is wrong: what is not covered, and what is said to stand and does not."""
        return [*self.uncovered(), *self.untrue(), *self.stale()]

    def uncovered(self) -> Iterator[str]:
        """Keywords and sentences that no clause rests on, and that are not waived."""
        for pointer, value in leaves(self.document):
            if not pointer.startswith(ROOTS) or pointer in self.waived:
                continue
            if pointer.endswith("/description"):
                left = self._unquoted(pointer, plain(value))
                yield from (f"{pointer}: {words!r} is not covered" for words in left)
            elif not self._covered(pointer, value):
                yield f"{pointer}: {value!r} is not covered"
        yield from self._unnamed(self.operation + "/responses")
        yield from self._unnamed(self.operation)
        yield from self._unnamed(self.operation + "/requestBody/content")

    def _covered(self, pointer: str, value: Any) -> bool:
        shown = "[]" if value == [] else value
        return any(
            self.pointer(rest.at) == pointer and rest.quote == shown for _, rest in self.rests
        )

    def _unquoted(self, pointer: str, text: str) -> list[str]:
        """The words of a description that stand in no quote."""
        for _, rest in sorted(self.rests, key=lambda found: -len(str(found[1].quote))):
            if self.pointer(rest.at) == pointer and rest.quote is not None:
                text = text.replace(plain(str(rest.quote)), "\0")
        return [words.strip() for words in text.split("\0") if words.strip()]

    def _unnamed(self, pointer: str) -> Iterator[str]:
        """Members of an object that a clause names one by one, where it names not all."""
        named: set[str] = set()
        for _, rest in self.rests:
            if self.pointer(rest.at) == pointer:
                named |= {*rest.keys, *([str(rest.quote)] if rest.quote is not None else [])}
        for name in find(self.document, pointer).keys() - named:
            yield f"{pointer}: {name!r} is not named"

    def untrue(self) -> Iterator[str]:
        """What a clause says stands in the document, and does not."""
        for clause, rest in self.rests:
            if not self._true(rest):
                yield f"{clause}: {rest.at} is not as the clause says"

    def _true(self, rest: Rest) -> bool:
        try:
            value = find(self.document, self.pointer(rest.at))
        except LookupError:
            return rest.absent
        if rest.absent:
            return False
        if rest.keys:
            return isinstance(value, dict) and set(value) == set(rest.keys)
        if isinstance(value, dict):
            return rest.quote in value
        if rest.at.endswith("/description"):
            return plain(str(rest.quote)) in plain(value)
        return rest.quote == ("[]" if value == [] else value)

    def stale(self) -> Iterator[str]:
        """What is waived, and does not stand in the document."""
        for pointer in sorted(self.waived):
            try:
                find(self.document, pointer)
            except LookupError:
                yield f"{pointer} is waived, and nothing stands there"


def gaps(document: Any) -> list[str]:
    return Walk(document, CLAUSES).gaps()


def test_every_keyword_and_sentence_rests_under_a_clause_or_is_waived() -> None:
    assert gaps(DOCUMENT.published) == []


def test_no_waiver_goes_without_a_reason_or_hides_what_a_clause_rests_on() -> None:
    walk = Walk(DOCUMENT.published, CLAUSES)
    assert all(waiver.reason.strip() for waiver in CLAUSES.waived)
    assert walk.waived.isdisjoint(walk.pointer(rest.at) for _, rest in walk.rests)


def test_each_clause_but_the_observed_rests_on_something() -> None:
    for clause in CLAUSES.clauses:
        assert bool(clause.rests) is (clause.level is not Level.OBSERVE), clause.id


COVERED = [
    pointer
    for pointer, _ in leaves(DOCUMENT.published)
    if pointer.startswith(ROOTS) and pointer not in Walk(DOCUMENT.published, CLAUSES).waived
]
EVERY = [pointer for pointer, _ in leaves(DOCUMENT.published) if pointer.startswith(ROOTS)]


def changed(pointer: str, value: Any) -> Any:
    """The document with another value at a pointer; None removes it."""
    document = copy.deepcopy(DOCUMENT.published)
    parent, _, last = pointer.rpartition("/")
    holder = find(document, parent)
    key = int(last) if isinstance(holder, list) else last.replace("~1", "/").replace("~0", "~")
    if value is None:
        del holder[key]
    else:
        holder[key] = value
    return document


def other(value: Any) -> Any:
    """A value that differs as little as can be."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    return f"{value} Or not." if isinstance(value, str) else ["billing"]


@pytest.mark.parametrize("pointer", COVERED)
def test_a_changed_keyword_or_sentence_makes_the_walk_fail(pointer: str) -> None:
    assert gaps(changed(pointer, other(find(DOCUMENT.published, pointer))))


@pytest.mark.parametrize("pointer", EVERY)
def test_a_removed_keyword_makes_the_walk_fail(pointer: str) -> None:
    assert gaps(changed(pointer, None))


@pytest.mark.parametrize("pointer", [pointer for pointer in COVERED if "description" in pointer])
def test_each_removed_sentence_makes_the_walk_fail(pointer: str) -> None:
    text = plain(find(DOCUMENT.published, pointer))
    sentences = re.split(r"(?<=\.) ", text)
    for number in range(len(sentences)):
        left = " ".join(sentences[:number] + sentences[number + 1 :])
        assert gaps(changed(pointer, left or "?")), sentences[number]


OPTIONS = "/components/schemas/TestReportOptions"


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        (f"{OPTIONS}/additionalProperties", False),
        (f"{OPTIONS}/minProperties", 1),
        (f"{OPTIONS}/properties/date_range/additionalProperties", True),
        (f"{OPTIONS}/properties/transaction_ids/uniqueItems", True),
        (f"{OPTIONS}/properties/transaction_ids/minItems", 0),
        (f"{OPTIONS}/properties/transaction_ids/items/pattern", "^T"),
        (f"{OPTIONS}/properties/number_of_transactions/exclusiveMinimum", False),
        (f"{OPTIONS}/properties/currency", {"type": "string"}),
        (f"{OPTIONS}/properties/currency", {}),
        ("/components/schemas/Error/properties/error/required/1", "code"),
        ("post/requestBody/required", True),
        ("post/requestBody/content/text~1plain", {}),
        ("post/responses/409", {"$ref": "#/components/responses/BadRequest"}),
        ("post/responses/200/headers", {}),
        ("post/security", []),
        ("post/deprecated", True),
        ("/security/1", {}),
    ],
)
def test_an_added_keyword_makes_the_walk_fail(pointer: str, value: Any) -> None:
    walk = Walk(copy.deepcopy(DOCUMENT.published), CLAUSES)
    parent, _, last = walk.pointer(pointer).rpartition("/")
    holder = find(walk.document, parent)
    if isinstance(holder, list):
        holder.append(value)
    else:
        holder[last.replace("~1", "/")] = value
    assert walk.gaps()


# ---------------------------------------------------------------------------------- the ids


def test_the_ids_are_unique_and_those_that_were_released() -> None:
    ids = [clause.id for clause in CLAUSES.clauses]
    assert ids == SNAPSHOT.read_text("utf-8").split()
    assert len(set(ids)) == len(ids)


def test_each_class_of_case_stands_once_in_its_clause() -> None:
    for clause in CLAUSES.clauses:
        cases = [*clause.core, *clause.depth]
        assert {*clause.blind} <= {*cases}, clause.id
        assert len(set(cases)) == len(cases), clause.id
        assert all(isinstance(case, str) and case.strip() == case for case in cases)


def test_each_gating_clause_has_a_core() -> None:
    for clause in CLAUSES.clauses:
        judged = clause.level is not Level.OBSERVE and clause.chapter != "document"
        assert bool(clause.core) is judged, clause.id


def test_each_need_is_one_that_a_profile_or_the_target_file_can_meet() -> None:
    known = {need for needs in CLAUSES.profiles.values() for need in needs}
    known |= {"jwt", "expired", "without_scopes", "other_account_token", "other_account"}
    known |= {"probe_production"}
    assert {need for clause in CLAUSES.clauses for need in clause.needs} <= known


def test_a_twin_is_a_clause_that_accepts_with_no_more_needs_than_the_clause() -> None:
    for clause in CLAUSES.clauses:
        if clause.twin:
            assert CLAUSES[clause.twin].twin is None, clause.id
            assert set(CLAUSES[clause.twin].needs) <= set(clause.needs), clause.id


def test_no_clause_is_its_own_cause() -> None:
    for clause in CLAUSES.clauses:
        seen, stack = set(), list(clause.after)
        while stack:
            if (cause := stack.pop()) not in seen:
                seen.add(cause)
                stack += CLAUSES[cause].after
        assert clause.id not in seen, clause.id


@pytest.mark.parametrize("profile", ["schema", "rules", "full"])
def test_a_profile_holds_no_clause_that_a_larger_one_lacks(profile: str) -> None:
    larger = {"schema": "rules", "rules": "full", "full": "full"}[profile]
    assert set(CLAUSES.profiles[profile]) <= set(CLAUSES.profiles[larger])


# -------------------------------------------------------------------------- classes of case

IDS = unknown_ids(1001, ACCOUNT)
(ONE, *_) = IDS
SPAN = '{"date_range": {"start_date": "1990-06-11", "end_date": "1990-06-12"'
NEAR_MISSES = {
    "no such day": "1990-02-30",
    "no such month": "1990-13-01",
    "date with a time": "1990-06-12T00:00:00Z",
    "slashes": "1990/06/12",
    "no hyphens": "19900612",
    "no leading zeros": "1990-6-9",
    "week date": "1990-W24-1",
    "digits that are not ASCII": "١٩٩٠-٠٦-١٢",
    "number": 19900612,
    "null": None,
    "blank around": " 1990-06-12",
    "newline after": "1990-06-12\n",
    "words": "tomorrow",
    "boolean, array or object": ["1990-06-12"],
}
KINDS: dict[str, Any] = {
    "string": "5",
    "number": 5,
    "boolean": True,
    "null": None,
    "array": [],
    "object": {},
}


def body(value: Any) -> dict[str, Any]:
    return {"body": value}


def raw(text: str | bytes) -> dict[str, Any]:
    return {"raw": text if isinstance(text, bytes) else text.encode()}


def bearer(token: str | None) -> dict[str, Any]:
    return {"body": {"date_range": EMPTY}, "authorization": f"Bearer {token}"}


def at(account: str) -> dict[str, Any]:
    return {"body": {"date_range": EMPTY}, "account": account}


def kinds(option: str, what: str, *wrong: str) -> dict[str, dict[str, Any]]:
    return {f"{kind} as {what}": body({option: KINDS[kind]}) for kind in wrong}


def span(start: str, end: str) -> dict[str, Any]:
    return body({"date_range": days(start, end)})


def beside(count: Any, dates: Any) -> dict[str, Any]:
    return body({"number_of_transactions": count, "date_range": dates})


PUT: dict[str, dict[str, dict[str, Any]]] = {
    "account.length": {
        "account of 8 characters": at("T1234567"),
        "account of 10 characters": at("T123456788"),
        "account of another length": at("T1234"),
    },
    "account.pattern": {
        "account with another prefix": at("X12345678"),
        "account in lower case": at("t12345678"),
        "account with a letter among the digits": at("T1234567a"),
        "account with digits that are not ASCII": at("T1234567%D9%A8"),
        "account with a newline after it": at("T12345678%0A"),
        "account with a blank around it": at("%20T12345678"),
        "malformed account": at("T1234-678"),
    },
    "body.optional": {"no body": {"raw": None}},
    "body.empty": {"empty object": body({})},
    "body.open": {
        "unknown property": body({"comment": 1}),
        "unknown property in the range": body({"date_range": {**EMPTY, "zone": "UTC"}}),
    },
    "body.object": {
        f"{kind} as body": body(KINDS[kind]) for kind in ("array", "string", "number", "boolean")
    },
    "body.null": {"null as body": body(None)},
    "body.json": {
        "JSON cut short": raw(SPAN + "}"),
        "unbalanced JSON": raw(SPAN + "}]}"),
        "plain words": raw("all transactions, please"),
    },
    "body.json-strict": {
        "trailing data": raw(SPAN + "}} {}"),
        "trailing comma": raw(SPAN + "},}"),
        "NaN or Infinity": raw(SPAN + '}, "x": -Infinity}'),
        "single quotes": raw((SPAN + "}}").replace('"', "'")),
        "comment in JSON": raw("/* a comment */" + SPAN + "}}"),
        "invalid UTF-8": raw(SPAN.encode() + b'}, "x": "\xff"}'),
        "other lenient JSON": raw(SPAN + "}, x: 1}"),
    },
    "body.media-type": {
        "media type with a charset": {**body({}), "media_type": "application/json; charset=UTF-8"},
        "media type in another case": {**body({}), "media_type": "Application/JSON"},
    },
    "ids.accepted": {
        "one id": body({"transaction_ids": IDS[:1]}),
        "several ids": body({"transaction_ids": IDS[:3]}),
        "the same id twice": body({"transaction_ids": IDS[:1] * 2}),
    },
    "ids.any-string": {
        case: body({"transaction_ids": [text]})
        for case, text in {
            "short id": "x",
            "long id": "a" * 2000,
            "empty id": "",
            "id with NUL": "T12345678.\0a",
            "id with quotes": "it's",
            "id with emoji": "💸",
            "id written right to left": "عملية",
            "id with metacharacters": "${7*7}",
            "id with control characters": "\x1b[31m",
            "id with other letters": "æøå",
        }.items()
    },
    "ids.type": kinds("transaction_ids", "ids", "string", "number", "boolean", "null", "object"),
    "ids.items": {
        **{
            f"{kind} among the ids": body({"transaction_ids": [KINDS[kind]]})
            for kind in ("number", "null", "boolean", "array", "object")
        },
        "wrong item after good ones": body({"transaction_ids": [*IDS[:3], 5]}),
        "wrong item in the 1000th place": body({"transaction_ids": [*IDS[:999], 5]}),
    },
    "ids.max-items": {
        "1000 ids": body({"transaction_ids": IDS[:1000]}),
        "1001 ids": body({"transaction_ids": IDS}),
        "far too many ids": body({"transaction_ids": ["x"] * 1002}),
    },
    "ids.empty-accepted": {
        "empty ids alone": body({"transaction_ids": []}),
        "empty ids with a count": body({"transaction_ids": [], "number_of_transactions": 5}),
        "empty ids with a range": body({"transaction_ids": [], "date_range": EMPTY}),
        "empty ids with both": body(
            {"transaction_ids": [], "number_of_transactions": 5, "date_range": EMPTY}
        ),
    },
    "count.accepted": {
        "count of 1": body({"number_of_transactions": 1}),
        "count of 10000": body({"number_of_transactions": 10000}),
        "count in between": body({"number_of_transactions": 2}),
    },
    "count.minimum": {
        "count of zero": body({"number_of_transactions": 0}),
        "negative count": body({"number_of_transactions": -1}),
    },
    "count.maximum": {
        "count over the maximum": body({"number_of_transactions": 10001}),
        "huge count": body({"number_of_transactions": 10002}),
    },
    "count.type": {
        **kinds("number_of_transactions", "count", "string", "boolean", "null", "array", "object"),
        "fraction as count": body({"number_of_transactions": 1.5}),
    },
    "range.accepted": {
        "range of adjacent days": span("1990-06-11", "1990-06-12"),
        "range to a leap day": span("1988-02-27", "1988-02-29"),
        "range across months": span("1990-06-20", "1990-07-05"),
        "range across years": span("1989-12-20", "1990-01-10"),
        "range across a change of clocks": span("1990-03-20", "1990-03-30"),
        "range long past": span("1815-02-01", "1815-06-18"),
        "range in the future": span("2999-01-01", "2999-12-31"),
        "range from the year 1": span("0001-01-01", "0001-02-01"),
        "range to the year 9999": span("9999-12-01", "9999-12-31"),
        "other range": span("1990-06-11", "1990-06-14"),
    },
    "range.type": kinds("date_range", "range", "string", "number", "boolean", "null", "array"),
    "range.required": {
        "range without a start": body({"date_range": {"end_date": "1990-06-12"}}),
        "range without an end": body({"date_range": {"start_date": "1990-06-12"}}),
        "empty range": body({"date_range": {}}),
    },
    "range.date": {
        f"{side}: {case}": body({"date_range": {**EMPTY, side: wrong}})
        for side in ("start_date", "end_date")
        for case, wrong in NEAR_MISSES.items()
    },
    "range.order": {
        "equal dates": span("1990-06-11", "1990-06-11"),
        "reversed dates": span("1990-06-12", "1990-06-11"),
    },
    "exclusion.ids-count": {
        "ids with a count": body({"transaction_ids": IDS[:1], "number_of_transactions": 1}),
        "many ids with a count": body({"transaction_ids": IDS[:2], "number_of_transactions": 1}),
        "ids with a count and a range": body(
            {"transaction_ids": IDS[:2], "number_of_transactions": 1, "date_range": EMPTY}
        ),
    },
    "exclusion.ids-range": {
        "ids with a range": body({"transaction_ids": IDS[:1], "date_range": EMPTY}),
        "many ids with a range": body({"transaction_ids": IDS[:2], "date_range": EMPTY}),
    },
    "exclusion.count-range-allowed": {
        "count with a range": beside(7, EMPTY),
        "bad count beside a range": beside(0, EMPTY),
        "bad range beside a count": beside(7, {}),
    },
    "auth.missing": {"no Authorization header": {**at(ACCOUNT), "authorization": None}},
    "auth.scheme": {
        case: {**at(ACCOUNT), "authorization": value}
        for case, value in {
            "another scheme": "Basic c29tZWJvZHk6c29tZXRoaW5n",
            "our token under another scheme": f"Token {TOKEN}",
            "our token without a scheme": TOKEN,
            "bearer without a token": "Bearer",
            "empty Authorization header": "",
        }.items()
    },
    "auth.malformed": {
        "bearer that is no JWT": bearer("nonsense"),
        "bearer of three parts that are no JWT": bearer("one.two.three"),
    },
    "auth.tampered": {
        "token with changed claims": bearer(with_claims(TOKEN, admin=True)),
        "token with a changed signature": bearer(with_changed_signature(TOKEN)),
        "token with its signature cut": bearer(with_cut_signature(TOKEN)),
        "token without its signature": bearer(without_signature(TOKEN)),
    },
    "auth.unsigned": {
        "unsigned token": bearer(unsigned(TOKEN)),
        "unsigned token spelt otherwise": bearer(unsigned(TOKEN, "nOnE")),
    },
    "auth.expired": {"expired token": bearer(helpers.EXPIRED)},
    "auth.scopes": {"token without the scopes": bearer(helpers.WITHOUT_SCOPES)},
    "auth.account": {"token of another account": bearer(helpers.OTHERS_TOKEN)},
    "auth.test-only": {"production account": at("P12345678")},
}
ROWS = [(clause, case) for clause, cases in PUT.items() for case in cases]


def named(clause: str) -> set[str]:
    return {*CLAUSES[clause].core, *CLAUSES[clause].depth}


def strangers(claims: Iterator[Claim] | tuple[Claim, ...]) -> list[str]:
    """Claims that stand in no clause."""
    return [
        f"{claim.clause}: {claim.case}"
        for claim in claims
        if CLAUSES[claim.clause].level is not Level.OBSERVE
        and claim.case not in named(claim.clause)
    ]


@pytest.mark.parametrize(("clause", "case"), ROWS)
def test_the_oracle_names_the_class_of_a_request_that_is_made_for_it(
    clause: str, case: str
) -> None:
    reading = read(**PUT[clause][case])
    every = [claim for fault in reading.faults for claim in fault.claims] + [*reading.grants]
    assert Claim(clause, case) in every
    assert not strangers((*every, *reading.opens))


@pytest.mark.parametrize(("clause", "case"), ROWS)
def test_a_request_that_is_made_for_a_clause_has_one_cause_at_most(clause: str, case: str) -> None:
    assert len(read(**PUT[clause][case]).faults) <= 1


def test_each_class_of_a_stateless_clause_is_one_that_the_oracle_names() -> None:
    for clause in CLAUSES.clauses:
        if clause.chapter in STATELESS:
            # "count alone" is the depth of a test that settles: it is a count in between.
            assert named(clause.id) - {"count alone"} == PUT[clause.id].keys(), clause.id


@examples(400)
@given(strategies.bodies(ACCOUNT))
def test_no_body_is_of_a_class_that_no_clause_names(value: Any) -> None:
    reading = read(raw=encode(value), media_type="application/json")
    claims = tuple(claim for fault in reading.faults for claim in fault.claims)
    assert not strangers((*claims, *reading.grants, *reading.opens))


@examples(200)
@given(strategies.broken_json(ACCOUNT))
def test_no_text_is_of_a_class_that_no_clause_names(text: bytes) -> None:
    reading = read(raw=text, media_type="application/json")
    claims = tuple(claim for fault in reading.faults for claim in fault.claims)
    assert not strangers((*claims, *reading.grants, *reading.opens))


GOOD = {
    200: {"message": "nothing"},
    201: {"message": "created"},
    400: {"error": {"message": "bad"}},
    401: {"error": {"message": "who"}},
    403: {"error": {"message": "no"}},
}


@pytest.mark.parametrize("method", ["POST", "GET", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("status", [*GOOD, 302, 404, 422])
def test_what_an_answer_shows_is_a_class_of_its_clause(status: int, method: str) -> None:
    content = json.dumps(GOOD.get(status, {})).encode()
    answer = Answer(status, (("content-type", "application/json"),), content)
    seen = grade(read({"date_range": EMPTY}, method=method), answer)
    assert seen
    assert not strangers(tuple(claim for shown in seen for claim in shown.kind.claims))


def test_each_class_of_an_answer_is_one_that_grading_names() -> None:
    shown: set[Claim] = set()
    for status in [*GOOD, 418]:
        content = json.dumps(GOOD.get(status, {})).encode()
        answer = Answer(status, (("content-type", "application/json"),), content)
        for method in ("POST", "GET", "PUT", "PATCH", "DELETE"):
            for seen in grade(read({"date_range": EMPTY}, method=method), answer):
                if seen.kind.sign in (Sign.HELD, Sign.BROKEN):
                    shown |= set(seen.kind.claims)
    for clause in CLAUSES.clauses:
        if clause.chapter == "answer":
            assert {Claim(clause.id, case) for case in named(clause.id)} <= shown, clause.id


# ------------------------------------------------------------------------- classes of outcome

TODAY = dt.date(2026, 11, 20)
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
        expected = ledger_of(TODAY if options == Options() else dt.date(2020, 1, 1)).expect(
            options, TODAY
        )
        found.add(Claim(expected.clause, expected.case))
    return found


def spoken() -> Iterator[tuple[str, str]]:
    """The clause of each outcome test, and the classes of case that it says."""
    for path in (TESTS / "contract" / "test_outcome.py", TESTS / "contract" / "test_consume.py"):
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
