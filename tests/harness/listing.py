"""`--list-clauses`: the clause ledger, for people."""

from __future__ import annotations

import textwrap

from . import clauses

WIDTH = 100


def clauses_text() -> str:
    """All clauses by chapter: id, level, what a target must have, what it says."""
    ledger = clauses.load()
    lines = []
    for chapter, title in ledger.chapters.items():
        lines += ["", f"{chapter}: {title}"]
        for clause in ledger.clauses:
            if clause.chapter != chapter:
                continue
            needs = f" [{', '.join(clause.needs)}]" if clause.needs else ""
            head = f"  {clause.id:<30}{clause.level.value:<9}"
            body = textwrap.wrap(clause.says + needs, WIDTH - len(head))
            lines += [head + body[0], *(" " * len(head) + more for more in body[1:])]
    return "\n".join(lines).strip() + "\n"
