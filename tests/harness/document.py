"""The OpenAPI document: the published file, our corrections, and what is wrong with it.

Raises `UsageError` (exit 4) where the document is not valid OpenAPI, or
where a correction no longer finds what it corrects (clauses document.*).
"""

from __future__ import annotations

import copy
import hashlib
import json
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from .errors import UsageError

DEEPEST = 200
"""Levels of nesting in a file of ours; the document has a dozen."""

SPEC = Path(__file__).resolve().parents[2] / "spec"

Json = Any
"""A value as JSON or YAML gives it; the document's shape is checked by its validator."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with the document itself, and the reading that the suite chose."""

    pointer: str
    what: str
    reading: str


@dataclass(frozen=True, slots=True)
class Rules:
    """The numbers and names that the corrected document gives to the oracle."""

    account_pattern: re.Pattern[str]
    account_lengths: tuple[int, int]
    ids_maximum: int
    count_minimum: int
    count_maximum: int
    range_required: tuple[str, ...]
    media_type: str
    statuses: frozenset[int]
    path: str


@dataclass(frozen=True)
class Document:
    """The document as published and as corrected."""

    published: Json
    corrected: Json
    sha256: str
    files: tuple[Path, Path]

    @property
    def version(self) -> str:
        """`info.version` of the document."""
        return str(self.published["info"]["version"])

    @cached_property
    def path(self) -> str:
        """The templated path of the one operation."""
        (path,) = self.published["paths"]
        return str(path)

    @property
    def operation(self) -> Json:
        """The one operation, corrected."""
        return self.corrected["paths"][self.path]["post"]

    def rules(self) -> Rules:
        """What the oracle needs, read from the corrected document.

        Raises:
            UsageError: it is not there, or is something else.
        """
        with known_shape(self):
            return self._rules()

    def _rules(self) -> Rules:
        account = self.corrected["components"]["parameters"]["accountId"]["schema"]
        (media_type,) = self.operation["requestBody"]["content"]
        options = self.corrected["components"]["schemas"]["TestReportOptions"]["properties"]
        return Rules(
            account_pattern=re.compile(account["pattern"], re.ASCII),
            account_lengths=(account["minLength"], account["maxLength"]),
            ids_maximum=options["transaction_ids"]["maxItems"],
            count_minimum=options["number_of_transactions"]["minimum"],
            count_maximum=options["number_of_transactions"]["maximum"],
            range_required=tuple(options["date_range"]["required"]),
            media_type=media_type,
            statuses=frozenset(int(status) for status in self.operation["responses"]),
            path=self.path,
        )


@contextmanager
def known_shape(document: Document) -> Iterator[None]:
    """Turn what goes wrong in a document of another shape into one line about its files."""
    try:
        yield
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, re.error) as error:
        names = " and ".join(file.name for file in document.files)
        what = f"{type(error).__name__}: {str(error)[:200]}".replace("\n", " ")
        raise UsageError(f"{names}: not the operation that the suite knows ({what})") from None


