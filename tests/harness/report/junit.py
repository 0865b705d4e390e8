"""`junit.xml`: one test case a clause.

JUnit knows no expected failure: a deviation, and a breach that does not gate, are skipped with
a message that says so.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from . import words
from .model import ClauseVerdict, Evidence, Verdict

# ElementTree would declare the encoding of the locale; the file is written in UTF-8.
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'


def render(verdict: Verdict) -> str:
    """The XML, well-formed whatever the strings of the verdict hold."""
    suite = ET.Element("testsuite", name="contract")
    properties = {
        "verdict": words.word(verdict),
        "sentence": verdict.sentence,
        "target": verdict.target,
        "base_url": verdict.base_url,
        "profile": verdict.profile,
        "gate": verdict.gate,
        "document": verdict.document.sha256,
        "requests": str(verdict.requests),
        "findings": str(len(verdict.findings)),
    }
    _properties(suite, properties)
    for clause in verdict.clauses:
        if clause.status != "not-selected":
            _clause(suite, clause)
    for sentence in verdict.stale:
        name = _clean(sentence)
        case = ET.SubElement(suite, "testcase", classname="deviations", name=name)
        ET.SubElement(case, "failure", message=name).text = name
    if verdict.verdict == "undecided" or not verdict.complete:
        case = ET.SubElement(suite, "testcase", classname="run", name="verdict")
        message = _clean(f"{words.word(verdict)}: {verdict.sentence}")
        ET.SubElement(case, "error", message=message).text = message
    for name, tag in {
        "tests": "testcase",
        "failures": "failure",
        "errors": "error",
        "skipped": "skipped",
    }.items():
        suite.set(name, str(sum(1 for _ in suite.iter(tag))))
    suite.set("time", f"{verdict.seconds:.3f}")
    suite.set("timestamp", _clean(verdict.started))
    suites = ET.Element("testsuites", {"name": "contract", **_counts(suite)})
    suites.append(suite)
    ET.indent(suites)
    return f"{DECLARATION}\n{ET.tostring(suites, encoding='unicode')}\n"


def _counts(suite: ET.Element) -> dict[str, str]:
    names = ("tests", "failures", "errors", "skipped", "time")
    return {name: suite.get(name, "0") for name in names}


def _clause(suite: ET.Element, clause: ClauseVerdict) -> None:
    id_ = _clean(clause.id)
    case = ET.SubElement(suite, "testcase", classname=words.chapter(id_), name=id_)
    _properties(
        case,
        {
            "level": clause.level,
            "quote": clause.quote or clause.says,
            "gated": "true" if clause.gated else "false",
            "requests": str(clause.requests),
            "status": clause.status,
        },
    )
    if clause.status == "broken" and clause.gated:
        failure = ET.SubElement(case, "failure", message=_clean(_breaches(clause)))
        failure.text = _text(clause)
    elif clause.status == "broken":
        message = _clean(f"broken, not gated: {_breaches(clause)}")
        ET.SubElement(case, "skipped", message=message)
        ET.SubElement(case, "system-out").text = _text(clause)
    elif clause.status == "deviates":
        message = _clean(f"deviates: {clause.why or _breaches(clause)}")
        ET.SubElement(case, "skipped", message=message)
    elif clause.status == "not-established":
        reason = clause.why or "no reason was recorded"
        ET.SubElement(case, "skipped", message=_clean(f"not established: {reason}"))
    elif clause.status == "observed":
        ET.SubElement(case, "system-out").text = _clean(clause.why or clause.says)


def _breaches(clause: ClauseVerdict) -> str:
    """The broken classes of case on one line."""
    found = [f"{each.case}: {words.came(each)}" for each in words.witnesses(clause)]
    return "; ".join(found) or clause.why or clause.says


def _text(clause: ClauseVerdict) -> str:
    """What a reader of a failure needs: the clause, and each of its witnesses."""
    parts = [clause.says]
    if clause.quote and clause.quote != clause.says:
        parts.append(f'"{clause.quote}"')
    if clause.why:
        parts.append(clause.why)
    parts += [_witness(evidence) for evidence in words.witnesses(clause)]
    return "\n".join(words.visible(part, keep="\n") for part in parts)


def _witness(evidence: Evidence) -> str:
    lines = ["", f"{evidence.case}, {words.often(evidence)}"]
    lines += [f"before: {step.curl} -> {words.status_word(step.status)}" for step in evidence.steps]
    if evidence.request:
        lines.append(f"sent: {words.short(words.request_line(evidence.request))}")
    lines.append(f"came: {words.status_word(evidence.status)} {words.short(evidence.answer)}")
    reason = f" ({evidence.reason})" if evidence.reason else ""
    lines += [f"would have conformed: {words.expected(evidence)}{reason}", evidence.curl]
    return "\n".join(lines)


def _properties(parent: ET.Element, values: dict[str, str]) -> None:
    properties = ET.SubElement(parent, "properties")
    for name, value in values.items():
        ET.SubElement(properties, "property", name=name, value=_clean(value))


def _clean(text: str) -> str:
    """A text on one line; what XML forbids is among what is made visible."""
    return words.visible(text)
