"""Makes the published verdict out of a run, with every secret masked."""

from __future__ import annotations

import base64
import datetime as dt
import shlex
import time

from .. import naming, verdict
from ..blame import Breach
from ..document import findings
from ..ledger import State
from ..recipes import around, recipe_of
from ..redact import Redactor
from ..run import Run
from ..tokens import Tokens
from ..verdict import Outcome, Status
from ..wire import NO_ANSWER, Exchange, Request
from . import model
from .notes import notes
from .related import beside, related

SHOWN = 400
"""Characters of an answer that a report shows."""

INTERNAL = ("user-agent", "x-contract-clause", "accept-encoding")
"""Headers that a curl line does not need."""

LONGEST_WORD = 100_000
"""Characters of a body from which on it is piped to curl: systems take no longer words."""

ACCEPT = ("Accept", "application/json")
"""What curl sends takes this in: it stands in a curl line only where another was sent."""


def build(run: Run, complete: bool, stopped: str | None = None) -> model.Verdict:
    """The verdict as it stands now.

    Args:
        run: what was seen.
        complete: whether the run came to its end.
        stopped: why it did not, where it did not.
    """
    record, question = run.court.record, run.question()
    outcomes = verdict.evaluate(record, question)
    stale = verdict.excuse(outcomes, question)
    broken = naming.named(outcomes, question)
    word, code, sentence = _decide(run, outcomes, broken, stale, complete, stopped)
    known = sum(len(listed) for listed in run.listed.values())
    counted = model.LedgerInfo(
        known=known,
        accounts=sum(map(bool, run.listed.values())) or 1,
        used=len(record.used),
        left=_left(run, known),
    )
    return model.Verdict(
        verdict=word,
        complete=complete,
        exit=code,
        sentence=run.redactor.text(sentence),
        target=run.target.name,
        target_option=run.redactor.text(run.options.target),
        base_url=run.redactor.text(run.target.file.base_url),
        profile=run.profile,
        gate=run.options.gate,
        effort=run.options.effort,
        selected=sorted(run.options.clauses) or ["*"],
        document=model.DocumentInfo(version=run.document.version, sha256=run.document.sha256),
        suite=run.court.agent,
        seed=run.options.seed,
        started=dt.datetime.fromtimestamp(run.started, dt.UTC).isoformat(timespec="seconds"),
        seconds=round(time.time() - run.started, 2),
        requests=record.sent,
        weather={"429": 0, "503": 0, "dropped": 0} | dict(record.weather),
        ledger=counted,
        broken=broken,
        findings=[
            model.DocumentFinding(
                about="document", pointer=found.pointer, what=found.what, reading=found.reading
            )
            for found in findings(run.document)
        ],
        clauses=[_clause(outcome, run) for outcome in outcomes],
        stale=stale,
        notes=[run.redactor.text(note) for note in notes(run, outcomes)],
    )


def _decide(
    run: Run,
    outcomes: list[Outcome],
    broken: list[str],
    stale: list[str],
    complete: bool,
    stopped: str | None,
) -> tuple[model.VerdictWord, int, str]:
    """The verdict's word, its exit status and its sentence."""
    count = {status: sum(o.status is status for o in outcomes) for status in Status}
    gated = [o for o in outcomes if o.status is not Status.OBSERVED]
    held, open_ = count[Status.HELD], count[Status.NOT_ESTABLISHED]
    of = sum(o.status is not Status.NOT_SELECTED for o in gated)
    name = run.target.name
    tail = ""
    if count[Status.DEVIATES]:
        tail = f", {count[Status.DEVIATES]} deviate as declared"
    loose = sum(o.status is Status.BROKEN and not o.gated for o in outcomes)
    if loose:
        tail += f", {loose} broken without being gated"
    if broken:
        more = f" and {len(broken) - 1} more" if len(broken) > 1 else ""
        first = next(o.clause for o in outcomes if o.clause.id == broken[0])
        sentence = f"{name} breaks the contract: {first.id}{more} ({first.says})"
        return "broken", 1, sentence + _incomplete(complete, stopped or run.undecided)
    if stale:
        return "broken", 1, f"{name} no longer deviates as declared: {stale[0]}"
    established = (held or count[Status.DEVIATES]) and run.court.record.accepted
    if not complete or run.undecided or not established:
        # Where every request is refused, a refusal says nothing of what was wrong with it.
        refused = "" if run.court.record.accepted else ": no request was accepted"
        why = run.undecided or stopped or f"nothing was established{refused}"
        return "undecided", 6, f"nothing can be said about {name}: {why}"
    if open_:
        sentence = (
            f"{name} conforms in part: {held} of {of} clauses held{tail}, {open_} not established"
        )
        return "partial", 6 if run.options.require_established else 0, sentence
    return (
        "conforms",
        0,
        f"{name} conforms: all {held} of {of} clauses held{tail}"
        if not tail
        else (f"{name} conforms: {held} of {of} clauses held{tail}"),
    )


