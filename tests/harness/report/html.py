"""`report.html`: one self-contained page, readable without JavaScript."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..clauses import ClauseLedger
from ..document import Document
from . import marked, words
from .model import ClauseVerdict, StatusWord, Verdict

if TYPE_CHECKING:
    from jinja2 import Template

SIGNS: dict[StatusWord, str] = {
    "held": "✓",
    "broken": "✗",
    "deviates": "≈",
    "not-established": "?",
    "observed": "○",
    "not-selected": "\N{EN DASH}",
}
"""A sign for each status, so that none is told by its colour alone."""

VERDICT_SIGNS = {"conforms": "✓", "partial": "◐", "broken": "✗", "undecided": "?"}

PAGE = "page.html.j2"

LONG = 1200
"""Characters of a request or an answer that are shown; the curl line has all of a request."""


def render(verdict: Verdict, ledger: ClauseLedger, document: Document) -> str:
    """The page. Whatever came from a server or a file is escaped and made visible."""
    statuses = {clause.id: clause.status for clause in verdict.clauses}
    counts = words.put(words.tally(verdict))
    broken = words.gated_first(verdict)
    return _template().render(
        verdict=verdict,
        words=words,
        names=words.NAMES,
        signs=SIGNS,
        sign=VERDICT_SIGNS[verdict.verdict],
        columns=words.COLUMNS,
        counts=counts,
        totals={status: sum(c[status] for c in counts.values()) for status in words.COLUMNS},
        titles=ledger.chapters,
        parts=marked.parts(document, ledger, statuses),
        known=statuses,
        broken=broken,
        others=_by_chapter(verdict),
        unput=words.with_status(verdict, "not-selected"),
        deviating=words.with_status(verdict, "deviates"),
        missing=words.with_status(verdict, "not-established"),
        case_status=_case_status,
        case_words=_case_words,
        bars=_bars,
        cut=_cut,
    )


@cache
def _template() -> Template:
    # Imported late: a run without a report folder does not need it.
    from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    code = Path(__file__).with_name("__pycache__")
    if code.is_dir() and not sys.dont_write_bytecode:
        environment.bytecode_cache = FileSystemBytecodeCache(str(code))
    try:
        return environment.get_template(PAGE)
    except OSError:  # there is no place to keep it
        environment.bytecode_cache = None
        return environment.get_template(PAGE)


def _shown(value: Any) -> Any:
    """Every value on its way into the page; only the template's own markup passes as it is."""
    if isinstance(value, str) and not hasattr(value, "__html__"):
        return words.visible(value, keep="\n")
    return value


def _by_chapter(verdict: Verdict) -> dict[str, list[ClauseVerdict]]:
    """What is neither broken nor left out, by chapter; what needs a reader's eye first."""
    found: dict[str, list[ClauseVerdict]] = {}
    for clause in verdict.clauses:
        if clause.status not in ("broken", "not-selected"):
            found.setdefault(words.chapter(clause.id), []).append(clause)
    for clauses in found.values():
        clauses.sort(key=lambda clause: marked.WORST.index(clause.status))
    return found


def _case_status(shown: str) -> StatusWord:
    if shown == "held":
        return "held"
    return "broken" if shown.startswith("broken") else "not-established"


def _case_words(case: str, shown: str) -> str:
    """What a case showed, without the name of the case in front of it."""
    return shown.removeprefix(f"{case}: ")


def _bars(clause: ClauseVerdict) -> list[tuple[str, int, float]]:
    """Answers by status, each with its share of the longest bar in percent."""
    longest = max(clause.statuses.values(), default=0) or 1
    return [
        (status, count, round(100 * count / longest, 1))
        for status, count in sorted(clause.statuses.items())
    ]


def _cut(text: str) -> str:
    """A request or an answer, shortened with a word about how much is left out."""
    if len(text) <= LONG:
        return text
    return f"{text[:LONG]}\n… and {len(text) - LONG:,} more characters"
