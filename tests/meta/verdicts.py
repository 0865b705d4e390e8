"""Verdicts to make reports of: one of each word, a rich one, and one of hostile strings."""

from __future__ import annotations

from typing import Any

from ..harness.clauses import ClauseLedger
from ..harness.document import Document, findings
from ..harness.report.model import (
    ClauseVerdict,
    DocumentFinding,
    DocumentInfo,
    Evidence,
    LedgerInfo,
    SentRequest,
    StatusWord,
    Step,
    Verdict,
    VerdictWord,
)

PATH = "/v1/accounts/T12345678/settlements/reports/generate-test-report"
URL = f"http://127.0.0.1:4010{PATH}"

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</pre></main></body>",
    "<!-- ",
    "]]>",
    "&lt;b&gt; &amp; &#60;",
    "\x1b[31mred\x1b[0m\x07",
    "\u202egnp.exe",
    "\0\x0b\x85\u2028",
    "\ud800\udfff alone",
    "\ufffe\uffff",
    "{{ 7 * 7 }}{% raw %}{#",
    "```\n</details>\n# heading",
    "a | b | c\n| --- | --- |",
    "[link](javascript:alert(1)) ![i](x) <https://example.org> https://example.org www.example.org",
    "**bold** _it_ ~~no~~ @someone #1",
    "'; rm -rf ~; echo '",
    "```",
    "`````",
    "- item",
    "1. one",
    "    code",
    "---",
    "held",
    "broken: 201",
]


def request(body: str | None, authorization: str = "own") -> SentRequest:
    """A request to the operation."""
    return SentRequest(
        method="POST",
        path=PATH,
        headers=[("Authorization", "Bearer $TOKEN"), ("Content-Type", "application/json")],
        body=body,
        authorization=authorization,
    )


def curl(body: str | None) -> str:
    """A line that sends it."""
    data = "" if body is None else f" -H 'Content-Type: application/json' --data-binary '{body}'"
    return f"curl -sS -X POST '{URL}' -H \"Authorization: Bearer $TOKEN\"{data}"


def evidence(case: str, body: str | None, status: int | None, answer: str, **more: Any) -> Evidence:
    """A witness."""
    given: dict[str, Any] = {
        "expected": [400],
        "reason": "it is to be refused",
        "came": str(status),
        **more,
    }
    sent = request(body)
    return Evidence(case=case, curl=curl(body), status=status, answer=answer, request=sent, **given)


def clause(id_: str, status: StatusWord, **more: Any) -> ClauseVerdict:
    """What became of a clause."""
    given: dict[str, Any] = {
        "level": "MUST",
        "gated": True,
        "requests": 3,
        "says": f"{id_} is so",
    }
    return ClauseVerdict(id=id_, status=status, **{**given, **more})


def verdict_of(word: VerdictWord, clauses: list[ClauseVerdict], **more: Any) -> Verdict:
    """A verdict of some clauses."""
    given: dict[str, Any] = {
        "verdict": word,
        "complete": True,
        "exit": {"conforms": 0, "partial": 0, "broken": 1, "undecided": 6}[word],
        "sentence": f"mock: the verdict is {word}",
        "target": "mock",
        "base_url": "http://127.0.0.1:4010/v1",
        "profile": "full",
        "gate": "all",
        "effort": "gate",
        "selected": ["*"],
        "document": DocumentInfo(version="LATEST", sha256="d125f1b3" * 8),
        "suite": "1.0.0",
        "seed": "0",
        "started": "2026-11-22T13:40:00Z",
        "seconds": 3.2,
        "requests": 812,
        "weather": {},
        "ledger": LedgerInfo(),
        "broken": [c.id for c in clauses if c.status == "broken" and c.gated],
        "findings": [],
        "clauses": clauses,
    }
    return Verdict(**{**given, **more})


