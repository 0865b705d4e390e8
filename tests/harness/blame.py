"""Which clause each breach belongs to: pure, and the same whatever the order of requests was."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from .grading import Kind, Sign
from .oracle import Claim
from .record import Entry, Record


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
    seen: dict[Claim, set[str]] = field(default_factory=lambda: defaultdict(set))
    """What came where it is only observed."""
    breaches: dict[str, list[Breach]] = field(default_factory=lambda: defaultdict(list))


def add_up(record: Record, asked: frozenset[str] = frozenset()) -> Sums:
    """Decide which clause each breach belongs to: one cause, one finding.

    The plainest requests are looked at first, since what they show explains the others (`_blame`).
    Where some clauses alone are asked for, a breach that may be theirs is theirs: blamed on
    another, it would not be seen.
    """
    sums = Sums()
    broken = _take(record, sums)
    for claim, why in sums.open.items():
        sums.cases[claim.clause][claim.case] = why
    for claim in sums.held:
        sums.cases[claim.clause].setdefault(claim.case, "held")
    _lay_blame([(_asked_for(kind, asked), entry) for kind, entry in broken], sums)
    return sums


def _take(record: Record, sums: Sums) -> list[tuple[Kind, Entry]]:
    """Sort what was seen into the sums; what broke is given back, for it is nobody's yet."""
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
            broken.append((kind, entry))
        elif sign is Sign.SEEN:
            for claim in kind.claims:
                sums.seen[claim].add(kind.came)
        elif sign is not Sign.HELD:
            # Of a token that is dead nothing is left open but whether it is.
            for claim in kind.claims[:1] if sign is Sign.OTHER else kind.claims:
                sums.open[claim] = f"{claim.case}: {kind.came}"
    return broken


def _asked_for(kind: Kind, asked: Collection[str]) -> Kind:
    """The kind with the claims of clauses that were asked for alone, where it makes any."""
    theirs = tuple(claim for claim in kind.claims if claim.clause in asked)
    return kind._replace(claims=theirs) if theirs else kind


def _lay_blame(broken: Sequence[tuple[Kind, Entry]], sums: Sums) -> None:
    """Give each breach to one claim."""
    times: Counter[Claim] = Counter()
    for kind, entry in broken:
        times.update(dict.fromkeys(kind.claims, entry.count))
    known: set[Claim] = set()
    came: dict[Claim, set[str]] = defaultdict(set)
    for kind, entry in _plainest_first(broken, sums.held):
        blamed = _blame(kind, known, sums.held)
        known.add(blamed)
        held = sums.held[blamed]
        breach = Breach(blamed.case, kind.came, entry, times[blamed] > held, held)
        _note(sums.breaches[blamed.clause], breach)
        came[blamed].add(kind.came)
    for claim, answers in came.items():
        sums.cases[claim.clause][claim.case] = f"broken: {', '.join(sorted(answers))}"


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


AGAIN = "the last days again and again"
"""The class of case of a series of requests, each of which takes all of the last days."""

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
