"""The document: pinned, valid, corrected; a broken file is a usage error with file and place."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema_rs
import pytest

from ..harness import clauses, document
from ..harness.errors import UsageError
from .helpers import CLAUSES, DOCUMENT

SOURCE, OVERLAY, LEDGER = "billing.yaml", "corrections.overlay.yaml", "clauses.yaml"
OPTIONS = jsonschema_rs.Draft4Validator(
    DOCUMENT.corrected["components"]["schemas"]["TestReportOptions"], validate_formats=True
)
IDS = ["T12345678.aaaabbbbccccddddeeee01"]
RANGE = {"start_date": "1990-06-11", "end_date": "1990-06-12"}


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """A copy of spec/ that a test may break."""
    return shutil.copytree(document.SPEC, tmp_path / "spec")


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_the_document_is_byte_for_byte_what_stands_in_the_fence_of_the_page() -> None:
    page = (document.SPEC / "generate-test-report.md").read_bytes()
    (fenced,) = re.findall(rb"^(`{3,})ya?ml[^\n]*\n(.*?)^\1$", page, re.MULTILINE | re.DOTALL)
    assert fenced[1] == (document.SPEC / SOURCE).read_bytes()


def test_the_document_is_the_one_whose_hash_the_clause_ledger_pins() -> None:
    digest = hashlib.sha256((document.SPEC / SOURCE).read_bytes()).hexdigest()
    assert digest == CLAUSES.document.sha256 == DOCUMENT.sha256


def test_the_operation_that_the_clause_ledger_names_is_the_one_of_the_document() -> None:
    escaped = DOCUMENT.path.replace("/", "~1")
    assert CLAUSES.document.operation == f"/paths/{escaped}/post"


def test_both_forms_of_the_document_are_valid() -> None:
    document.validate(DOCUMENT)
    assert DOCUMENT.published != DOCUMENT.corrected


def test_the_corrections_leave_the_published_form_as_it_is() -> None:
    assert DOCUMENT.published == document.read_yaml(document.SPEC / SOURCE)


def test_the_rules_are_the_numbers_of_the_document() -> None:
    rules = DOCUMENT.rules()
    assert rules.account_pattern.pattern == "^[PT][0-9]{8}$"
    assert rules.account_lengths == (9, 9)
    assert (rules.ids_maximum, rules.count_minimum, rules.count_maximum) == (1000, 1, 10000)
    assert rules.range_required == ("start_date", "end_date")
    assert rules.media_type == "application/json"
    assert rules.statuses == {200, 201, 400, 401, 403, 500}


# --------------------------------------------------------------------------- broken files

X_WAS = r"x-was: '^[PT]{1}\d{8}$'"
FIRST = "$.components.parameters.accountId.schema.format"


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (FIRST, "$.components.parameters.accountId.schema.pattern", "action 1 "),
        (FIRST, "$.components.nothing.schema.format", "action 1 "),
        (FIRST, "$.servers.url", "action 1 "),
        (FIRST, "$.components.parameters.*", "is not a plain path"),
        (FIRST, "$..schema", "is not a plain path"),
        (FIRST, "$.servers[0]", "is not a plain path"),
        (FIRST, "$", "is not a plain path"),
        (FIRST, "5", "not an OpenAPI Overlay"),
        (X_WAS, "x-was: '^[PT]{1}$'", "action 1 "),
        ("remove: true", "remove: false", "action 1 "),
        ("remove: true", "remove: 'yes'", "action 1 "),
        ("remove: true", "update: text", "action 1 "),
        ("remove: true", "update: {a: 1}", "action 1 "),
        ("maxLength: 9}", "maxLength: 10}", "action 2 "),
        ("update:\n      pattern: ^[PT][0-9]{8}$", "update: [pattern]", "action 2 "),
        ("x-was: 10", "x-was: 11", "action 5 "),
        ("actions:", "steps:", "not an OpenAPI Overlay"),
        ("  - target: $.components.parameters.accountId.schema.format", "  - aim: 1", "target"),
        ("overlay: 1.0.0", "overlay: [", "line"),
        ("overlay: 1.0.0", "overlay: \t- 1", "line"),
    ],
)
def test_a_broken_overlay_is_a_usage_error_with_its_place(
    spec: Path, old: str, new: str, place: str
) -> None:
    replaced(spec / OVERLAY, old, new)
    with pytest.raises(UsageError) as caught:
        document.load(spec)
    assert OVERLAY in str(caught.value)
    assert place in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", ["", "[]", "text", "5", "null"])
@pytest.mark.parametrize("name", [SOURCE, OVERLAY])
def test_a_file_of_the_document_that_is_no_mapping_is_a_usage_error(
    spec: Path, name: str, content: str
) -> None:
    (spec / name).write_text(content, "utf-8")
    with pytest.raises(UsageError, match=re.escape(name)):
        document.load(spec)


@pytest.mark.parametrize("content", [b"a: [1", b"\xff\xfe\x00", b"a: \x00", b"a: b: c", b"&a [*b]"])
@pytest.mark.parametrize(
    ("name", "load"), [(SOURCE, document.load), (OVERLAY, document.load), (LEDGER, clauses.load)]
)
def test_a_file_that_is_no_yaml_is_a_usage_error(
    spec: Path, name: str, load: Callable[[Path], Any], content: bytes
) -> None:
    (spec / name).write_bytes(content)
    with pytest.raises(UsageError, match=f"{re.escape(name)}.*not YAML"):
        load(spec)


@pytest.mark.parametrize(
    ("name", "load"), [(SOURCE, document.load), (OVERLAY, document.load), (LEDGER, clauses.load)]
)
def test_a_missing_file_is_a_usage_error(
    spec: Path, name: str, load: Callable[[Path], Any]
) -> None:
    (spec / name).unlink()
    with pytest.raises(UsageError, match=f"{re.escape(name)}: cannot be read"):
        load(spec)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("openapi: 3.0.0", "openapi: 3.0.0\nunknown: 1", "unknown"),
        ("title: Billing API", "titel: Billing API", "/info"),
        ("      in: path", "      in: nowhere", "parameters"),
        ("          type: integer", "          type: integral", "TestReportOptions"),
        ("          maxItems: 1000", "          maxItems: many", "TestReportOptions"),
        ("      responses:\n", "      answers:\n", "post"),
        (
            "            - T12345678.aaaabbbbccccddddeeee01\n",
            "            - 5\n",
            "transaction_ids",
        ),
        ("          example: 10\n", "          example: '10'\n", "number_of_transactions"),
        ("          maximum: 10000\n", "          maximum: 9\n", "number_of_transactions"),
        ("              example: '2025-12-01'", "              example: 5", "start_date"),
        ("parameters/accountId'", "parameters/nothing'", SOURCE),
        ("responses/BadRequest'", "responses/Nothing'", SOURCE),
    ],
)
def test_an_invalid_document_is_a_usage_error_with_its_place(
    spec: Path, old: str, new: str, place: str
) -> None:
    replaced(spec / SOURCE, old, new)
    with pytest.raises(UsageError) as caught:
        document.validate(document.load(spec))
    message = str(caught.value)
    assert message.startswith((SOURCE, OVERLAY))
    assert place in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("  - id: body.null", "  - id: body.json", "body.json stands twice"),
        ("  - id: body.null", "  - id: nothing.null", "nothing.null: no chapter"),
        ("  - id: body.null", "  - name: body.null", "clauses["),
        ("  - id: body.null", "  - id: 5", "clauses["),
        ("    level: MUST", "    level: must", "clauses[0].level"),
        ("    level: MUST", "    levels: MUST", "clauses[0]"),
        ("    level: MUST\n", "", "clauses[0]"),
        ("    twin: range.accepted", "    twin: range.nothing", "account.length: no clause"),
        ("    after: [body.json]", "    after: [body.nothing]", "body.json-strict: no clause"),
        ("    after: [body.json]", "    after: body.json", "after"),
        ("    core: [no body]", "    core: no body", "core"),
        ("{at: /openapi, quote: 3.0.0}", "{at: /openapi, quote: 3.5}", "rests[0]"),
        ("{at: /openapi, quote: 3.0.0}", "{at: /openapi, words: 3.0.0}", "rests[0]"),
        ("{at: /openapi, quote: 3.0.0}", "{quote: 3.0.0}", "rests[0]"),
        ("  taken: 2026-11-22", "  taken: yesterday", "document.taken"),
        ("  taken: 2026-11-22\n", "", "document"),
        ("chapters:", "parts:", LEDGER),
        ("waived:", "waved:", "waved"),
    ],
)
def test_a_broken_clause_ledger_is_a_usage_error_with_its_place(
    spec: Path, old: str, new: str, place: str
) -> None:
    replaced(spec / LEDGER, old, new)
    with pytest.raises(UsageError) as caught:
        clauses.load(spec)
    assert str(caught.value).startswith(LEDGER)
    assert place in str(caught.value)


def test_a_glob_that_matches_no_clause_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="counts"):
        CLAUSES.matching("counts.*")
    assert CLAUSES.matching("count.*") == [
        f"count.{n}" for n in ("accepted", "minimum", "maximum", "type")
    ]


# --------------------------------------------------------------------------- findings


def test_the_findings_stand_where_the_document_is_wrong() -> None:
    found = {finding.pointer: finding for finding in document.findings(DOCUMENT)}
    escaped = DOCUMENT.path.replace("/", "~1")
    assert found.keys() == {
        "/components/parameters/accountId/schema/format",
        "/components/schemas/TestReportOptions/properties",
        "/servers/0/url",
        f"/paths/{escaped}/post/servers/0/url",
        "/components/schemas/TestReportOptions/properties/transaction_ids/description",
    }
    assert all(finding.what and finding.reading for finding in found.values())


def test_each_clause_that_a_finding_names_exists() -> None:
    for finding in document.findings(DOCUMENT):
        for name in re.findall(r"\b(?:[a-z]+\.(?:[a-z]+-?)+|[a-z]+\.\*)", finding.reading):
            assert CLAUSES.matching(name)


def test_a_mended_format_is_no_finding_any_more(spec: Path) -> None:
    published = document.read_yaml(spec / SOURCE)
    del published["components"]["parameters"]["accountId"]["schema"]["format"]
    mended = document.Document(published, DOCUMENT.corrected, "", DOCUMENT.files)
    pointers = [finding.pointer for finding in document.findings(mended)]
    assert "/components/parameters/accountId/schema/format" not in pointers


# --------------------------------------------------------------------------- corrections


@pytest.mark.parametrize(
    ("body", "accepted"),
    [
        ({}, True),
        ({"transaction_ids": IDS}, True),
        ({"transaction_ids": []}, True),
        ({"transaction_ids": [], "number_of_transactions": 5}, True),
        ({"transaction_ids": [], "date_range": RANGE}, True),
        ({"transaction_ids": [], "number_of_transactions": 5, "date_range": RANGE}, True),
        ({"number_of_transactions": 5, "date_range": RANGE}, True),
        ({"number_of_transactions": 5, "unknown": 1}, True),
        ({"transaction_ids": IDS, "unknown": 1}, True),
        ({"transaction_ids": IDS, "number_of_transactions": 5}, False),
        ({"transaction_ids": IDS, "date_range": RANGE}, False),
        ({"transaction_ids": IDS, "number_of_transactions": 5, "date_range": RANGE}, False),
        ({"transaction_ids": [""], "number_of_transactions": 1}, False),
        ({"number_of_transactions": 0, "date_range": RANGE}, False),
        ([], False),
    ],
)
def test_the_corrected_schema_refuses_the_forbidden_combinations_alone(
    body: Any, accepted: bool
) -> None:
    assert OPTIONS.is_valid(body) is accepted


@pytest.mark.parametrize(
    ("account", "accepted"),
    [
        ("T12345678", True),
        ("P12345678", True),
        ("t12345678", False),
        ("X12345678", False),
        ("T1234567", False),
        ("T123456789", False),
        ("T1234567٣", False),
    ],
)
def test_the_corrected_account_has_a_pattern(account: str, accepted: bool) -> None:
    schema = DOCUMENT.corrected["components"]["parameters"]["accountId"]["schema"]
    assert "format" not in schema
    assert jsonschema_rs.Draft4Validator(schema).is_valid(account) is accepted


def test_no_correction_goes_without_a_reason() -> None:
    overlay = document.read_yaml(document.SPEC / OVERLAY)
    assert all(action["x-reason"].strip() for action in overlay["actions"])


def test_the_examples_of_the_corrected_document_are_whole_bodies_that_it_accepts() -> None:
    found = list(document.examples(DOCUMENT.corrected))
    assert len(found) == 2
    assert all(OPTIONS.is_valid(example) for _, _, example in found)


def test_the_merged_examples_of_the_published_document_are_the_forbidden_combination() -> None:
    properties = DOCUMENT.published["components"]["schemas"]["TestReportOptions"]["properties"]
    dates = properties["date_range"]["properties"]
    merged = {
        "transaction_ids": properties["transaction_ids"]["example"],
        "number_of_transactions": properties["number_of_transactions"]["example"],
        "date_range": {name: schema["example"] for name, schema in dates.items()},
    }
    assert not OPTIONS.is_valid(merged)


def test_the_corrected_file_holds_the_corrected_document() -> None:
    assert document.read_yaml(document.corrected_file(DOCUMENT)) == DOCUMENT.corrected


@pytest.mark.parametrize(
    ("target", "steps"),
    [
        ("$.a", ["a"]),
        ("$.a.b-c.d_1", ["a", "b-c", "d_1"]),
        ("$.paths['/a/{b}'].post['x/y']", ["paths", "/a/{b}", "post", "x/y"]),
    ],
)
def test_a_plain_path_is_read_step_by_step(target: str, steps: list[str]) -> None:
    assert list(document.steps(target)) == steps


def test_an_update_merges_objects_member_by_member_and_replaces_the_rest() -> None:
    into = {"a": {"b": 1, "c": [1]}, "d": 1}
    document.merge(into, {"a": {"c": [2], "e": 3}, "d": {"f": 4}})
    assert into == {"a": {"b": 1, "c": [2], "e": 3}, "d": {"f": 4}}


@pytest.mark.parametrize("damaged", [["another", "content"], {"no": "list"}, [], None])
def test_what_is_made_of_a_document_is_made_once_for_its_content(damaged: object) -> None:
    kept: dict[str, Any] = {}
    cache = SimpleNamespace(get=kept.get, set=kept.__setitem__)
    made: list[document.Document] = []

    def make(of: document.Document) -> int:
        made.append(of)
        return len(made)

    assert [document.once(DOCUMENT, cache, "number", make) for _ in range(2)] == [1, 1]
    kept[next(iter(kept))] = damaged
    assert document.once(DOCUMENT, cache, "number", make) == 2
    assert document.once(DOCUMENT, None, "number", make) == 3
    assert document.once(DOCUMENT, cache, "another", make) == 4
    assert made == [DOCUMENT] * 4