def _left(run: Run, known: int) -> int:
    """How many transactions are unsettled still, as far as is known."""
    if run.forgets:
        return known - len(run.court.record.used)
    states = [
        transaction.state
        for account, listed in run.listed.items()
        for transaction in run.court.ledgers[account].transactions.values()
        if listed
    ]
    return states.count(State.UNSETTLED)


def _incomplete(complete: bool, stopped: str | None) -> str:
    return "" if complete else f"; the run did not end: {stopped or 'it is under way'}"


def _clause(outcome: Outcome, run: Run) -> model.ClauseVerdict:
    clause = outcome.clause
    statuses = {
        str(status): number
        for (id_, status), number in sorted(run.court.record.statuses.items())
        if id_ == clause.id
    }
    return model.ClauseVerdict(
        id=clause.id,
        level=clause.level.value,
        gated=outcome.gated,
        status=outcome.status.value,
        requests=outcome.requests,
        why=run.redactor.text(outcome.why),
        says=clause.says,
        quote=clause.quote,
        statuses=statuses,
        cases={run.redactor.text(case): said for case, said in outcome.cases.items()},
        evidence=[_evidence(breach, run) for breach in outcome.breaches],
    )


def _evidence(breach: Breach, run: Run) -> model.Evidence:
    entry = breach.entry
    witness = entry.witness
    if witness is None:
        raise AssertionError("a breach is kept with its witness")
    return model.Evidence(
        case=run.redactor.text(breach.case),
        came=run.redactor.text(breach.came),
        times=entry.count,
        held=breach.held,
        curl=curl(witness.request, run),
        status=witness.answer.status,
        answer=shown(witness, run.redactor),
        expected=list(entry.expected),
        reason=run.redactor.text(entry.reason),
        request=sent(witness.request, run),
        steps=[
            model.Step(
                curl=curl(step.request, run),
                status=step.answer.status,
                request=sent(step.request, run),
                related=told,
                beside=beside(step, witness),
            )
            for step, told in zip(entry.steps, related(entry.steps, witness, run), strict=True)
        ],
    )


def shown(exchange: Exchange, redactor: Redactor) -> str:
    """The answer of an exchange, masked and cut."""
    answer = exchange.answer
    if answer.status is None:
        return answer.trouble or NO_ANSWER
    text = redactor.text(answer.body.decode("utf-8", "backslashreplace"))
    media = answer.header("content-type")
    head = "" if answer.media_type == "application/json" else f"({media or 'no Content-Type'}) "
    return redactor.text(head) + (text if len(text) <= SHOWN else text[:SHOWN] + " ...")


def sent(request: Request, run: Run) -> model.SentRequest:
    """A request as reports keep it."""
    body = encoded = None
    if request.body is not None:
        try:
            body = run.redactor.text(request.body.decode("utf-8"))
        except UnicodeDecodeError:
            encoded = base64.b64encode(request.body).decode()
    return model.SentRequest(
        method=request.method,
        path=request.path,
        headers=[(key, value) for key, value in headers(request, run)],
        body=body,
        body_base64=encoded,
        authorization=which_token(request, run.court.credentials.tokens),
    )


