"""The clause ledger: `spec/clauses.yaml` as types.

Raises `UsageError` (exit 4) where the file does not have the shape it must have.
"""

from __future__ import annotations

import datetime as dt
import re
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal, get_args

import msgspec

from .document import SPEC, read_yaml
from .errors import UsageError


class Level(StrEnum):
    """What a clause rests on; all but OBSERVE can gate."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    IMPLIED = "IMPLIED"
    OBSERVE = "OBSERVE"


class Rest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place in the document and what stands there: words, a value, keys, or nothing."""

    at: str
    quote: str | int | None = None
    keys: tuple[str, ...] = ()
    absent: bool = False


class Waiver(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place in the document on which no clause rests, and why."""

    at: str
    reason: str


class Clause(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One clause of the contract."""

    id: str
    level: Level
    says: str
    needs: tuple[str, ...] = ()
    rests: tuple[Rest, ...] = ()
    core: tuple[str, ...] = ()
    depth: tuple[str, ...] = ()
    blind: tuple[str, ...] = ()
    twin: str | None = None
    after: tuple[str, ...] = ()
    carries: str = ""
    plain: Literal["", "alone", "again"] = ""

    @property
    def chapter(self) -> str:
        """The part of the id before the dot."""
        return self.id.partition(".")[0]

    @property
    def quote(self) -> str:
        """The words and the keywords of the document that the clause rests on, joined."""
        quoted = []
        for rest in self.rests:
            keyword = rest.at.rpartition("/")[2]
            if rest.absent:
                quoted.append(f"no {keyword}")
            elif rest.keys:
                quoted.append(f"{keyword}: {', '.join(rest.keys)}")
            elif keyword == "description":
                quoted.append(str(rest.quote))
            elif keyword != "$ref" and not keyword.isdigit():
                quoted.append(f"{keyword}: {rest.quote}")
        return " … ".join(dict.fromkeys(quoted)) or self.says


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where and when the published page was taken, and the hash of the document in it."""

    source: str
    taken: dt.date
    operation: str
    sha256: str


class ClauseLedger(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All clauses, in the order in which they are put and reported."""

    document: Source
    profiles: dict[str, tuple[str, ...]]
    chapters: dict[str, str]
    clauses: tuple[Clause, ...]
    waived: tuple[Waiver, ...] = ()

    def __getitem__(self, clause: str) -> Clause:
        return next(entry for entry in self.clauses if entry.id == clause)

    def __contains__(self, clause: object) -> bool:
        return any(entry.id == clause for entry in self.clauses)

    def matching(self, pattern: str) -> list[str]:
        """The ids that a glob matches.

        Raises:
            UsageError: it matches none.
        """
        found = [clause.id for clause in self.clauses if fnmatchcase(clause.id, pattern)]
        if not found:
            raise UsageError(f"no clause matches {pattern!r}; --list-clauses shows all")
        return found


def load(folder: Path = SPEC) -> ClauseLedger:
    """Read the clause ledger and check that it agrees with itself."""
    path = folder / "clauses.yaml"
    ledger: ClauseLedger = convert(read_yaml(path), ClauseLedger, path.name)
    seen: set[str] = set()
    for clause in ledger.clauses:
        where = f"{path.name}: {clause.id}"
        if clause.id in seen:
            raise UsageError(f"{where} stands twice")
        seen.add(clause.id)
        if clause.chapter not in ledger.chapters:
            raise UsageError(f"{where}: no chapter {clause.chapter!r}")
        for other in (*clause.after, *filter(None, [clause.twin])):
            if other not in ledger:
                raise UsageError(f"{where}: no clause {other!r}")
    return ledger


def convert(value: Any, type_: type[Any], name: str) -> Any:
    """A plain value as a typed one.

    Raises:
        UsageError: with the key at fault, and what would be right.
    """
    try:
        return msgspec.convert(value, type_)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$")
        key = where.rstrip("`").lstrip(".")
        if "unknown field" in what:
            what += f"; there are {', '.join(_keys(type_, key))}"
        raise UsageError(f"{name}: {key or 'the whole file'}: {what}") from None


def _keys(type_: Any, path: str) -> list[str]:
    """The keys of a table, by the names on the way to it."""
    for name in re.findall(r"[a-z_]+", path):
        (hint,) = (f.type for f in msgspec.structs.fields(type_) if f.name == name)
        type_ = next(t for t in (hint, *get_args(hint)) if hasattr(t, "__struct_fields__"))
    return list(type_.__struct_fields__)
