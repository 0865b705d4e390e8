"""`--propose-deviations`: entries for what broke now, ready to be reviewed."""

from __future__ import annotations

import json

from .record import Record
from .verdict import Question, Status, evaluate, excuse

HEAD = """# Proposed by --propose-deviations. Each entry says how a clause breaks now; why that is
# accepted, where it is tracked and until when is for you to say: all three are required.
"""


def render(record: Record, question: Question) -> str:
    """Deviations in TOML, one for each clause that broke undeclared; it fills in no reason."""
    outcomes = evaluate(record, question)
    excuse(outcomes, question)
    entries = []
    for outcome in outcomes:
        if outcome.status is not Status.BROKEN:
            continue
        breaks = sorted({breach.words for breach in outcome.breaches})
        listed = ",\n".join(f"    {json.dumps(words, ensure_ascii=False)}" for words in breaks)
        entries.append(
            "\n[[deviations]]\n"
            f'clause = "{outcome.clause.id}"\n'
            f"breaks = [\n{listed},\n]\n"
            'reason = ""\n'
            'ticket = ""\n'
            "# until = 2027-03-31\n"
        )
    return HEAD + "".join(entries)
