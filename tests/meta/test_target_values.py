"""What the values of a target file become: lists that it names, placeholders, secrets."""

from __future__ import annotations

import datetime as dt
import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from ..harness import launch, listed, target
from ..harness.errors import UsageError
from .helpers import DOCUMENT, table
from .target_files import AUTH, LEDGER, TOP, WHOLE, Load, based, loading


@pytest.fixture
def load(tmp_path: Path) -> Load:
    return loading(tmp_path)


# -------------------------------------------------------------------------------- the ledger


@pytest.mark.parametrize(
    ("value", "key"),
    table(
        [
            ({}, "ledger"),
            (None, "ledger"),
            ("a", "ledger"),
            ([5], "[0]"),
            ([["a", "2026-01-01"]], "[0]"),
            ([{"id": "a"}], "date"),
            ([{"date": "2026-01-01"}], "id"),
            ([{"id": 5, "date": "2026-01-01"}], "[0].id"),
            ([{"id": "a", "date": "2026-13-01"}], "[0].date"),
            ([{"id": "a", "date": "yesterday"}], "[0].date"),
            ([{"id": "a", "date": 5}], "[0].date"),
            ([{"id": "a", "date": "2026-01-01"}, {"id": "b", "date": None}], "[1].date"),
            ([{"id": "a", "date": "2026-01-01"}] * 3, "these stand more than once: a"),
            (
                [{"id": id_, "date": "2026-01-01"} for id_ in "abcba"],
                "these stand more than once: a, and 1 more",
            ),
        ]
    ),
)
def test_a_list_of_transactions_that_is_none_is_wrong(value: Any, key: str) -> None:
    with pytest.raises(UsageError) as caught:
        listed.transactions(value, "ledger.command")
    assert key in str(caught.value)
    assert "ledger" in str(caught.value)


def test_further_members_of_a_transaction_are_ignored() -> None:
    (entry,) = listed.transactions([{"id": "a", "date": "2026-01-01", "amount": 5}], "x")
    assert (entry.id, entry.date) == ("a", dt.date(2026, 1, 1))


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (None, "cannot be read"),
        (b"\xff", "cannot be read"),
        (b"{", "is no JSON"),
        (b"", "is no JSON"),
    ],
)
def test_a_list_that_cannot_be_read_is_wrong(
    load: Load, tmp_path: Path, content: bytes | None, what: str
) -> None:
    found = load(LEDGER + "transactions = 'list.json'")
    if content is not None:
        (tmp_path / "list.json").write_bytes(content)
    keys = ("ledger.transactions", "ledger.command")
    with pytest.raises(
        UsageError, match=rf"here\.toml: ledger\.transactions: list\.json: .*{what}"
    ):
        launch.json_from(found.file.ledger.transactions, None, found, keys)


def test_a_relative_list_stands_beside_the_target_file(load: Load, tmp_path: Path) -> None:
    found = load(LEDGER + "transactions = 'list.json'", "sub/here.toml")
    (tmp_path / "sub" / "list.json").write_text("[1]")
    keys = ("ledger.transactions", "ledger.command")
    read = launch.json_from(found.file.ledger.transactions, None, found, keys)
    assert read is not None
    assert read[0] == [1]


# ------------------------------------------------------------------------------ placeholders


@pytest.mark.parametrize(
    ("written", "filled"),
    [
        ("${TOKEN}", "from {port} ${HOME} {{"),
        ("a${TOKEN}b", "afrom {port} ${HOME} {{b"),
        ("$${TOKEN}", "${TOKEN}"),
        ("{{port}}", "{port}"),
        ("{{", "{"),
        ("$TOKEN", "$TOKEN"),
        ("{", "{"),
        ("a } b", "a } b"),
        ("{ port }", "{ port }"),
        ('{"a": 1}', '{"a": 1}'),
        ("$$", "$$"),
    ],
)
def test_a_placeholder_is_filled_once_and_a_doubled_one_is_literal(
    load: Load, written: str, filled: str
) -> None:
    text = AUTH + f"token = '{written}'"
    assert load(text, TOKEN="from {port} ${HOME} {{").file.auth.token == filled


def test_a_port_is_the_same_one_everywhere(load: Load) -> None:
    file = load(based("http://127.0.0.1:{port}/v1") + "[server]\nstart = 'sh {port}'").file
    assert file.server is not None
    assert file.server.start == f"sh {file.base_url.split(':')[2].removesuffix('/v1')}"


@pytest.mark.parametrize("key", ["auth.command", "ledger.command", "server.start"])
@pytest.mark.parametrize("folder", ["plain", "with a blank", "it's", "$HOME;x", 'a"b'])
def test_a_placeholder_stays_one_word_of_a_command(
    load: Load, tmp_path: Path, key: str, folder: str
) -> None:
    table_, _, name = key.partition(".")
    found = load(
        f"{TOP}[{table_}]\n{name} = 'sh {{here}}/run --at={{here}}'", f"{folder}/here.toml"
    )
    command = getattr(getattr(found.file, table_), name)
    here = str(tmp_path / folder)
    assert target.split(command, key) == ["sh", f"{here}/run", f"--at={here}"]


def test_a_placeholder_outside_a_command_is_not_quoted(load: Load, tmp_path: Path) -> None:
    found = load(LEDGER + "transactions = '{here}/list.json'", "with a blank/here.toml")
    assert found.file.ledger.transactions == f"{tmp_path}/with a blank/list.json"


def test_the_documents_are_files(load: Load) -> None:
    file = load(TOP + "[headers]\nA = '{document}'\nB = '{corrected}'").file
    assert Path(file.headers["A"]) == DOCUMENT.files[0]
    assert json.loads(Path(file.headers["B"]).read_text("utf-8")) == DOCUMENT.corrected


def test_a_variable_in_a_command_is_split_as_a_shell_would() -> None:
    assert target.split("a 'b c' \"d e\" f\\ g", "x") == ["a", "b c", "d e", "f g"]
    assert shlex.join(["a b"]) == "'a b'"


# --------------------------------------------------------------------------------- secrets


def test_every_secret_of_the_file_is_known_as_one(load: Load) -> None:
    text = WHOLE.replace("http://127.0.0.1:9/v1", "http://user:word@127.0.0.1:9/v1", 1)
    assert load(text).secrets() == {
        "a-secret",
        "a-token",
        "another-token",
        "a-third-token",
        "value",
        "word",
    }
