"""Judges what is sent at the same instant: as many 201s as some order of the requests gives."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from .body import Options
from .court import Court
from .grading import Kind, Observation, Sign
from .oracle import Claim
from .orders import created_at_once
from .wire import Exchange, Request


def put_at_once(court: Court, requests: Sequence[Request], claim: Claim) -> list[Exchange]:
    """Send requests at the same instant, and judge how many of them were answered 201.

    Args:
        court: where they are judged.
        requests: valid ones, for accounts whose ledgers are known.
        claim: what the answers show.

    Returns:
        The exchanges, in the order of the requests.
    """
    readings = [court.oracle.read(request) for request in requests]
    today = dt.datetime.now(dt.UTC).date()
    options: dict[str, list[Options]] = defaultdict(list)
    for reading in readings:
        if reading.options is not None and reading.account is not None:
            options[reading.account].append(reading.options)
    lawful = {0}
    for account, chosen in options.items():
        numbers = created_at_once(court.ledgers[account], chosen, today)
        lawful = {some + more for some in lawful for more in numbers}
    done = court.at_once(requests)
    created = sum(exchange.answer.status == 201 for exchange in done)
    for exchange, reading in zip(done, readings, strict=True):
        court.judge_answer(exchange, reading)
    if created < min(lawful):
        for account, chosen in options.items():
            ledger = court.ledgers[account]
            ledger.doubt({i for each in chosen for i in ledger.select(each, today).possible})
    else:
        # Those that created something came first.
        for exchange, reading in sorted(
            zip(done, readings, strict=True), key=lambda found: -(found[0].answer.status or 0)
        ):
            if reading.options is not None and reading.account is not None:
                status = exchange.answer.status
                court.ledgers[reading.account].learn(reading.options, today, status)
    refused = [r for e, r in zip(done, readings, strict=True) if e.answer.refusal]
    # What is turned away alone as well is not turned away for being sent at once.
    grants = refused[0].grants if refused else ()
    sign = _sign(court, done, created, lawful)
    if sign is None:
        swallowed = {str(e.answer.status or "none") for e in done if e.answer.weather}
        why = f"whole answers to what is sent at once: {', '.join(sorted(swallowed))} came"
        court.record.lacking.setdefault(claim.clause, why)
        return done
    came = f"{created} of {len(done)} created" if not refused else "refused"
    if sign is Sign.DOUBT:
        came = "too many created" if created > max(lawful) else "too few created"
    number = " or ".join(map(str, sorted(lawful)))
    reason = f"of the {len(done)} that were sent at once, {number} may be answered 201"
    seen = Observation(Kind((*grants, claim), sign, came), (200, 201), reason)
    court.add([seen], done[-1], tuple(done[:-1]))
    return done


def _sign(court: Court, done: Sequence[Exchange], created: int, lawful: set[int]) -> Sign | None:
    """What the answers are for the claim; None where the weather swallowed some of them."""
    if created > max(lawful) and court.refunds_seen:
        return Sign.ERROR
    if any(exchange.answer.refusal for exchange in done):
        return Sign.BROKEN
    whole = all(exchange.answer.status in (200, 201) for exchange in done)
    if created > max(lawful) or (whole and created not in lawful):
        # Others may have settled some, and a refund may have opened one again: put once more.
        return Sign.BROKEN if court.target.file.ledger.quiet else Sign.DOUBT
    if any(exchange.answer.weather for exchange in done):
        return None
    return Sign.HELD if whole else Sign.ERROR