def simple_verdict(word: VerdictWord, complete: bool) -> Verdict:
    """A verdict with clauses of each status that its word allows."""
    clauses = [clause("count.accepted", "held"), clause("observe.day-edges", "observed", why="200")]
    if word != "undecided":
        clauses.append(clause("ids.accepted", "deviates", why="known (T-1, until 2027-01-01)"))
        clauses.append(
            clause(
                "ids.any-string",
                "broken",
                gated=False,
                level="SHOULD",
                evidence=[
                    evidence(
                        "empty id", '{"transaction_ids": [""]}', 400, "{}", expected=[200, 201]
                    )
                ],
            )
        )
    if word != "conforms":
        clauses.append(clause("outcome.nothing", "not-established", why="the list is spent"))
        clauses.append(clause("range.type", "not-selected"))
    stale = []
    if word == "broken":
        witness = evidence(
            "huge count", '{"number_of_transactions": 1e99}', 201, '{"message": "ok"}'
        )
        clauses.append(clause("count.maximum", "broken", evidence=[witness]))
        clauses.append(clause("answer.status", "broken", evidence=[witness]))
        stale = ["the deviation of ids.accepted is stale: 'one id' holds now"]
    more: dict[str, Any] = {"complete": complete, "stale": stale}
    if word == "broken":
        more["broken"] = ["answer.status", "count.maximum"]
    return verdict_of(word, clauses, **more)


def hostile_verdict(text: str) -> Verdict:
    """A verdict in which each string that may come from elsewhere is `text`."""
    sent = SentRequest(method=text, path=text, headers=[(text, text)], body=text)
    step = Step(curl=text, status=200, request=sent)
    witness = Evidence(
        case=text,
        curl=text,
        status=None,
        answer=text,
        expected=[],
        reason=text,
        came=text,
        request=sent,
        steps=[step],
    )
    same: dict[str, Any] = {
        "why": text,
        "says": f"says {text}",
        "quote": f"quote {text}",
        "statuses": {text: 3},
        "cases": {text: text},
        "evidence": [witness],
    }
    statuses: list[StatusWord] = ["held", "broken", "deviates", "not-established", "observed"]
    clauses = [clause(f"count.{status}", status, **same) for status in statuses]
    clauses.append(clause("ids.loose", "broken", **{**same, "gated": False}))
    clauses.append(clause("ids.out", "not-selected", **same))
    return verdict_of(
        "broken",
        clauses,
        sentence=text,
        target=text,
        base_url=text,
        selected=[text],
        profile=text,
        gate=text,
        effort=text,
        seed=text,
        suite=text,
        started=text,
        document=DocumentInfo(version=text, sha256=text),
        weather={text: 1},
        findings=[DocumentFinding(about=text, pointer=text, what=text, reading=text)],
        stale=[text],
        notes=[text],
    )


def rich_verdict(ledger: ClauseLedger, document: Document) -> Verdict:
    """A verdict of every clause, as a run against a mock with some faults would give it."""
    special = _special()
    clauses = []
    for entry in ledger.clauses:
        given: dict[str, Any] = {
            "level": entry.level.value,
            "gated": entry.level.value != "OBSERVE",
            "says": entry.says,
            "quote": entry.quote,
            "requests": 14,
            "cases": dict.fromkeys(entry.core, "held"),
            "statuses": {"200": 4, "400": 10},
        }
        status: StatusWord = "held"
        if entry.level.value == "OBSERVE":
            status = "observed" if entry.id < "observe.m" else "not-selected"
            given |= {"why": "count written as 1.0: 400; count written as 1e2: 400", "requests": 2}
            given |= {"cases": {"count written as 1.0": "400", "count written as 1e2": "400"}}
            given |= {"statuses": {"400": 2}}
        if entry.chapter == "document":
            given |= {"requests": 0, "statuses": {}}
        if entry.id in special:
            status = special[entry.id].pop("status")
            given |= special[entry.id]
        clauses.append(clause(entry.id, status, **given))
    return verdict_of(
        "broken",
        clauses,
        sentence="mock breaks the contract: count.maximum and 2 more (10001 and above are refused)",
        broken=["count.maximum", "outcome.settled-once", "answer.error"],
        weather={"429": 2, "503": 0, "dropped": 1},
        ledger=LedgerInfo(known=450, used=61, left=389),
        findings=[
            DocumentFinding(about="document", pointer=f.pointer, what=f.what, reading=f.reading)
            for f in findings(document)
        ],
        stale=[
            "the deviation of range.type is stale: 'null as range' holds now",
        ],
        notes=["the target answered 429 twice; the run waited 2 seconds each time"],
    )


