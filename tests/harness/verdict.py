"""From what was seen to a verdict: pure, and the same whatever the order of requests was."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from .clauses import Clause, ClauseLedger, Level
from .grading import Kind, Sign
from .oracle import Claim
from .record import Entry, Record
from .target import Deviation


class Status(StrEnum):
    """What became of a clause."""

    HELD = "held"
    BROKEN = "broken"
    DEVIATES = "deviates"
    NOT_ESTABLISHED = "not-established"
    OBSERVED = "observed"
    NOT_SELECTED = "not-selected"


@dataclass(frozen=True, slots=True)
class Breach:
    """One class of case that broke a clause, what came, and the entry that shows it."""

    case: str
    came: str
    entry: Entry
    mostly: bool = False
    """The class of case was seen to break more often than to hold."""
    held: int = 0
    """How often it held."""

    @property
    def words(self) -> str:
        """As it stands in a deviation: the class of case and what came."""
        return f"{self.case}: {self.came}"


@dataclass(slots=True)
class Outcome:
    """What became of one clause, and why."""

    clause: Clause
    status: Status
    gated: bool
    why: str = ""
    requests: int = 0
    breaches: list[Breach] = field(default_factory=list)
    cases: dict[str, str] = field(default_factory=dict)
    """Each class of case that was put, and what it showed."""
    plain: bool = False
    """A case broke at once, and mostly, or one id again: nothing else is a likelier cause."""
    hearsay: int = 0
    """0: one request shows it by itself; 1: with those before it; 2: nothing that was put with it
    tells why what should be there was not."""


@dataclass(frozen=True)
class Question:
    """What a run asks: which clauses count, which of them gate, which breaches are accepted."""

    ledger: ClauseLedger
    selected: frozenset[str]
    gate: str = "all"
    deviations: tuple[Deviation, ...] = ()
    today: dt.date = dt.date.max
    checked_document: bool = True
    blind: bool = False
    """No transactions are known: some clauses have a core of their own for that."""
    fresh: bool = False
    """The target forgets before each scenario, so that none can have spoilt another."""
    brief: bool = False
    """Only what tells most is put: much stays open, and for no other reason."""
    asked: bool = False
    """The selected clauses were asked for by name: blame does not fall beyond them."""

    def gated(self, clause: Clause) -> bool:
        """Whether a breach of the clause makes the verdict `broken`."""
        levels = {Level.MUST, Level.IMPLIED, *([Level.SHOULD] if self.gate == "all" else [])}
        return clause.level in levels


@dataclass
class Sums:
    """A record, sorted by claim: what held, what broke, what stays open."""

    held: Counter[Claim] = field(default_factory=Counter)
    """How often each held."""
    cases: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    """By clause: each class of case that was put, and what it showed."""
    accepted: set[str] = field(default_factory=set)
    """Clauses of which some case was accepted: the twins of refusals."""
    open: dict[Claim, str] = field(default_factory=dict)
    seen: dict[Claim, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    breaches: dict[str, list[Breach]] = field(default_factory=lambda: defaultdict(list))


def add_up(record: Record, asked: frozenset[str] = frozenset()) -> Sums:
    """Decide which clause each breach belongs to: one cause, one finding.

    The plainest requests are looked at first, since what they show explains the others (`_blame`).
    Where some clauses alone are asked for, a breach that may be theirs is theirs: blamed on
    another, it would not be seen.
    """
    sums = Sums()
    broken = []
    moved = ledger_moved(record)
    for kind, entry in sorted(record.entries.items(), key=lambda found: found[0]):
        sign = _resolve(kind, record)
        if sign is Sign.DOUBT and entry.count >= TRIES and not moved:
            sign = Sign.BROKEN
        if sign is Sign.HELD and kind.alone:
            for claim in dict.fromkeys(kind.claims):
                sums.held[claim] += entry.count
            if not kind.refusal:
                sums.accepted.update(claim.clause for claim in kind.claims)
        elif sign is Sign.BROKEN:
            theirs = tuple(claim for claim in kind.claims if claim.clause in asked)
            broken.append((kind._replace(claims=theirs) if theirs else kind, entry))
        elif sign is Sign.SEEN:
            for claim in kind.claims:
                sums.seen[claim][kind.came] = sums.seen[claim].get(kind.came, 0) + entry.count
        elif sign is not Sign.HELD:
            # Of a token that is dead nothing is left open but whether it is.
            for claim in kind.claims[:1] if sign is Sign.OTHER else kind.claims:
                sums.open[claim] = f"{claim.case}: {kind.came}"
    broken = _plainest_first(broken, sums.held)
    known: set[Claim] = set()
    came: dict[Claim, set[str]] = defaultdict(set)
    for claim, why in sums.open.items():
        sums.cases[claim.clause][claim.case] = why
    for claim in sums.held:
        sums.cases[claim.clause].setdefault(claim.case, "held")
    times: Counter[Claim] = Counter()
    for kind, entry in broken:
        times.update(dict.fromkeys(kind.claims, entry.count))
    for kind, entry in broken:
        blamed = _blame(kind, known, sums.held)
        known.add(blamed)
        held = sums.held[blamed]
        breach = Breach(blamed.case, kind.came, entry, times[blamed] > held, held)
        _note(sums.breaches[blamed.clause], breach)
        came[blamed].add(kind.came)
    for claim, answers in came.items():
        sums.cases[claim.clause][claim.case] = f"broken: {', '.join(sorted(answers))}"
    return sums


def _note(breaches: list[Breach], breach: Breach) -> None:
    """Add a breach, or count it with one of the same words."""
    for number, other in enumerate(breaches):
        if other.words == breach.words:
            smallest = min(other.entry, breach.entry, key=Entry.size)
            both = replace(smallest, count=other.entry.count + breach.entry.count)
            breaches[number] = replace(other, entry=both)
            return
    breaches.append(breach)


def ledger_moved(record: Record) -> int:
    """How often a listed transaction turned out settled though we had not touched it.

    Asking for one by its id is the plainest question there is: where some of them are answered
    200 and others 201, somebody else may be settling while we run.
    """
    plain = (Claim("outcome.created", "created by id"),)
    signs = {
        kind.sign: entry.count for kind, entry in record.entries.items() if kind.claims == plain
    }
    if Sign.HELD not in signs and not record.after_doubts[True]:
        return 0
    return signs.get(Sign.DOUBT, 0) + record.after_doubts[False]


TRIES = 3
"""How often a doubtful scenario is put, and how often it is doubtful then before it is blamed."""


def _resolve(kind: Kind, record: Record) -> Sign:
    """What a doubtful answer was, now that it is known whether anything was accepted here."""
    if kind.sign is Sign.TOKEN and record.accepted:
        return Sign.HELD if kind.refusal else Sign.BROKEN
    if kind.sign is Sign.NOWHERE and record.accepted and not kind.refusal:
        return Sign.BROKEN
    if kind.sign is Sign.OTHER and record.other_accepted:
        return Sign.BROKEN
    return kind.sign


def _plainest_first(
    broken: Sequence[tuple[Kind, Entry]], held: Collection[Claim]
) -> list[tuple[Kind, Entry]]:
    """Breaches in an order in which what a plain one shows explains those that are less plain.

    Those with the fewest claims that never held come first; but one whose claims are all among
    those of another, which says more than what it selects, comes before that.
    """
    order: list[tuple[int, int, Kind, Entry]] = []
    for kind, entry in sorted(broken, key=lambda found: len(found[0].claims)):
        rank = sum(claim not in held for claim in kind.claims) or len(kind.claims)
        within = (r for r, _, other, _ in order if _says_less(other, kind))
        order.append((max([rank, *within]), len(kind.claims), kind, entry))
    order.sort(key=lambda found: found[:2])
    return [(kind, entry) for *_, kind, entry in order]


def _says_less(one: Kind, other: Kind) -> bool:
    """Whether one claims less than the other, and that is not only about what is selected."""
    more = set(other.claims) - set(one.claims)
    less = one.refusal is other.refusal and set(one.claims) <= set(other.claims)
    return less and any(not claim.clause.startswith("outcome.") for claim in more)


def _blame(kind: Kind, known: set[Claim], held: Collection[Claim]) -> Claim:
    """The claim that a breach belongs to, where a request made several.

    One that a plainer request was blamed on; else the one that never held; of several, one of a
    clause of which nothing held, or that is known to be broken, the plainest first. Where each
    held elsewhere, the most specific; but what a request selects is no reason to turn it away.
    """
    if found := next((claim for claim in kind.claims if claim in known), None):
        return found
    never = [claim for claim in kind.claims if claim not in held]
    plain = [claim for claim in kind.claims if claim.clause.partition(".")[0] != "outcome"]
    turned_away = not never and plain and not kind.refusal
    if len(never) > 1 or turned_away:
        partly = {claim.clause for claim in held}
        for clauses in ({c.clause for c in never} - partly, {claim.clause for claim in known}):
            likely = (claim for claim in never or kind.claims if claim.clause in clauses)
            if found := next(likely, None):
                return found
    if turned_away:
        return plain[-1]
    return (never or kind.claims)[-1]


def evaluate(record: Record, question: Question) -> list[Outcome]:
    """What became of each clause, in the order of the clause ledger."""
    sums = add_up(record, question.selected if question.asked else frozenset())
    outcomes = []
    for clause in question.ledger.clauses:
        outcome = _outcome(clause, record, sums, question)
        outcome.requests = record.requests[clause.id]
        breaches, fresh = outcome.breaches, question.fresh
        outcome.plain = any(_is_plain(breach, clause, fresh) for breach in breaches)
        hearsay = (_hearsay(breach, fresh or outcome.plain) for breach in breaches)
        outcome.hearsay = min(hearsay, default=0)
        outcomes.append(outcome)
    return outcomes


def _is_plain(breach: Breach, clause: Clause, fresh: bool) -> bool:
    """Whether a breach shows by itself that the clause is broken."""
    if clause.plain == "again":
        return breach.entry.one_id_again and breach.case in clause.core
    if clause.plain != "alone" or not breach.mostly or breach.entry.steps:
        return False
    # What is not there on a fresh ledger, nothing that was put before has settled.
    return breach.case in clause.core or (fresh and breach.came == "200")


def _hearsay(breach: Breach, certain: bool) -> int:
    if breach.entry.steps:
        return 1
    certain = certain and breach.mostly
    return 2 if breach.came == "200" and breach.entry.expected == (201,) and not certain else 0


def _outcome(clause: Clause, record: Record, sums: Sums, question: Question) -> Outcome:
    gated = question.gated(clause)
    if clause.level is Level.OBSERVE:
        return _observed(clause, sums)
    if clause.id not in question.selected:
        return Outcome(clause, Status.NOT_SELECTED, gated)
    if clause.chapter == "document":
        held = question.checked_document
        status = Status.HELD if held else Status.NOT_ESTABLISHED
        return Outcome(clause, status, gated)
    cases = sums.cases.get(clause.id, {})
    breaches = sorted(sums.breaches.get(clause.id, []), key=lambda b: len(b.entry.steps))
    if breaches:
        return Outcome(clause, Status.BROKEN, gated, breaches=breaches, cases=cases)
    core = clause.blind if question.blind and clause.blind else clause.core
    missing = [case for case in core if cases.get(case) != "held"]
    outcome = Outcome(clause, Status.HELD, gated, cases=cases)
    if missing:
        outcome.status = Status.NOT_ESTABLISHED
        outcome.why = _why(clause, record, sums, missing, question.brief)
    elif clause.twin and clause.twin not in sums.accepted:
        outcome.status = Status.NOT_ESTABLISHED
        outcome.why = (
            "the same request without the fault was not accepted, so a refusal says little"
        )
    return outcome


def _why(clause: Clause, record: Record, sums: Sums, missing: Sequence[str], brief: bool) -> str:
    if clause.id in record.lacking:
        return record.lacking[clause.id]
    opened = [
        sums.open[Claim(clause.id, case)] for case in missing if Claim(clause.id, case) in sums.open
    ]
    if opened:
        return "open: " + "; ".join(opened[:3])
    if brief:
        return "beyond a smoke run"
    return "not put: " + ", ".join(missing[:3]) + (", ..." if len(missing) > 3 else "")


def _observed(clause: Clause, sums: Sums) -> Outcome:
    seen = {claim: came for claim, came in sums.seen.items() if claim.clause == clause.id}
    if not seen:
        return Outcome(clause, Status.NOT_SELECTED, False, "nothing that was sent showed it")
    words = [f"{claim.case}: " + ", ".join(sorted(came)) for claim, came in sorted(seen.items())]
    shown = "; ".join(words[:8]) + ("; ..." if len(words) > 8 else "")
    cases = {claim.case: ", ".join(sorted(came)) for claim, came in seen.items()}
    return Outcome(clause, Status.OBSERVED, False, shown, cases=cases)


# ------------------------------------------------------------------------- deviations


def same_way(words: str) -> str:
    """A breach as deviations compare it: which 2xx a fault got does not matter."""
    case, _, came = words.rpartition(": ")
    return f"{case}: {'2xx' if came in ('200', '201') else came}"


def excuse(outcomes: Iterable[Outcome], question: Question) -> list[str]:
    """Turn declared breaches into `deviates`; say of each stale declaration why it is stale."""
    stale = []
    by_id = {outcome.clause.id: outcome for outcome in outcomes}
    for deviation in question.deviations:
        outcome = by_id[deviation.clause]
        if outcome.status is Status.NOT_SELECTED:
            continue
        name = f"the deviation of {deviation.clause}"
        if question.today > deviation.until:
            stale.append(f"{name} was accepted until {deviation.until}, and that is over")
            continue
        declared = {same_way(words) for words in deviation.breaks}
        now = {same_way(breach.words): breach.words for breach in outcome.breaches}
        for words in sorted(declared - now.keys()):
            case = words.rpartition(": ")[0]
            if outcome.cases.get(case) == "held":
                stale.append(f"{name} is stale: {case!r} holds now")
            elif case in outcome.cases and outcome.cases[case].startswith("broken"):
                stale.append(
                    f"{name} is stale: {case!r} breaks otherwise now ({outcome.cases[case]})"
                )
        fresh = sorted(now[words] for words in now.keys() - declared)
        if fresh:
            outcome.why = "beyond the declared deviation: " + "; ".join(fresh)
        elif outcome.status is Status.BROKEN:
            outcome.status = Status.DEVIATES
            outcome.why = f"{deviation.reason} ({deviation.ticket}, until {deviation.until})"
    return stale


def named(outcomes: Iterable[Outcome]) -> list[str]:
    """The gated clauses that broke, the one that the cause belongs to first."""
    broken = [o for o in outcomes if o.status is Status.BROKEN and o.gated]

    def rank(outcome: Outcome) -> tuple[int, int, bool, bool]:
        causes = 0 if outcome.plain else len(_causes(outcome, broken))
        rarely = not any(breach.mostly or breach.entry.small for breach in outcome.breaches)
        secondary = outcome.clause.chapter in ("outcome", "answer") or rarely
        return causes, outcome.hearsay, secondary, outcome.clause.level is Level.SHOULD

    return [outcome.clause.id for outcome in sorted(broken, key=rank)]


def _causes(outcome: Outcome, broken: Sequence[Outcome]) -> set[str]:
    """The broken clauses that are the likelier cause of this one's breach."""
    by_id = {other.clause.id: other for other in broken}
    found: set[str] = set()
    stack = [outcome]
    while stack:
        looked_at = stack.pop()
        for id_ in looked_at.clause.after:
            if id_ in by_id and id_ not in found and _may_cause(by_id[id_].clause, looked_at):
                found.add(id_)
                stack.append(by_id[id_])
    return found - {outcome.clause.id}


def _may_cause(cause: Clause, outcome: Outcome) -> bool:
    """Whether what the clause is about stands in the requests of each of these breaches."""
    words = cause.carries.encode()
    return not words or all(breach.entry.carries(words) for breach in outcome.breaches)
