"""What all reports share: how a status is written, how clauses are counted and in which order."""

from __future__ import annotations

import shlex
import unicodedata
from collections import Counter
from collections.abc import Iterable

from msgspec import structs

from ..wire import NO_ANSWER
from .model import ClauseVerdict, Evidence, SentRequest, StatusWord, Verdict

COLUMNS: tuple[StatusWord, ...] = ("held", "broken", "deviates", "not-established", "observed")
"""The statuses that are counted by chapter."""

NAMES: dict[StatusWord, str] = {
    "held": "held",
    "broken": "broken",
    "deviates": "deviates",
    "not-established": "not established",
    "observed": "observed",
    "not-selected": "not selected",
}

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories of characters that a reader does not see, or that move what stands beside them."""

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def visible(text: str, keep: str = "") -> str:
    r"""A text with its control and formatting characters as escapes, such as \x1b; `keep` stay."""
    if text.isprintable():
        return text
    return "".join(
        character if character in keep or not _hidden(character) else _escaped(character)
        for character in text
    )


def _hidden(character: str) -> bool:
    # U+FFFE and its like are no characters at all, and XML forbids two of them.
    if (ord(character) & 0xFFFE) == 0xFFFE or "\ufdd0" <= character <= "\ufdef":
        return True
    return unicodedata.category(character) in _HIDDEN


def _escaped(character: str) -> str:
    number = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    if number <= 0xFF:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"


def short(text: str, most: int = 300) -> str:
    """A text on one line with everything visible, cut where it is long."""
    # Cut first: an answer may be megabytes, and escapes only make it longer.
    shown = visible(text[: most + 1])
    return shown if len(shown) <= most else shown[: most - 3] + "..."


def chapter(clause: str) -> str:
    """The part of a clause's id before the dot."""
    return clause.partition(".")[0]


def tally(verdict: Verdict) -> dict[str, Counter[StatusWord]]:
    """How many clauses of each chapter have each status; chapters in the verdict's order."""
    counts: dict[str, Counter[StatusWord]] = {}
    for clause in verdict.clauses:
        counts.setdefault(chapter(clause.id), Counter())[clause.status] += 1
    return counts


def put(counts: dict[str, Counter[StatusWord]]) -> dict[str, Counter[StatusWord]]:
    """The chapters of which anything was put at all."""
    return {
        name: counted
        for name, counted in counts.items()
        if any(counted[status] for status in COLUMNS)
    }


def gated_first(verdict: Verdict) -> list[ClauseVerdict]:
    """The broken clauses: gated ones in the verdict's order, the cause first; then the others."""
    rank = {id_: place for place, id_ in enumerate(verdict.broken)}
    broken = [clause for clause in verdict.clauses if clause.status == "broken"]
    return sorted(broken, key=lambda clause: rank.get(clause.id, len(rank)))


def with_status(verdict: Verdict, *statuses: StatusWord) -> list[ClauseVerdict]:
    """The clauses of some statuses, in the verdict's order."""
    return [clause for clause in verdict.clauses if clause.status in statuses]


def by_reason(clauses: Iterable[ClauseVerdict]) -> dict[str, list[str]]:
    """Ids of clauses under the reason that they share."""
    groups: dict[str, list[str]] = {}
    for clause in clauses:
        groups.setdefault(clause.why or "no reason was recorded", []).append(clause.id)
    return groups


def word(verdict: Verdict) -> str:
    """The verdict's word, and that the run did not end where it did not."""
    return verdict.verdict if verdict.complete else f"{verdict.verdict} (incomplete)"


def expected(evidence: Evidence) -> str:
    """The statuses that would have conformed, in words."""
    statuses = [str(status) for status in evidence.expected]
    if not statuses:
        return "no status"
    *rest, last = statuses
    return f"{', '.join(rest)} or {last}" if rest else last


def came(evidence: Evidence) -> str:
    """What came back, in a word."""
    return evidence.came or status_word(evidence.status)


def witnesses(clause: ClauseVerdict) -> list[Evidence]:
    """One witness, the smallest, of each class of case and what came for it; counts are summed."""
    found: dict[tuple[str, str], Evidence] = {}
    for each in clause.evidence:
        same = found.setdefault((each.case, came(each)), each)
        if same is not each:
            smallest = min(same, each, key=lambda one: (len(one.steps), len(one.curl)))
            together = same.times + each.times
            found[each.case, came(each)] = structs.replace(smallest, times=together)
    return list(found.values())


def status_word(status: int | None) -> str:
    """A status, or that no answer came."""
    return NO_ANSWER if status is None else str(status)


def often(evidence: Evidence) -> str:
    """How often a class of case broke, and held."""
    held = f", held {times(evidence.held)}" if evidence.held else ""
    return times(evidence.times) + held


def times(number: int) -> str:
    """How often something was seen."""
    return "once" if number == 1 else f"{number:,} times"


def curls(evidence: Evidence) -> str:
    """The curl lines that send it once more, after what was sent before it and matters."""
    before = [step.curl for step in evidence.steps if step.related and not step.beside]
    return "\n".join([*before, evidence.curl])


def once_more(evidence: Evidence) -> str:
    """What stands over those lines."""
    beside = any(step.beside for step in evidence.steps)
    return "to send it once more" + (", at the same instant: `--replay`" if beside else "")


def request_body(request: SentRequest) -> str:
    """The body of a request for a reader; empty where none was sent."""
    if request.body is not None:
        return request.body or "(a body of zero bytes)"
    if request.body_base64 is not None:
        return f"(no UTF-8 text; in base64) {request.body_base64}"
    return ""


def request_line(request: SentRequest) -> str:
    """Method, path and body of a request."""
    return f"{request.method} {request.path} {request_body(request) or '(no body)'}"


def replay(verdict: Verdict, clause: str) -> str:
    """The command that sends the witnesses of a clause again."""
    target = shlex.quote(visible(verdict.target_option or verdict.target))
    return (
        f"pytest tests/contract --target {target} --replay REPORT_DIR"
        f" --clause {shlex.quote(visible(clause))}"
    )


def weather(verdict: Verdict) -> str:
    """What kept answers from coming, in words."""
    seen = [f"{what}: {count:,}" for what, count in verdict.weather.items() if count]
    return ", ".join(seen) or "fair: every request was answered"


def ledger(verdict: Verdict) -> str:
    """How many known transactions there were, in words."""
    known = verdict.ledger
    if not known.known and not known.used:
        return "no transactions were known"
    whose = f" in {known.accounts} accounts" if known.accounts > 1 else ""
    return f"{known.known:,} known{whose}, {known.used:,} used, {known.left:,} left"


def effort(verdict: Verdict) -> str:
    """What was sent, what was in the way, and what became of the known transactions."""
    weather = [f"{visible(w)}: {count:,}" for w, count in verdict.weather.items() if count]
    parts = [f"{verdict.requests:,} requests in {verdict.seconds:.1f} s", *weather]
    if verdict.ledger.known:
        parts.append(f"known transactions: {ledger(verdict)}")
    return "; ".join(parts)


def selected(verdict: Verdict) -> str:
    """Which clauses were asked for, in words."""
    if verdict.selected in ([], ["*"]):
        return "every clause of the profile"
    return ", ".join(verdict.selected)
