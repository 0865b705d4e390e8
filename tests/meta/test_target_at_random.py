"""Target files at random: nothing but a usage error ever comes of one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..harness import target
from ..harness.errors import UsageError
from .helpers import DOCUMENT, examples
from .target_files import WHOLE

KEYS = [line.split(" = ")[0] for line in WHOLE.splitlines() if " = " in line]
ATOMS = [
    "''",
    "'x'",
    "'P12345678'",
    "'T12345678'",
    "'${HOME}'",
    "'{here}'",
    "'{x}'",
    "'http://x'",
    "'http://x:y'",
    "'sh -c \"'",
    '"\\u0000"',
    '"\\n"',
    "0",
    "-1",
    "1e400",
    "nan",
    "inf",
    "-inf",
    "1.5",
    "true",
    "false",
    "9223372036854775807",
    "2027-03-31",
    "2027-03-31T00:00:00Z",
    "00:00:00",
    "[]",
    "[[]]",
    "[{}]",
    "{}",
    "{x = 1}",
    "['']",
    "[1]",
]
quoted = st.text(st.characters(exclude_categories=["Cs"]), max_size=12).map(json.dumps)
values = st.one_of(
    st.sampled_from(ATOMS),
    quoted.filter(lambda text: "\x7f" not in text),
    st.integers(-(2**63), 2**63 - 1).map(str),
    st.lists(st.sampled_from(ATOMS), max_size=2).map(lambda atoms: f"[{', '.join(atoms)}]"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


@examples(400)
@given(st.lists(st.tuples(st.sampled_from(KEYS), values), min_size=1, max_size=3))
def test_only_a_usage_error_ever_comes_of_a_file(
    folder: Path, changes: list[tuple[str, str]]
) -> None:
    lines = WHOLE.splitlines()
    for key, value in changes:
        at = next(n for n, line in enumerate(lines) if line.startswith(f"{key} ="))
        lines[at] = f"{key} = {value}"
    path = folder / "fuzzed.toml"
    path.write_text("\n".join(lines), "utf-8")
    try:
        found = target.load(str(path), DOCUMENT, {"HOME": "/"})
    except UsageError as error:
        said = str(error)
    else:
        said = str(path) * found.file.account.startswith("T")
    assert str(path) in said
