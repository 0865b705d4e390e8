"""Judges requests together: how many 201s those give that are sent at once, or in turn."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from .body import Options
from .court import Court
from .grading import Kind, Observation, Sign, grade, of_the_other
from .oracle import Claim, Reading
from .orders import created_at_once
from .wire import Exchange, Request

BRIEF = 1.0
"""Seconds of a series in which nobody's new transactions come between any two of its requests."""


@dataclass(frozen=True)
class Together:
    """What was sent at the same instant, and what came."""

    readings: Sequence[Reading]
    lawful: Mapping[str, set[int]]
    """How many 201s some order of the requests gives, by account."""
    closed: bool
    """Each of them asks for something that nothing new can come into."""
    done: Sequence[Exchange] = ()

    @property
    def created(self) -> Counter[str]:
        """How many 201s came, by account."""
        pairs = zip(self.done, self.readings, strict=True)
        return Counter(r.account or "" for e, r in pairs if e.answer.status == 201)

    @property
    def too_many(self) -> bool:
        """More were created in some account than any order gives."""
        return any(self.created[account] > max(some) for account, some in self.lawful.items())

    @property
    def unlike_any_order(self) -> bool:
        """Not as many were created in some account as an order gives."""
        return any(self.created[account] not in some for account, some in self.lawful.items())


def put_at_once(court: Court, requests: Sequence[Request], claim: Claim) -> list[Exchange]:
    """Send requests at the same instant, and judge how many of them were answered 201.

    Args:
        court: where they are judged.
        requests: valid ones, for accounts whose ledgers are known.
        claim: what the answers show.

    Returns:
        The exchanges, in the order of the requests.
    """
    today = dt.datetime.now(dt.UTC).date()
    foreseen = _foreseen(court, requests, today)
    readings, lawful, ledgers = foreseen.readings, foreseen.lawful, court.ledgers
    done = court.at_once(requests)
    together = replace(foreseen, done=done)
    for exchange, reading in zip(done, readings, strict=True):
        court.judge_answer(exchange, reading)
    few = {account for account in lawful if together.created[account] < min(lawful[account])}
    for account in few:
        ledgers[account].doubt(_possible(court, readings, account, today))
    # Those that created something came first.
    for exchange, reading in sorted(
        zip(done, readings, strict=True), key=lambda found: -(found[0].answer.status or 0)
    ):
        if reading.options is not None and reading.account is not None:
            account, status = reading.account, exchange.answer.status
            if account not in few:
                ledgers[account].learn(reading.options, today, status)
    if not _dead(court, together, claim):
        _judge(court, together, claim)
    return done


def put_in_turn(court: Court, requests: Sequence[Request], claim: Claim) -> list[Exchange]:
    """Send requests one after another, each of which takes all of the last days.

    New transactions may come between any two of them; but not between all, again and again, within
    a second. Arguments and what is returned are those of `put_at_once`; the account is our own.
    """
    done = [court.put(request) for request in requests]
    statuses = {exchange.answer.status for exchange in done}
    if statuses <= {200, 201}:
        sign, came = Sign.HELD, "200 after 201"
        if statuses == {201}:
            brief = done[-1].sent - done[0].sent < BRIEF and not court.refunds_seen
            sign, came = Sign.DOUBT if brief else Sign.ERROR, "each created something"
        reason = f"of the {len(done)} in turn, each but the first takes what is new since then"
        seen = Observation(Kind((claim,), sign, came), (200,), reason)
        court.add([seen], done[-1], tuple(done[:-1]))
    return done


def _foreseen(court: Court, requests: Sequence[Request], today: dt.date) -> Together:
    """What requests may be answered as the ledgers are now."""
    readings = [court.oracle.read(request) for request in requests]
    options: dict[str, list[Options]] = defaultdict(list)
    for reading in readings:
        if reading.options is not None and reading.account is not None:
            options[reading.account].append(reading.options)
    ledgers = court.ledgers
    return Together(
        readings,
        {a: created_at_once(ledgers[a], chosen, today) for a, chosen in options.items()},
        all(ledgers[a].select(o, today).closed for a, chosen in options.items() for o in chosen),
    )


def _possible(court: Court, readings: Sequence[Reading], account: str, today: dt.date) -> set[str]:
    """What may be among the selected of an account."""
    chosen = [r.options for r in readings if r.account == account and r.options is not None]
    ledger = court.ledgers[account]
    return {id_ for options in chosen for id_ in ledger.select(options, today).possible}


def _dead(court: Court, together: Together, claim: Claim) -> bool:
    """Whether the other account's token was refused: then nothing is shown but that."""
    dead = False
    for exchange, reading in zip(together.done, together.readings, strict=True):
        if reading.account != court.target.file.ledger.other_account:
            continue
        answer = exchange.answer
        court.record.other_accepted |= answer.success
        seen = of_the_other(grade(reading, answer), answer, claim)
        refused = [each for each in seen if each.kind.sign is Sign.OTHER]
        court.add(refused, exchange)
        dead |= bool(refused)
    return dead


def _judge(court: Court, together: Together, claim: Claim) -> None:
    done = together.done
    refused = [
        reading
        for exchange, reading in zip(done, together.readings, strict=True)
        if exchange.answer.refusal
    ]
    sign = Sign.BROKEN if refused else _sign(court, together)
    if sign is None:
        swallowed = {str(e.answer.status or "none") for e in done if e.answer.weather}
        why = f"whole answers to what is sent at once: {', '.join(sorted(swallowed))} came"
        court.record.lacking.setdefault(claim.clause, why)
        return
    created = together.created
    came = f"{created.total()} of {len(done)} created" if not refused else "refused"
    if sign is Sign.DOUBT:
        came = "too many created" if together.too_many else "too few created"
    numbers = [" or ".join(map(str, sorted(some))) for some in together.lawful.values()]
    places = [f" for {account}" if len(numbers) > 1 else "" for account in together.lawful]
    lawful = ", ".join(f"{n}{place}" for n, place in zip(numbers, places, strict=True))
    reason = f"of the {len(done)} that were sent at once, {lawful} may be answered 201"
    # What is turned away alone as well is not turned away for being sent at once.
    grants = refused[0].grants if refused else ()
    seen = Observation(Kind((*grants, claim), sign, came), (200, 201), reason)
    court.add([seen], done[-1], tuple(done[:-1]))


def _sign(court: Court, together: Together) -> Sign | None:
    """What the answers are for the claim; None where the weather swallowed some of them."""
    if together.too_many and court.refunds_seen:
        return Sign.ERROR
    whole = all(exchange.answer.status in (200, 201) for exchange in together.done)
    if together.too_many or (whole and together.unlike_any_order):
        # Others may have settled some, a refund may have opened one again, and into a window that
        # is open something new may have come: put once more.
        certain = court.target.file.ledger.quiet and together.closed
        return Sign.BROKEN if certain else Sign.DOUBT
    if any(exchange.answer.weather for exchange in together.done):
        return None
    return Sign.HELD if whole else Sign.ERROR