def read_yaml(path: Path) -> Json:
    """The YAML in a file.

    Raises:
        UsageError: it cannot be read, or is not YAML.
    """
    try:
        raw = path.read_bytes()
        if too_deep(raw):
            raise UsageError(f"{path.name}: nested more than {DEEPEST} levels deep")
        return yaml.load(raw, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except OSError as error:
        raise UsageError(f"{path.name}: cannot be read ({error.strerror})") from None
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        place = getattr(error, "problem_mark", None)
        where = f" line {place.line + 1}" if place else ""
        problem = getattr(error, "problem", None) or type(error).__name__
        raise UsageError(f"{path.name}{where}: not YAML ({problem})") from None


def too_deep(raw: bytes) -> bool:
    """Whether YAML nests so deep that the C library, which reads it by recursion, would die."""
    level = 0
    for bracket in re.findall(rb"[\[\]{}]", raw):
        level += 1 if bracket in b"[{" else -1
        if level > DEEPEST:
            return True
    return re.search(rb"(?:[-?][ \t]+){%d}" % DEEPEST, raw) is not None


def load(folder: Path = SPEC) -> Document:
    """Read the published document and apply the corrections; `validate` is apart, being slow."""
    source, overlay = folder / "billing.yaml", folder / "corrections.overlay.yaml"
    published = read_yaml(source)
    if not isinstance(published, dict):
        raise UsageError(f"{source.name}: not an OpenAPI document (a mapping is expected)")
    corrected = apply(copy.deepcopy(published), read_yaml(overlay), overlay.name)
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    return Document(published, corrected, digest, (source, overlay))


def apply(document: Json, overlay: Json, name: str) -> Json:
    """Apply an OpenAPI Overlay 1.0 whose targets are plain paths; changes `document`.

    The libraries for overlays let a target that matches nothing pass; here it is an error, and
    so is an `x-was` that does not stand there any more (clause document.corrections).
    """
    try:
        actions = overlay["actions"]
        targets = [(action, list(steps(action["target"]))) for action in actions]
    except (TypeError, KeyError, ValueError) as error:
        raise UsageError(f"{name}: not an OpenAPI Overlay ({error})") from None
    for number, (action, path) in enumerate(targets, 1):
        where = f"{name}: action {number} ({action['target']})"
        parent = document
        try:
            for step in path[:-1]:
                parent = parent[step]
            found = parent[path[-1]]
        except (KeyError, TypeError, IndexError):
            raise UsageError(f"{where} finds nothing to correct in the document") from None
        if "x-was" in action and found != action["x-was"]:
            raise UsageError(f"{where} expects {action['x-was']!r} and finds {found!r}")
        if action.get("remove") is True:
            del parent[path[-1]]
        elif isinstance(found, dict) and isinstance(action.get("update"), dict):
            merge(found, action["update"])
        else:
            raise UsageError(f"{where} needs `remove: true`, or an `update` of an object")
    return document


def steps(target: str) -> Iterator[str]:
    """The member names of a JSONPath without wildcards or filters (RFC 9535).

    Raises:
        ValueError: the target says more than a plain path.
    """
    if not re.fullmatch(r"\$(\.[A-Za-z_][\w-]*|\['[^']+'\])+", target):
        raise ValueError(f"target {target!r} is not a plain path")
    for dotted, quoted in re.findall(r"\.([A-Za-z_][\w-]*)|\['([^']+)'\]", target):
        yield dotted or quoted


def merge(into: dict[str, Json], update: dict[str, Json]) -> None:
    """Merge `update` into a mapping as Overlay 1.0 says: objects member by member."""
    for key, value in update.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            merge(into[key], value)
        else:
            into[key] = value


def once(document: Document, cache: Any, name: str, make: Callable[[Document], Json]) -> Json:
    """What `make` makes of a document, kept in `cache` (pytest's, or None) for its content."""
    key = f"contract/{name}-{document.sha256[:16]}"
    kept = cache.get(key, None) if cache is not None else None
    if not isinstance(kept, list) or kept[:-1] != [document.corrected]:
        kept = [document.corrected, make(document)]
        if cache is not None:
            cache.set(key, kept)
    return kept[1]


def validate(document: Document) -> None:
    """Check both forms of the document (clauses document.valid, document.examples).

    Nothing that a run begins with takes longer, so it is done `once`.

    Raises:
        UsageError: not valid OpenAPI 3.0, or an example that its schema refuses.
    """
    from openapi_schema_validator import OAS30Validator
    from openapi_spec_validator import OpenAPIV30SpecValidator

    for form, kind in ((document.published, "as published"), (document.corrected, "corrected")):
        try:
            error = next(iter(OpenAPIV30SpecValidator(form).iter_errors()), None)
        except Exception as caught:  # a dangling $ref raises whatever the resolver raises
            raise UsageError(f"billing.yaml ({kind}): {type(caught).__name__}") from None
        if error is not None:
            place = "/".join(str(step) for step in error.absolute_path)
            message = error.message.splitlines()[0][:200]
            raise UsageError(f"billing.yaml ({kind}): not valid OpenAPI at /{place}: {message}")
        with known_shape(document):
            found = list(examples(form))
        for pointer, schema, example in found:
            error = next(OAS30Validator(schema).iter_errors(example), None)
            if error is not None:
                raise UsageError(
                    f"billing.yaml ({kind}): the example at {pointer}: {error.message}"
                )


def examples(document: Json) -> Iterator[tuple[str, Json, Json]]:
    """Each example of the options with its place and the schema it must agree with."""
    options = document["components"]["schemas"]["TestReportOptions"]
    stack = [("/components/schemas/TestReportOptions", options)]
    while stack:
        pointer, schema = stack.pop()
        if "example" in schema:
            yield f"{pointer}/example", schema, schema["example"]
        properties = schema.get("properties", {})
        stack += [(f"{pointer}/properties/{name}", sub) for name, sub in properties.items()]
    (path,) = document["paths"].values()
    for media in path["post"]["requestBody"]["content"].values():
        for name, example in media.get("examples", {}).items():
            yield f"the request body, {name}", options, example["value"]


def findings(document: Document) -> list[Finding]:
    """What is wrong with the published document, each with the reading that the suite chose.

    Raises:
        UsageError: it is not the document that the suite knows.
    """
    with known_shape(document):
        return _findings(document)


def _findings(document: Document) -> list[Finding]:
    found = []
    account = document.published["components"]["parameters"]["accountId"]["schema"]
    if re.search(r"[\^$\\\[\](){}|*+]", str(account.get("format", ""))):
        found.append(
            Finding(
                "/components/parameters/accountId/schema/format",
                f"a regular expression under `format`, which tools ignore: {account['format']}",
                "it is meant as `pattern`, with ASCII digits and no newline (account.pattern)",
            )
        )
    properties = document.published["components"]["schemas"]["TestReportOptions"]["properties"]
    if all(
        "example" in schema or any("example" in sub for sub in schema["properties"].values())
        for schema in properties.values()
    ):
        found.append(
            Finding(
                "/components/schemas/TestReportOptions/properties",
                "the examples of the three properties, merged into one body, are a combination "
                "that the prose says should not be sent",
                "no example body is sent as merged; each combination is put on purpose "
                "(exclusion.*)",
            )
        )
    escaped = document.path.replace("/", "~1")
    (path,) = document.published["paths"].values()
    for place, node in (("", document.published), (f"/paths/{escaped}/post", path["post"])):
        for number, server in enumerate(node.get("servers", ())):
            found.append(
                Finding(
                    f"{place}/servers/{number}/url",
                    f"{server['url']} serves production as well, while the operation is "
                    '"Only available in test"',
                    "requests go where the target file says; the prefix of the account (T or P) "
                    "is what tells the environment (auth.test-only)",
                )
            )
    if "should not be combined" in str(properties["number_of_transactions"].get("description")):
        found.append(
            Finding(
                "/components/schemas/TestReportOptions/properties/transaction_ids/description",
                'what "should not be combined" gets is not said',
                "a refusal is expected, at level SHOULD: `--gate must` lets it pass "
                "(exclusion.ids-count, exclusion.ids-range)",
            )
        )
    return found


def corrected_file(document: Document) -> Path:
    """The corrected document as a file, for tools that want one; written once a content."""
    name = f"corrected-{document.sha256[:12]}.json"
    path = Path(tempfile.gettempdir()) / name
    content = json.dumps(document.corrected, indent=1)
    if not path.is_file() or path.read_text("utf-8") != content:
        path.write_text(content, "utf-8")
    return path


if __name__ == "__main__":
    print(json.dumps(load().corrected, indent=1))
