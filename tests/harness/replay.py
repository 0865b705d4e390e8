"""`--replay`: sends the recorded witnesses again, and says for each what it shows now."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from .blame import AGAIN, TRIES, add_up
from .oracle import Claim
from .recipes import made
from .record import Record
from .report.model import ClauseVerdict, Evidence, SentRequest, Verdict
from .run import Run
from .together import put_at_once, put_in_turn
from .wire import Exchange, Request

AT_ONCE = "outcome.concurrent-once"
"""Whose witnesses were sent at the same instant."""
MOVED_ON = "the ledger has moved on"


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
    """1 where a witness still breaks, 0 where all hold, 6 where some could not be shown."""
    shown = {one.shown for one in replayed}
    if Shown.BROKEN in shown:
        return 1
    return 0 if shown == {Shown.HELD} else 6


def _again(run: Run, clause: ClauseVerdict, evidence: Evidence, sent: SentRequest) -> Replayed:
    def told(shown: Shown, why: str = "") -> Replayed:
        return Replayed(clause.id, evidence.case, shown, why)

    court = run.court
    court.clause = clause.id
    outcome = clause.id.startswith("outcome.")
    if outcome:
        run.reset()
    held, court.record = court.record, Record()
    try:
        twin = run.ledger[clause.id].twin
        if twin:
            court.accepted_twin(twin)
        requests = []
        for recorded in (*(step.request for step in evidence.steps), sent):
            request = _request(run, recorded)
            if request is None:
                return told(Shown.NOT, f"the token ({recorded.authorization}) cannot be made again")
            requests.append(request)
        accounts = {court.oracle.read(request).account for request in requests}
        if outcome and not accounts <= court.accounts:
            return told(Shown.NOT, "the target file does not name its account")
        if clause.id == AT_ONCE or evidence.case == AGAIN:
            return told(*_together(run, Claim(clause.id, evidence.case), requests))
        steps: list[Exchange] = []
        for request in requests:
            steps.append(court.put(request, steps=tuple(steps)))
        answer = steps[-1].answer
        came = str(answer.status or answer.trouble)
        if answer.status is None:
            return told(Shown.NOT, came)
        if outcome and not _as_then(run, evidence, steps):
            return told(Shown.NOT, MOVED_ON)
        if any(add_up(court.record).breaches.values()):
            return told(Shown.BROKEN, came)
        if answer.status in evidence.expected or (outcome and _changed(run, steps)):
            return told(Shown.HELD, came)
        if outcome:
            return told(Shown.NOT, MOVED_ON)
        # Alone, a 401 may be the token's fault; that it comes again is what it was blamed for.
        return told(Shown.BROKEN if answer.status == evidence.status else Shown.NOT, came)
    finally:
        run_sent, court.record = court.record.sent, held
        court.record.sent += run_sent


def _as_then(run: Run, evidence: Evidence, now: list[Exchange]) -> bool:
    """Whether the ledger is where it was when the witness was recorded.

    What came before has to be answered as it was then; where the target forgets, it is enough that
    something is created: then the target has changed and not its ledger. A lone 200 where a 201
    was due says nothing where an earlier run has settled what it names.
    """
    *before, last = now
    if _changed(run, now):
        return True
    if [step.status for step in evidence.steps] != [one.answer.status for one in before]:
        return False
    lone = not before and last.answer.status == 200 and 200 not in evidence.expected
    return run.forgets or run.server is not None or not lone


def _changed(run: Run, now: list[Exchange]) -> bool:
    """Whether what comes otherwise comes of the target, and not of a ledger that has moved on."""
    return run.forgets and any(exchange.answer.status == 201 for exchange in now)


def _together(run: Run, claim: Claim, requests: list[Request]) -> tuple[Shown, str]:
    """Send again what was sent at once, or in turn; what is in doubt as often as when judged."""
    if not run.court.ledgers:
        return Shown.NOT, "no ledger is kept in this profile"
    put = put_at_once if claim.clause == AT_ONCE else put_in_turn
    for _ in range(TRIES):
        before = run.court.doubts
        done = put(run.court, requests, claim)
        doubted = run.court.doubts > before
        if not doubted:
            break
        run.reset()
    created = sum(exchange.answer.status == 201 for exchange in done)
    came = f"{created} of {len(done)} created"
    if all(exchange.answer.status == 200 for exchange in done):
        return Shown.NOT, MOVED_ON
    if any(exchange.answer.weather for exchange in done):
        return Shown.NOT, f"{came}, and not each was answered"
    if any(add_up(run.court.record).breaches.values()):
        return Shown.BROKEN, came
    if doubted:
        return Shown.NOT, f"{came}, of which others may be the cause"
    return Shown.HELD, f"{came}, this time"


def _authorization(recorded: str, token: str | None, own: str | None) -> str | None:
    """A recorded header with a token put back, or with what is made of our own."""
    if "$" not in recorded:
        return recorded
    if token:
        return recorded.partition("$")[0] + token
    return made(recorded, own) if own else None


def _request(run: Run, sent: SentRequest) -> Request | None:
    """A recorded request with its secrets put back; None where that cannot be done."""
    others = run.target.file.auth.others
    current = run.court.credentials.current()
    named = {
        "expired": others.expired,
        "without_scopes": others.without_scopes,
        "other_account": others.other_account,
    }
    headers = []
    for key, value in sent.headers:
        if key.lower() == "authorization":
            again = _authorization(value, named.get(sent.authorization), current)
            # Cut or changed as another was, a token may come out as it is.
            if again is None or (again == f"Bearer {current}" and sent.authorization != "own"):
                return None
            value = again
        elif key in run.target.file.headers:
            value = run.target.file.headers[key]
        headers.append((key, value))
    body = sent.body.encode() if sent.body is not None else None
    if sent.body_base64 is not None:
        body = base64.b64decode(sent.body_base64)
    return Request(sent.method, sent.path, tuple(headers), body)
