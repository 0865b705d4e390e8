"""The few requests that decide whether a run makes sense, and say what is wrong where it does not.

A target that refuses everybody, or is not there, or is a web page, says nothing about the
contract: the verdict is `undecided`, at once (contract: "How an answer is graded").
"""

from __future__ import annotations

from typing import Any

from .cases import EMPTY, twin, unknown_ids
from .court import Court
from .grading import accepts
from .wire import Answer


def bodies(account: str) -> list[Any]:
    """Three bodies that are accepted and select nothing, and two that are refused."""
    return [
        twin("range.accepted", account),
        {"transaction_ids": unknown_ids(1, account)},
        {"number_of_transactions": 1, "date_range": EMPTY},
        {"number_of_transactions": 0, "date_range": EMPTY},
        {"transaction_ids": "no array"},
    ]


def check(court: Court) -> str | None:
    """Put the preflight; the sentence that says why nothing can be said, or None to go on.

    What was seen is judged like everything else, but only where the run goes on: a mistyped
    address breaks no clause.
    """
    held = court.record
    account = court.target.file.account
    answers: list[Answer] = []
    for body in bodies(account):
        answers.append(court.put(court.request(body)).answer)
        if accepts(answers[-1]) and not page(answers[-1]):
            return None
    sentence = _verdict(answers, court)
    if sentence:
        sentence = court.credentials.redactor.text(sentence)
        held.entries.clear()
        held.statuses.clear()
        held.requests.clear()
    return sentence


def _verdict(answers: list[Answer], court: Court) -> str | None:
    file = court.target.file
    statuses = [answer.status for answer in answers]
    shown = ", ".join(sorted({str(status or "no answer") for status in statuses}))
    if all(answer.status is None for answer in answers):
        why = answers[0].trouble
        return f"{file.base_url} does not answer: {why}"
    if all(answer.weather for answer in answers):
        return f"{file.base_url} answers {shown} to everything, whatever is sent"
    if all(answer.weather or answer.status in (401, 403) for answer in answers):
        which = "the token" if court.target.authenticates else "the request without a token"
        return (
            f"{file.base_url} refuses {which} for account {file.account}: every request is "
            f"answered {shown}; check [auth] and `account` in the target file"
        )
    if all(nowhere(answer) for answer in answers):
        return (
            f"{file.base_url} does not seem to be the API: every request is answered {shown}"
            f"{' with HTML' if any(map(page, answers)) else ''}; "
            "check `base_url` in the target file"
        )
    return None


def nowhere(answer: Answer) -> bool:
    """Whether an answer looks as if it came from somewhere else than the API."""
    status = answer.status or 0
    html = page(answer) and status < 500
    return answer.weather or status in (404, 405) or 300 <= status < 400 or html


def page(answer: Answer) -> bool:
    """Whether an answer is a web page; JSON that is only called so breaks `answer.*` instead."""
    return "html" in answer.media_type and not answer.body.lstrip().startswith(b"{")
