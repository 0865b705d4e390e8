"""The published form of a verdict: `verdict.json`, from which every other report is made."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

FORMAT = 1

VerdictWord = Literal["conforms", "partial", "broken", "undecided"]
StatusWord = Literal["held", "broken", "deviates", "not-established", "observed", "not-selected"]


class Part(msgspec.Struct, frozen=True):
    """A part of a verdict; members that a later version adds are ignored."""


class SentRequest(Part, frozen=True, kw_only=True):
    """A request as it went over the wire, its secrets masked; enough to send it again."""

    method: str
    path: str
    headers: list[tuple[str, str]]
    body: str | None = None
    """Text of the body; None for no body at all."""
    body_base64: str | None = None
    """The bytes of the body where they are no UTF-8 text."""
    authorization: str = "own"
    """Which token went with it: own, none, or the class of a wrong one."""


class Step(Part, frozen=True, kw_only=True):
    """What was sent before a witness, and what came."""

    curl: str
    status: int | None
    request: SentRequest
    related: bool = True
    """Whether it may have settled some of what the witness selects, or named it."""
    beside: bool = False
    """Whether it was under way when the witness was sent."""


class Evidence(Part, frozen=True, kw_only=True):
    """The smallest witness of one class of case."""

    case: str
    curl: str
    status: int | None
    answer: str
    expected: list[int]
    reason: str
    came: str = ""
    times: int = 1
    held: int = 0
    """How often the same class of case held: the breach comes only now and then, or with some."""
    request: SentRequest | None = None
    steps: list[Step] = []


class ClauseVerdict(Part, frozen=True, kw_only=True):
    """What became of one clause."""

    id: str
    level: Literal["MUST", "SHOULD", "IMPLIED", "OBSERVE"]
    gated: bool
    status: StatusWord
    requests: int
    why: str = ""
    says: str = ""
    quote: str = ""
    statuses: dict[str, int] = {}
    """How many of its requests were answered with each status."""
    cases: dict[str, str] = {}
    """Each class of case that was put, and what it showed."""
    evidence: list[Evidence] = []


class DocumentFinding(Part, frozen=True, kw_only=True):
    """Something wrong with the document itself, and the reading that was chosen."""

    about: str
    pointer: str
    what: str
    reading: str


class DocumentInfo(Part, frozen=True, kw_only=True):
    """Which document was judged against."""

    version: str
    sha256: str


class LedgerInfo(Part, frozen=True, kw_only=True):
    """Known transactions: how many there were, how many were used, how many are left."""

    known: int = 0
    accounts: int = 1
    """Of how many accounts they are."""
    used: int = 0
    left: int = 0


class Verdict(Part, frozen=True, kw_only=True):
    """The whole verdict."""

    format: int = FORMAT
    verdict: VerdictWord
    complete: bool
    exit: int
    sentence: str
    target: str
    target_option: str = ""
    """The target as the command line names it: a name, or the path of a file."""
    base_url: str
    profile: str
    gate: str
    effort: str
    selected: list[str]
    document: DocumentInfo
    suite: str
    seed: str
    started: str
    seconds: float
    requests: int
    weather: dict[str, int]
    ledger: LedgerInfo
    broken: list[str]
    findings: list[DocumentFinding]
    clauses: list[ClauseVerdict]
    stale: list[str] = []
    """Sentences about deviations that are declared and no longer true."""
    notes: list[str] = []
    """Sentences that belong to no single clause."""


def schema() -> dict[str, Any]:
    """The JSON Schema of `verdict.json`."""
    return msgspec.json.schema(Verdict)
