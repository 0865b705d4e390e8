"""`--replay`: sends the recorded witnesses again, and says for each what it shows now."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from . import verdict
from .grading import Sign
from .record import Record
from .report.model import ClauseVerdict, Evidence, SentRequest, Verdict
from .run import Run
from .wire import Exchange, Request


class Shown(StrEnum):
    """What a witness shows now."""

    BROKEN = "still broken"
    HELD = "now held"
    NOT = "cannot be shown"


@dataclass(frozen=True)
class Replayed:
    """One witness, sent again."""

    clause: str
    case: str
    shown: Shown
    why: str

    def line(self) -> str:
        """As a sentence."""
        return f"{self.clause}: {self.case}: {self.shown}{f' ({self.why})' if self.why else ''}"


def replay(run: Run, old: Verdict) -> Iterator[Replayed]:
    """Send each witness of the broken clauses that are asked for."""
    for clause in old.clauses:
        if clause.status not in ("broken", "deviates") or clause.id not in run.selected:
            continue
        for evidence in clause.evidence:
            if evidence.request is None:
                yield Replayed(clause.id, evidence.case, Shown.NOT, "no request was recorded")
            else:
                yield _again(run, clause, evidence, evidence.request)


def exit_of(replayed: Iterable[Replayed]) -> int:
    """1 where a witness still breaks, 6 where none could be shown, else 0."""
    shown = {one.shown for one in replayed}
    if Shown.BROKEN in shown:
        return 1
    return 0 if Shown.HELD in shown else 6


def _again(run: Run, clause: ClauseVerdict, evidence: Evidence, sent: SentRequest) -> Replayed:
    def told(shown: Shown, why: str = "") -> Replayed:
        return Replayed(clause.id, evidence.case, shown, why)

    court = run.court
    court.clause = clause.id
    if clause.id.startswith("outcome."):
        run.reset()
    held, court.record = court.record, Record()
    try:
        twin = run.ledger[clause.id].twin
        if twin:
            court.accepted_twin(twin)
        steps: list[Exchange] = []
        for recorded in (*(step.request for step in evidence.steps), sent):
            request = _request(run, recorded)
            if request is None:
                return told(Shown.NOT, f"the token ({recorded.authorization}) cannot be made again")
            steps.append(court.put(request, steps=tuple(steps)))
        answer = steps[-1].answer
        came = str(answer.status or answer.trouble)
        if answer.status is None:
            return told(Shown.NOT, came)
        sums = verdict.add_up(court.record)
        if any(breaches for breaches in sums.breaches.values()):
            return told(Shown.BROKEN, came)
        judged = [kind for kind in court.record.entries if kind.sign is Sign.HELD]
        mine = {claim.clause for kind in judged for claim in kind.claims}
        if clause.id.startswith("outcome.") and not any(i.startswith("outcome.") for i in mine):
            return told(Shown.NOT, "the ledger has moved on")
        return told(Shown.HELD, came)
    finally:
        run_sent, court.record = court.record.sent, held
        court.record.sent += run_sent


def _request(run: Run, sent: SentRequest) -> Request | None:
    """A recorded request with its secrets put back; None where that cannot be done."""
    others = run.target.file.auth.others
    current = run.court.credentials.current()
    named = {
        "own": current,
        "expired": others.expired,
        "without_scopes": others.without_scopes,
        "other_account": others.other_account,
    }
    headers = []
    for key, value in sent.headers:
        if key.lower() == "authorization":
            if "$" in value:
                token = named.get(sent.authorization)
                if token is None:
                    return None
                value = value.partition("$")[0] + token
        elif key in run.target.file.headers:
            value = run.target.file.headers[key]
        headers.append((key, value))
    body = sent.body.encode() if sent.body is not None else None
    if sent.body_base64 is not None:
        body = base64.b64decode(sent.body_base64)
    return Request(sent.method, sent.path, tuple(headers), body)
