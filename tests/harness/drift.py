"""What the published page says now that the pinned one does not, in terms of clauses.

    python -m tests.harness.drift [--page ADDRESS|FILE] [--take-over]

Ends with 0 where nothing changed, 1 where something did, 6 where the page cannot be had or holds
no document. `--take-over` writes the page, and the document in it, into `spec/` byte for byte,
names them in `clauses.yaml`, and ends with 0. Nothing else in the suite depends on any of this.
"""

from __future__ import annotations

import argparse
import copy
import datetime as dt
import hashlib
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from . import clauses, document
from .changes import Change, changes, is_prose, shown
from .clauses import Clause, ClauseLedger, Rest
from .document import SPEC, Json
from .errors import UsageError
from .publication import NoPageError, extract, fetch, parse
from .report.write import replace

PAGE, DOCUMENT, OVERLAY, LEDGER = (
    "generate-test-report.md",
    "billing.yaml",
    "corrections.overlay.yaml",
    "clauses.yaml",
)


@dataclass
class Drift:
    """All that changed between two pages."""

    changes: list[Change] = field(default_factory=list)
    fallen: dict[str, list[str]] = field(default_factory=dict)
    """Clauses whose words or values do not stand any more, in the ledger's order, and where."""
    beside: dict[str, list[str]] = field(default_factory=dict)
    """Clauses that rest beside what changed, and where."""
    corrections: list[str] = field(default_factory=list)
    """What each correction that no longer applies says about it."""
    outside: list[str] = field(default_factory=list)
    """Lines of the page around the document that came or went."""
    rewritten: bool = False
    """The page is another in its bytes."""


# ----------------------------------------------------------------------------- comparing


def compare(pinned: bytes, page: bytes, ledger: ClauseLedger, overlay: Json) -> Drift:
    """What changed from the pinned page to another.

    Raises:
        NoPageError: a page holds no document.
    """
    (old_text, old_around), (new_text, new_around) = extract(pinned), extract(page)
    old, new = parse(old_text), parse(new_text)
    found = changes(old, new)
    fallen, beside = touched(found, old, new, ledger)
    return Drift(
        changes=found,
        fallen=fallen,
        beside=beside,
        corrections=list(failing(overlay, new)),
        outside=list(_outside(old_around, new_around)),
        rewritten=pinned != page,
    )


def _outside(old: bytes, new: bytes) -> Iterator[str]:
    before, after = (text.decode("utf-8", "replace").splitlines() for text in (old, new))
    yield from (f"gone   {shown(line)}" for line in before if line not in after)
    yield from (f"added  {shown(line)}" for line in after if line not in before)


def failing(overlay: Json, new: Json) -> Iterator[str]:
    """What is wrong with each correction that the document no longer takes."""
    corrected = copy.deepcopy(new)
    for action in overlay["actions"]:
        one = {**overlay, "actions": [action]}
        try:
            document.apply(corrected, one, OVERLAY)
        except UsageError as error:
            target = str(action["target"])
            yield f"{target} {str(error).partition(f'({target}) ')[2] or error}"


# ------------------------------------------------------------------------------- clauses


