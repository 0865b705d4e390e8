"""The clause ledger: nothing in the document goes without a clause, and no clause without words."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.meta.classes import IDS

from ..harness.clauses import ClauseLedger, Level, Rest
from .helpers import CLAUSES, DOCUMENT

SNAPSHOT = Path(__file__).parent / "snapshots" / "clause-ids.txt"


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


(ONE, *_) = IDS
