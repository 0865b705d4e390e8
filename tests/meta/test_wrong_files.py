"""The suite's other files, wrong in every way: one clear line, and never anything else."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.harness import clauses, compare, document, listed
from tests.harness.errors import UsageError
from tests.meta import suite
from tests.meta.helpers import examples

SPEC = ("billing.yaml", "corrections.overlay.yaml", "clauses.yaml")
ATOMS: list[Any] = [
    *(None, True, 0, -1, 1.5, 10**30, "", "x", "P12345678", "\0", "(", "$.x", "#/nowhere"),
    *([], {}, [[]], [{}], {"x": 1}, {"$ref": "#/nowhere"}, {1: 2}),
]
WRONG_TEXTS = {
    "nothing": b"",
    "no UTF-8": b"\xff\xfe\x00",
    "half of it": None,
    "tabs": b"a:\n\t- b",
    "a tag": b"!!python/object/apply:os.system ['true']",
    "an anchor in itself": b"&a [*a]",
    "a bomb": b"a: &a [x, x]\n"
    + b"".join(b"%c: &%c [*%c, *%c]\n" % (n + 1, n + 1, n, n) for n in range(97, 115)),
    "deeply nested": b"[" * 50000,
    "the same key twice": b"openapi: 3.0.0\nopenapi: 3.0.0\n",
}


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a value that can be changed."""
    members = value.items() if isinstance(value, dict) else enumerate(value)
    for key, sub in members:
        yield (*path, key)
        if isinstance(sub, (dict, list)):
            yield from places(sub, (*path, key))


def changed(value: Any, path: tuple[Any, ...], change: Any) -> Any:
    """A copy in which one place is something else; without a change, it is gone."""
    value = copy.deepcopy(value)
    parent = value
    for step in path[:-1]:
        parent = parent[step]
    if change is REMOVED:
        del parent[path[-1]]
    else:
        parent[path[-1]] = change
    return value


GOOD = {name: document.read_yaml(document.SPEC / name) for name in SPEC}
PLACES = {name: list(places(good)) for name, good in GOOD.items()}
REMOVED = object()
CHANGES = st.sampled_from([REMOVED, *ATOMS])


def use_spec(folder: Path) -> None:
    """Read the folder as a run does."""
    clauses.load(folder)
    found = document.load(folder)
    found.rules()
    document.validate(found)
    document.findings(found)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("spec")


def put_spec(folder: Path, name: str, content: bytes) -> None:
    """A copy of `spec/` in which one file is another."""
    for other in SPEC:
        shutil.copy(document.SPEC / other, folder / other)
    (folder / name).write_bytes(content)


def says_one_line(use: Callable[[], object], name: str) -> None:
    """It is taken as it is, or refused in one line that names the file."""
    try:
        use()
    except UsageError as error:
        said = str(error)
        assert name in said
        assert "\n" not in said
        assert len(said) < 2000


@pytest.mark.parametrize("name", SPEC)
@examples(100)
@given(st.data())
def test_a_changed_value_of_the_contract(folder: Path, name: str, data: st.DataObject) -> None:
    good = GOOD[name]
    path = data.draw(st.sampled_from(PLACES[name]))
    text = yaml.dump(changed(good, path, data.draw(CHANGES)), Dumper=yaml.CSafeDumper)
    put_spec(folder, name, text.encode())
    # A correction that finds nothing may be the document's fault: the overlay says so.
    says_one_line(lambda: use_spec(folder), ".yaml")


@pytest.mark.parametrize("wrong", WRONG_TEXTS)
@pytest.mark.parametrize("name", SPEC)
def test_a_text_that_is_no_contract(folder: Path, name: str, wrong: str) -> None:
    whole = (document.SPEC / name).read_bytes()
    content = WRONG_TEXTS[wrong]
    put_spec(folder, name, whole[: len(whole) // 2] if content is None else content)
    with pytest.raises(UsageError) as caught:
        use_spec(folder)
    says_one_line(lambda: use_spec(folder), ".yaml")
    assert len(str(caught.value)) < 2000


@pytest.fixture(scope="module")
def verdict(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A verdict as a run writes it, with a broken clause."""
    folder = tmp_path_factory.mktemp("verdict")
    with suite.serving(lambda _: suite.CREATED) as served:
        path = suite.target(folder, served.base_url)
        return suite.run(folder, path, "-q", "--clause", "body.null").verdict


@examples(100)
@given(st.data())
def test_a_changed_value_of_an_old_verdict(
    folder: Path, verdict: dict[str, Any], data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(list(places(verdict))))
    file = folder / "old.json"
    file.write_text(json.dumps(changed(verdict, path, data.draw(CHANGES))), "utf-8")
    says_one_line(lambda: compare.load(file), "old.json")


@pytest.mark.parametrize("wrong", WRONG_TEXTS)
def test_a_text_that_is_no_verdict(folder: Path, wrong: str) -> None:
    file = folder / "old.json"
    file.write_bytes(WRONG_TEXTS[wrong] or b'{"format": 1, "verdict": "con')
    with pytest.raises(UsageError, match=r"old\.json"):
        compare.load(file)


@examples(100)
@given(st.recursive(st.sampled_from(ATOMS), lambda sub: st.lists(sub, max_size=3)))
def test_a_list_of_transactions_that_is_none(value: Any) -> None:
    says_one_line(lambda: listed.transactions(value, "list.json"), "list.json")


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("billing.yaml", (("openapi",), "2.0")),
        ("billing.yaml", (("paths",), REMOVED)),
        ("billing.yaml", (("components", "schemas", "TestReportOptions", "properties"), REMOVED)),
        ("corrections.overlay.yaml", (("actions", 0, "target"), "$.nowhere")),
        ("clauses.yaml", (("clauses", 0, "level"), "PERHAPS")),
    ],
)
def test_a_run_with_a_wrong_file_sends_nothing_and_ends_with_4(
    tmp_path: Path, name: str, change: tuple[tuple[Any, ...], Any]
) -> None:
    copied = tmp_path / "suite"
    shutil.copytree(
        suite.ROOT, copied, ignore=shutil.ignore_patterns(".*", "reference", "meta", "targets")
    )
    good = yaml.safe_load((copied / "spec" / name).read_bytes())
    text = yaml.safe_dump(changed(good, *change), allow_unicode=True)
    (copied / "spec" / name).write_text(text, "utf-8")
    with suite.serving(lambda _: suite.CREATED) as served:
        path = suite.target(tmp_path, served.base_url)
        done = suite.run(tmp_path, path, "-q", root=copied)
    assert done.code == 4, done.output
    assert served.seen == []
    assert "Traceback" not in done.output
    assert len(done.output.strip().splitlines()) <= 2


def test_a_wrong_list_is_said_in_one_line_and_nothing_is_sent(tmp_path: Path) -> None:
    doubled = [{"id": "T12345678.aaaa", "date": "2026-10-01"}] * 2
    (tmp_path / "list.json").write_text(json.dumps(doubled), "utf-8")
    with suite.serving(lambda _: suite.CREATED) as served:
        path = suite.target(
            tmp_path, served.base_url, '[ledger]\ntransactions = "list.json"\ncomplete = true'
        )
        done = suite.run(tmp_path, path, "-q")
    assert (done.code, served.seen) == (4, [])
    assert [line for line in done.output.splitlines() if line.strip()][-1] == (
        "ERROR: target.toml: ledger.transactions: list.json: these stand more than once: "
        "T12345678.aaaa"
    )
    assert "Not put" not in done.output