def touched(
    found: Sequence[Change], old: Json, new: Json, ledger: ClauseLedger
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The clauses that changes touch, each with the places.

    Returns:
        The clauses whose words or values do not stand any more; and those that rest on a place
        of which something else changed, or beside it.
    """
    operation = ledger.document.operation
    waived = {_pointer(waiver.at, operation) for waiver in ledger.waived}
    places = {
        clause.id: {_pointer(rest.at, operation) for rest in clause.rests}
        for clause in ledger.clauses
    }
    near = {change.at: _near(change.at, places) for change in found if change.at not in waived}
    fallen: dict[str, list[str]] = {}
    beside: dict[str, list[str]] = {}
    for clause in ledger.clauses:
        if lost := dict(_fallen(clause, operation, old, new)):
            fallen[clause.id] = [f"{at}: {what}" for at, what in lost.items()]
            continue
        beside[clause.id] = [
            f"{change.at}: {change.kind}, {shown(change.value)}"
            for change in found
            if change.at in places[clause.id] or clause.id in near.get(change.at, ())
        ]
    return fallen, {id_: changed for id_, changed in beside.items() if changed}


def _fallen(clause: Clause, operation: str, old: Json, new: Json) -> Iterator[tuple[str, str]]:
    """The places where what a clause rests on stood, and does not any more."""
    for rest in clause.rests:
        at = _pointer(rest.at, operation)
        if not stands(rest, at, old) or stands(rest, at, new):
            continue
        if rest.absent:
            yield at, "nothing stood there"
        elif rest.keys:
            yield at, f"{', '.join(rest.keys)} stood there"
        else:
            yield at, f"{shown(rest.quote)} stood there"


def _near(at: str, places: dict[str, set[str]]) -> set[str]:
    """The clauses that rest on the closest siblings of a place on which none rests."""
    if any(at in rested for rested in places.values()):
        return set()
    while at:
        at = at.rpartition("/")[0]
        near = {
            id_
            for id_, rested in places.items()
            if at and any(place.rpartition("/")[0] == at for place in rested)
        }
        if near:
            return near
    return set()


def stands(rest: Rest, at: str, content: Json) -> bool:
    """Whether what a clause rests on stands in a document."""
    try:
        value = _find(content, at)
    except LookupError:
        return rest.absent
    if rest.absent:
        return False
    if rest.keys:
        return isinstance(value, dict) and {str(key) for key in value} == set(rest.keys)
    if rest.quote is None:
        return True
    if isinstance(value, dict):
        return rest.quote in value
    if isinstance(value, str):
        quote, text = " ".join(str(rest.quote).split()), " ".join(value.split())
        return quote in text if is_prose(at, value) else quote == text
    return str(value) == str(rest.quote)


def _pointer(at: str, operation: str) -> str:
    """A place of the ledger as a pointer into the whole document."""
    return re.sub(r"^post(?=/|$)", lambda _: operation, at)


def _find(value: Json, pointer: str) -> Json:
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        try:
            value = value[int(name) if isinstance(value, list) else name]
        except (KeyError, ValueError, IndexError, TypeError):
            raise LookupError(pointer) from None
    return value


# --------------------------------------------------------------------------------- words


def report(drift: Drift, ledger: ClauseLedger, page: str) -> Iterator[str]:
    """The drift in lines, the clauses first; nothing in them acts on a terminal."""
    yield from map(_visible, _report(drift, ledger, page))


def _visible(line: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in line)


def _report(drift: Drift, ledger: ClauseLedger, page: str) -> Iterator[str]:
    if not drift.rewritten:
        yield f"{page} is what was taken on {ledger.document.taken}."
        return
    yield f"{page} is not what was taken on {ledger.document.taken}."
    fallen, beside = (_clauses(found, ledger) for found in (drift.fallen, drift.beside))
    yield from _chapter("Clauses to write again: what they rest on is gone", fallen)
    yield from _chapter("Clauses to look at again: they rest beside what changed", beside)
    corrections = "Corrections that no longer apply (corrections.overlay.yaml)"
    yield from _chapter(corrections, drift.corrections)
    lines = [change.line() for change in drift.changes]
    yield from _chapter("Keywords and sentences", lines)
    yield from _chapter("Around the document", drift.outside)
    if not (drift.fallen or drift.beside or drift.corrections):
        yield from ("", "No clause rests on what changed.")


def _clauses(found: dict[str, list[str]], ledger: ClauseLedger) -> list[str]:
    return [
        line
        for id_, places in found.items()
        for line in (
            f"{id_} ({ledger[id_].level}): {ledger[id_].says}",
            *(f"    {place}" for place in places),
        )
    ]


def _chapter(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield f"{title}:"
        yield from (f"  {line}" for line in lines)


# --------------------------------------------------------------------------- the command


def take_over(page: bytes, spec: Path, today: dt.date) -> None:
    """Write a page and its document into `spec`, and name them in the clause ledger.

    Raises:
        NoPageError: the page holds no document; nothing is written.
        UsageError: the clause ledger has no place for the names; nothing is written.
    """
    content, _ = extract(page)
    parse(content)
    path = spec / LEDGER
    text = path.read_bytes().decode()
    digest = hashlib.sha256(content).hexdigest()
    for key, value in (("taken", today.isoformat()), ("sha256", digest)):
        text, times = re.subn(rf"(?m)^(  {key}: )\S+", rf"\g<1>{value}", text, count=1)
        if not times:
            raise UsageError(f"{path.name}: document.{key} is not there")
    replace(spec / PAGE, page)
    replace(spec / DOCUMENT, content)
    replace(path, text.encode())


def main(arguments: Sequence[str] | None = None, spec: Path = SPEC) -> int:
    """Compare, tell, and take over where that is asked."""
    parser = argparse.ArgumentParser(prog="python -m tests.harness.drift")
    parser.add_argument("--page", help="address or file; default: where the pinned one is from")
    parser.add_argument("--take-over", action="store_true", help="write the page into spec/")
    options = parser.parse_args(arguments)
    try:
        ledger = clauses.load(spec)
        source = options.page or f"{ledger.document.source}.md"
        page = fetch(source)
        pinned = (spec / PAGE).read_bytes()
        drift = compare(pinned, page, ledger, document.read_yaml(spec / OVERLAY))
        if options.take_over and drift.rewritten:
            take_over(page, spec, dt.datetime.now(dt.UTC).date())
    except (UsageError, OSError) as error:
        print(_visible(str(error)), file=sys.stderr)
        return 4
    except NoPageError as error:
        print(_visible(str(error)), file=sys.stderr)
        return 6
    print("\n".join(report(drift, ledger, source)))
    if options.take_over and drift.rewritten:
        print(f"\nTaken over into {spec.name}/: {PAGE}, {DOCUMENT}, and their names in {LEDGER}.")
        return 0
    return int(drift.rewritten)


if __name__ == "__main__":
    sys.exit(main())