def which_token(request: Request, tokens: Tokens) -> str:
    """Which token a request carries, by a word that replay understands."""
    value = request.header("authorization")
    if value is None:
        return "none"
    token = value.partition(" ")[2].strip()
    if value.startswith("Bearer ") and token in tokens.own:
        return "own"
    named = {
        tokens.expired: "expired",
        tokens.without_scopes: "without_scopes",
        tokens.other: "other_account",
    }
    return named.get(token or None, "wrong")


def headers(request: Request, run: Run) -> list[tuple[str, str]]:
    """The headers of a request with every secret masked."""
    secret = {name.lower() for name in run.target.file.headers}
    found = []
    for key, value in request.headers:
        if key.lower() == "authorization":
            value = masked_authorization(value, run.court.credentials.tokens)
        elif key.lower() in secret:
            value = "$" + key.upper().replace("-", "_")
        found.append((key, run.redactor.text(value)))
    return found


def masked_authorization(value: str, tokens: Tokens) -> str:
    """An Authorization header in which the token is a variable of the shell."""
    scheme, blank, token = value.partition(" ")
    names = {
        tokens.expired: "$EXPIRED_TOKEN",
        tokens.without_scopes: "$TOKEN_WITHOUT_SCOPES",
        tokens.other: "$OTHER_TOKEN",
    }
    if token.strip() in names and token.strip():
        return f"{scheme}{blank}{names[token.strip()]}"
    if value in tokens.own:
        return "$TOKEN"
    newest_first = tokens.own[::-1]
    if own := next((own for own in newest_first if own in token), None):
        return f"{scheme}{blank}{around(token, own)}"
    if recipe := next(filter(None, (recipe_of(token, own) for own in newest_first)), None):
        return f"{scheme}{blank}{recipe}"
    return value if len(token) < 16 else f"{scheme}{blank}$WRONG_TOKEN"


def curl(request: Request, run: Run) -> str:
    """One line that sends the request again; secrets are variables of the shell."""
    address = f"{run.target.endpoint.origin[0]}://{run.target.endpoint.host_header}{request.path}"
    words = ["curl", "-sS", "-i", "--path-as-is", "-X", request.method, shlex.quote(address)]
    present = {key.lower() for key, _ in request.headers}
    if "accept" not in present:
        words += ["-H", "Accept:"]
    for key, value in headers(request, run):
        if key.lower() in INTERNAL or (key, value) == ACCEPT:
            continue
        if key.lower() == "content-length" and request.body is not None:
            continue
        text = f"{key}: {value}" if value else f"{key};"
        escaped = text.replace('"', '\\"')
        quoted = f'"{escaped}"' if "$" in text else shlex.quote(text)
        words += ["-H", quoted]
    if request.body is not None:
        if "content-type" not in present:
            words += ["-H", "Content-Type:"]
        word = literal(request.body, run.redactor)
        odd = b"\0" in request.body or request.body.startswith(b"@")
        if odd or len(word) > LONGEST_WORD:
            # No word of a shell holds a NUL, and curl takes what follows an @ for a file.
            words = [*printed(request.body, run.redactor), "|", *words, "--data-binary", "@-"]
        else:
            words += ["--data-binary", word]
    return " ".join(words)


def literal(body: bytes, redactor: Redactor) -> str:
    """A body as one word of a shell."""
    masked = _masked(body, redactor)
    if isinstance(masked, str) and masked.isprintable():
        return shlex.quote(masked)
    return f"$'{_escaped(masked)}'"


def printed(body: bytes, redactor: Redactor) -> list[str]:
    """What prints a body in a shell."""
    return ["printf", "--", f"'{_escaped(_masked(body, redactor)).replace('%', '%%')}'"]


def _masked(body: bytes, redactor: Redactor) -> str | bytes:
    try:
        return redactor.text(body.decode("utf-8"))
    except UnicodeDecodeError:
        return body


def _escaped(masked: str | bytes) -> str:
    raw = masked.encode() if isinstance(masked, str) else masked
    return "".join(
        chr(byte) if 0x20 <= byte < 0x7F and chr(byte) not in "\\'" else f"\\{byte:03o}"
        for byte in raw
    )