def _special() -> dict[str, dict[str, Any]]:
    ids = '{"transaction_ids": ["T12345678.aaaabbbbccccddddeeee01"]}'
    created = '{"message": "Settlement report created"}'
    window = '"date_range": {"start_date": "1970-01-01", "end_date": "1970-01-02"}'
    over = f'{{"number_of_transactions": 10001, {window}}}'
    mixed = f'{{"transaction_ids": ["T12345678.x"], {window}}}'
    counted = '{"transaction_ids": ["T12345678.x"], "number_of_transactions": 1}'
    return {
        "count.maximum": {
            "status": "broken",
            "requests": 31,
            "statuses": {"200": 24, "201": 1, "400": 6},
            "cases": {"count over the maximum": "broken: 201", "huge count": "held"},
            "evidence": [evidence("count over the maximum", over, 201, created, times=25)],
        },
        "outcome.settled-once": {
            "status": "broken",
            "statuses": {"201": 12},
            "cases": {
                "settled by id then by id": "broken: 201",
                "settled by range then by range": "held",
            },
            "evidence": [
                evidence(
                    "settled by id then by id",
                    ids,
                    201,
                    created,
                    expected=[200],
                    reason="what it selects was settled a moment ago",
                    steps=[
                        Step(curl=curl(mixed), status=400, request=request(mixed), related=False),
                        Step(curl=curl(ids), status=201, request=request(ids)),
                    ],
                )
            ],
        },
        "answer.error": {
            "status": "broken",
            "statuses": {"400": 310, "401": 12},
            "cases": {"error as declared": "broken: 400 without `error`"},
            "evidence": [
                evidence(
                    "error as declared",
                    "[",
                    400,
                    "(text/html) <html><h1>Bad Request</h1><script>alert('x')</script>\x1b[31m",
                    expected=[400],
                    reason="a 400 carries application/json: an object with `error`",
                    came="400 as text/html",
                    times=310,
                )
            ],
        },
        "exclusion.ids-range": {
            "status": "broken",
            "gated": False,
            "statuses": {"200": 4},
            "cases": {"ids with a range": "broken: 200", "many ids with a range": "held"},
            "evidence": [
                evidence(
                    "ids with a range",
                    mixed,
                    200,
                    '{"message": "No transactions to generate report."}',
                    times=4,
                )
            ],
        },
        "exclusion.ids-count": {
            "status": "deviates",
            "why": "the mock has no rules beyond the schema (MOCK-7, until 2027-03-31)",
            "cases": {"ids with a count": "broken: 201", "many ids with a count": "broken: 201"},
            "evidence": [
                evidence(
                    "ids with a count",
                    counted,
                    201,
                    created,
                )
            ],
        },
        "range.order": {
            "status": "not-established",
            "why": "open: equal dates: 503",
            "cases": {"equal dates": "equal dates: 503", "reversed dates": "held"},
            "statuses": {"400": 7, "503": 7},
        },
        "outcome.default-window": {
            "status": "not-established",
            "why": "the list is spent",
            "cases": {},
            "requests": 0,
            "statuses": {},
        },
        "outcome.accounts-apart": {
            "status": "not-established",
            "why": "the list is spent",
            "cases": {},
            "requests": 0,
            "statuses": {},
        },
        "auth.expired": {
            "status": "not-established",
            "why": "the target file gives no auth.others.expired",
            "cases": {},
            "requests": 0,
            "statuses": {},
        },
        "auth.test-only": {"status": "not-selected", "cases": {}, "requests": 0, "statuses": {}},
    }
