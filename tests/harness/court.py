"""The one place where every answer meets the oracle.

`Court.put` sends a request, waits out the weather, holds the answer against the contract and
against the ledger model, and adds what it showed to the record.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from . import interlock
from .budget import Budget
from .cases import Builder, twin
from .client import Client, pause_before, send_at_once
from .credentials import Credentials
from .document import Document
from .dryrun import Plan, pretend
from .errors import Exhausted
from .grading import Kind, Observation, Sign, accepts, grade, of_the_other
from .ledger import EITHER, Expectation, Ledger
from .oracle import Claim, Oracle, Reading
from .record import Record
from .silence import Silence
from .target import Target
from .wire import NO_ANSWER, Answer, Exchange, Request

PATIENCE = 20.0
"""Seconds of weather that one request waits out."""
SWALLOWED = "large bodies got no answer, and small ones did: what they would show stays open"


@dataclass
class Court:
    """Judges one target."""

    target: Target
    document: Document
    credentials: Credentials
    budget: Budget
    capabilities: frozenset[str]
    agent: str
    record: Record = field(default_factory=Record)
    ledgers: dict[str, Ledger] = field(default_factory=dict)
    listeners: list[Callable[[Exchange], None]] = field(default_factory=list)
    """Told of every exchange, when the next one is on its way: the journal, the progress."""
    plan: Plan | None = None
    """Set in a dry run: what would be sent is noted there, and nothing is."""
    breaches: int = 0
    """Answers that breached the contract so far."""
    doubts: int = 0
    """Answers that break a clause, unless somebody else moved the ledger."""
    clause: str = ""
    """The clause that is being put: it stands in a header of each request."""
    consuming: bool = False
    """What is being put settles whatever there is, as another run beside this one does."""
    _untold: list[Exchange] = field(default_factory=list)
    _silence: Silence = field(default_factory=Silence)
    _good: Request | None = None
    """Was accepted, and settles nothing: where it is refused now, the token is dead."""

    def __post_init__(self) -> None:
        """Make what judges, and what builds requests."""
        endpoint = self.target.endpoint
        self.client = Client(endpoint)
        file = self.target.file
        self.accounts = frozenset(filter(None, (file.account, file.ledger.other_account)))
        self.oracle = Oracle(
            self.document.rules(), endpoint.path, file.account, self.credentials.tokens
        )
        self.builder = Builder(
            endpoint.path + self.document.path,
            file.account,
            (
                ("User-Agent", self.agent),
                ("Accept-Encoding", "gzip, deflate"),
                *file.headers.items(),
            ),
        )
        self.production = "P" + file.account[1:]

    # -------------------------------------------------------------------- building

    def request(self, body: Any = None, **changes: Any) -> Request:
        """A request for our account with our token, changed as a test says."""
        token = self.credentials.current()
        self.oracle.tokens = self.credentials.tokens
        if body is None and "raw" not in changes:
            changes["raw"] = None
        purpose = ("X-Contract-Clause", self.clause or "preflight")
        return self.builder.request(body, token=token, purpose=purpose, **changes)

    # --------------------------------------------------------------------- putting

    def put(
        self,
        request: Request,
        also: Claim | None = None,
        steps: tuple[Exchange, ...] = (),
        ignorant: bool = False,
    ) -> Exchange:
        """Send a request and judge the answer.

        Args:
            request: what goes over the wire.
            also: the class of case that a scenario puts with it, more specific than the ledger's.
            steps: what the scenario sent before.
            ignorant: leave the ledger model aside (blind relations judge instead).

        Raises:
            Exhausted: the budget is used up, or the target is given up.
        """
        reading = self.oracle.read(request)
        exchange = self._exchange(request, reading)
        ours = reading.valid and reading.account == self.target.file.account
        if exchange.answer.status == 401 and ours:
            exchange = self._unauthorized(exchange)
            reading = self.oracle.read(exchange.request)
        self.judge(exchange, reading, also, steps, ignorant)
        return exchange

    def judge(
        self,
        exchange: Exchange,
        reading: Reading,
        also: Claim | None = None,
        steps: tuple[Exchange, ...] = (),
        ignorant: bool = False,
    ) -> None:
        """Hold an answer against everything that is known, and record what it showed."""
        answer = exchange.answer
        accepted = accepts(answer)
        ledger, expected = self._expected(exchange, reading)
        observed = [self._selected(seen, expected, also) for seen in grade(reading, answer)]
        if accepted and reading.valid and reading.account == self.target.file.account:
            self.record.accepted = True
            if self._good is None and self.harmless(exchange.request):
                self._good = exchange.request
        if answer.status is None:
            observed = [
                Observation(Kind(reading.claims, Sign.ERROR, NO_ANSWER, bool(reading.faults)))
            ]
        if reading.valid and reading.account == self.target.file.ledger.other_account:
            self.record.other_accepted |= accepted
            observed = of_the_other(observed, answer, also)
        self.add(observed, exchange, steps)
        if ledger is None:
            return
        if reading.options is None or not reading.valid:
            if answer.status == 201:
                ledger.doubt(why=f"{reading.claims[-1].case!r} was answered 201")
            return
        if answer.success and not accepted:
            ledger.learn(reading.options, _day(exchange.sent), None)
            return
        if answer.status in (200, 201) and not ignorant and expected.statuses != EITHER:
            self._outcome(exchange, reading, expected, also, steps)
        if answer.status == 201 and expected.clause == "outcome.nothing":
            ledger.doubt(why=f"{expected.case!r} was answered 201")
        ledger.learn(reading.options, _day(exchange.sent), answer.status)

    def _expected(self, exchange: Exchange, reading: Reading) -> tuple[Ledger | None, Expectation]:
        """The ledger model that a request speaks of, and what it says that 200 and 201 mean."""
        known = "state" in self.capabilities
        ledger = self.ledgers.get(reading.account or "") if known else None
        if ledger is None or reading.options is None or not reading.valid:
            return ledger, Expectation(EITHER)
        return ledger, ledger.expect(reading.options, _day(exchange.sent))

    def _selected(
        self, seen: Observation, expected: Expectation, also: Claim | None
    ) -> Observation:
        """A valid request that is refused: what it selects may be why."""
        kind = seen.kind
        turned_away = kind.sign in (Sign.BROKEN, Sign.NOWHERE, Sign.TOKEN) and not kind.refusal
        if not turned_away or not kind.claims or kind.claims[0].clause.startswith("answer."):
            return seen
        more = [Claim(*why) for why in expected.settled]
        if also and expected.statuses != {200}:
            more.append(also)
        return seen._replace(kind=kind._replace(claims=(*kind.claims, *more)))

    def judge_answer(self, exchange: Exchange, reading: Reading) -> None:
        """Hold an answer against the clauses about answers alone (answer.*)."""
        observed = [
            seen
            for seen in grade(reading, exchange.answer)
            if seen.kind.claims and seen.kind.claims[0].clause.startswith("answer.")
        ]
        self.add(observed, exchange)

    def add(
        self,
        observed: Sequence[Observation],
        exchange: Exchange,
        steps: tuple[Exchange, ...] = (),
    ) -> None:
        """Record what one exchange showed."""
        self.doubts += any(seen.kind.sign is Sign.DOUBT for seen in observed)
        self.breaches += any(seen.kind.sign is Sign.BROKEN for seen in observed)
        self.record.add(observed, exchange, steps)

    def _outcome(
        self,
        exchange: Exchange,
        reading: Reading,
        expected: Expectation,
        also: Claim | None,
        steps: tuple[Exchange, ...],
    ) -> None:
        """Hold 200 or 201 against the one of them that is to come (clauses outcome.*)."""
        status = exchange.answer.status
        kept = status in expected.statuses
        if not kept and status == 201 and not expected.never:
            kept = not self._settles_again(exchange, reading)
        claims = (Claim(expected.clause, expected.case), *([also] if also else []))
        aside = not kept and not also and self.clause != expected.clause
        if aside:
            # Broken while another clause was put: no proof that this one is the cause.
            claims = (*claims, Claim(expected.clause, f"while putting {self.clause}"))
        sign = Sign.HELD if kept else Sign.BROKEN
        if not kept and status == 200 and not self.target.file.ledger.quiet:
            # What is asked aside is not asked again with fresh transactions, and what settles
            # whatever there is has none: it tells nothing.
            sign = Sign.ERROR if aside or self.consuming else Sign.DOUBT
        kind = Kind(claims, sign, str(status))
        wanted = tuple(sorted(expected.statuses))
        self.add([Observation(kind, wanted, expected.reason)], exchange, steps)

    def _settles_again(self, exchange: Exchange, reading: Reading) -> bool:
        """Whether a selection that should give nothing keeps giving 201.

        A settled transaction may gain a new operation, a refund, and be settled again: so it is
        asked again before it is blamed, unless the target file says that the account is quiet.
        """
        file = self.target.file.ledger
        if file.quiet and (file.complete or (reading.options and reading.options.ids)):
            return True
        for _ in range(2):
            again = self._exchange(exchange.request, reading)
            if again.answer.status == 200:
                claim = Claim("observe.settled-again", "201 once, and then 200")
                self.record.add([Observation(Kind((claim,), Sign.SEEN, "201"))], exchange)
                return False
        return True

    @property
    def refunds_seen(self) -> bool:
        """Whether a settled transaction was seen to be settled once more, and then no longer."""
        return bool(self.record.requests["observe.settled-again"])

    def harmless(self, request: Request) -> bool:
        """Whether a server that keeps the contract settles nothing for a request."""
        reading = self.oracle.read(request)
        if not (reading.valid or reading.opens) or reading.faults:
            return True
        if reading.options is None:
            return False
        today = dt.datetime.now(dt.UTC).date()
        ledger = self.ledgers.get(self.target.file.account) or Ledger()
        selection = ledger.select(reading.options, today)
        return not selection.possible and not selection.others

    def accepted_twin(self, clause: str) -> None:
        """Put the accepted twin of a clause's refusals, where none was put yet."""
        if not self.record.requests[clause]:
            self.put(self.request(twin(clause, self.target.file.account)))

    # --------------------------------------------------------------------- at once

    def at_once(self, requests: Sequence[Request]) -> list[Exchange]:
        """Send requests at the same instant, each on a connection of its own; judges nothing."""
        for request in requests:
            interlock.check(request, self.accounts)
            if self.plan is None:
                self.budget.take()
        if self.plan is not None:
            return [self._exchange(request, self.oracle.read(request)) for request in requests]
        # A server that takes one connection at a time takes none of these beside ours.
        self.client.close()
        answers = send_at_once(self.target.endpoint, requests)
        done = [
            Exchange(request, answer, sent, self.clause)
            for request, (sent, answer) in zip(requests, answers, strict=True)
        ]
        for exchange in done:
            self._seen(exchange)
        return done

    # --------------------------------------------------------------------- sending

    def _exchange(self, request: Request, reading: Reading) -> Exchange:
        """Send, and wait out the weather."""
        first = reading.claims[0].clause if reading.claims else ""
        if self._silence.of_clause(first) or self._too_large(request):
            return Exchange(request, Answer(None, trouble="not sent: twice no answer"), time.time())
        probe = self.production if self.target.probe_production else None
        waited = 0.0
        attempt = 0
        while True:
            interlock.check(request, self.accounts, probe)
            self.budget.take()
            sent = time.time()
            if self.plan is not None:
                made_up = pretend(reading, self.ledgers.get(reading.account or ""))
                exchange = Exchange(request, made_up, sent, self.clause)
                self.plan.add(exchange, reading)
                return exchange
            answer = self.client.send(request, meanwhile=self.tell)
            exchange = Exchange(request, answer, sent, self.clause)
            self._seen(exchange)
            if not answer.weather:
                self._silence.in_a_row = 0
                return exchange
            if reading.valid and reading.options is not None:
                self._lost(reading, sent)
            attempt += 1
            pause = pause_before(attempt, answer, again=not self._silence.in_a_row)
            if pause is None or waited + pause > PATIENCE:
                return self._unanswered(exchange, reading)
            waited += pause
            self.tell()
            time.sleep(pause)

    def _seen(self, exchange: Exchange) -> None:
        answer = exchange.answer
        self.record.sent += 1
        if answer.weather:
            self.record.weather[str(answer.status) if answer.status else "dropped"] += 1
        self._untold.append(exchange)

    def tell(self) -> None:
        """Tell the listeners what they have not heard of; while an answer is awaited it is free."""
        while self._untold:
            exchange = self._untold.pop(0)
            for listener in self.listeners:
                listener(exchange)

    def _lost(self, reading: Reading, sent: float) -> None:
        ledger = self.ledgers.get(reading.account or "")
        if ledger is not None and reading.options is not None:
            ledger.learn(reading.options, _day(sent), None)

    def _unanswered(self, exchange: Exchange, reading: Reading) -> Exchange:
        """Find out whether a request that got no answer is to blame, or the target is gone."""
        clause, case = reading.claims[0] if reading.claims else ("", "")
        self._silence.one_more(case)
        why = exchange.answer.trouble or f"answered {exchange.answer.status}"
        if self._silence.given_up:
            raise Exhausted(self._silence.told(self.record.sent, exchange.sent, why))
        self._silence.add(clause, len(exchange.request.body or b""))
        body = twin("range.accepted", self.target.file.account)
        alive = self._exchange(self.request(body), Reading())
        if alive.answer.status is not None and not alive.answer.weather:
            self._silence.in_a_row = 0
        return replace(exchange, answer=replace(exchange.answer, status=None, trouble=why))

    def _too_large(self, request: Request) -> bool:
        """Whether bodies of that size are swallowed; a note says so."""
        if not self._silence.of_size(len(request.body or b"")):
            return False
        if SWALLOWED not in self.record.notes:
            self.record.notes.append(SWALLOWED)
        return True

    def _unauthorized(self, exchange: Exchange) -> Exchange:
        """A valid request got 401: where the token is dead, another one is fetched, once.

        Raises:
            Exhausted: there is no other, or it is dead too.
        """
        if self._good is not None and self._is_served(self._good):
            return exchange
        if self.credentials.renewable:
            self.credentials.renew()
            self.oracle.tokens = self.credentials.tokens
            request = self._with_our_token(exchange.request)
            exchange = self._exchange(request, self.oracle.read(request))
        if exchange.answer.status == 401 and self._good and not self._is_served(self._good):
            raise Exhausted("the token was good, and is refused now, whatever is asked with it")
        return exchange

    def _is_served(self, request: Request) -> bool:
        answers = (self._exchange(self._with_our_token(request), Reading()) for _ in range(2))
        return any(exchange.answer.status != 401 for exchange in answers)

    def _with_our_token(self, request: Request) -> Request:
        ours = f"Bearer {self.credentials.tokens.current}"
        headers = tuple((key, ours if key == "Authorization" else v) for key, v in request.headers)
        return replace(request, headers=headers)


def _day(sent: float) -> dt.date:
    """The day on which a request was sent, in UTC."""
    return dt.datetime.fromtimestamp(sent, dt.UTC).date()
