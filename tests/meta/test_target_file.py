"""The target file: whatever is wrong in it is one line with file and key, and nothing is sent.

Long, since it is one table in the order of the file: each key with all that can be wrong in it.
"""

from __future__ import annotations

import datetime as dt
import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..harness import launch, listed, target
from ..harness.errors import UsageError
from ..harness.options import Options
from ..harness.run import Run
from ..harness.target import Target
from .helpers import DOCUMENT, examples, table

Load = Callable[..., Target]

TOP = 'base_url = "http://127.0.0.1:9/v1"\naccount = "T12345678"\n'
DEVIATION = """
[[deviations]]
clause = "exclusion.ids-count"
breaks = ["ids with a count: 201"]
reason = "known"
ticket = "ABC-1"
until = 2027-03-31
"""
WHOLE = (
    TOP
    + """
profile = "rules"
include = ["auth.missing", "outcome.*"]
probe_production = false
consume = false
[auth]
client_id = "id"
client_secret = "a-secret"
token_url = "http://127.0.0.1:9/token"
audience = "http://127.0.0.1:9/v1/accounts/T12345678"
[auth.others]
expired = "a-token"
without_scopes = "another-token"
other_account = "a-third-token"
[ledger]
transactions = "transactions.json"
complete = true
quiet = true
other_account = "T87654321"
other_transactions = "other.json"
[server]
start = "{python} -m http.server {port}"
ready = "http://127.0.0.1:{port}/"
reset = "POST http://127.0.0.1:{port}/reset"
timeout = 60
[headers]
X-Key = "value"
[tls]
ca = "ca.pem"
cert = "client.pem"
key = "client.key"
[limits]
requests_per_second = 10
requests = 5000
timeout = 10
"""
    + DEVIATION
)


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Writes a target file and loads it."""

    def written(text: str | bytes, name: str = "here.toml", **environ: str) -> Target:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        for certificate in ("ca.pem", "client.pem", "client.key"):
            (path.parent / certificate).touch()
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return target.load(str(path), DOCUMENT, environ)

    return written


def test_a_whole_file_loads(load: Load) -> None:
    file = load(WHOLE).file
    assert file.profile == "rules"
    assert file.deviations[0].until == dt.date(2027, 3, 31)


def test_two_keys_are_enough_and_the_rest_has_defaults(load: Load) -> None:
    found = load(TOP)
    assert (found.name, found.file.profile, found.file.consume) == ("here", "full", True)
    assert not found.authenticates
    assert not found.probe_production
    assert found.requests_per_second is None


@pytest.mark.parametrize("name", sorted(file.stem for file in target.FOLDER.glob("*.toml")))
def test_each_known_target_loads_or_says_which_variable_or_program_it_wants(name: str) -> None:
    try:
        assert target.load(name, DOCUMENT, {}).name == name
    except UsageError as error:
        message = str(error)
    else:
        return
    assert "is not set" in message or "there is no program" in message


# ----------------------------------------------------------------------------- what is wrong


def without(key: str, text: str = WHOLE) -> str:
    """The file without the line of a key."""
    lines = text.splitlines()
    assert any(line.startswith(f"{key} =") for line in lines)
    return "\n".join(line for line in lines if not line.startswith(f"{key} ="))


AUTH, SERVER = TOP + "[auth]\n", TOP + '[server]\nstart = "sh"\n'
LEDGER, LIMITS, HEADERS = TOP + "[ledger]\n", TOP + "[limits]\n", TOP + "[headers]\n"


def based(url: str) -> str:
    return f'base_url = "{url}"\naccount = "T12345678"\n'


def of(account: str) -> str:
    return f'base_url = "http://127.0.0.1:9"\naccount = "{account}"\n'


def deviating(key: str, value: str) -> str:
    return without(key, TOP + DEVIATION) + f"\n{key} = {value}\n"


WRONG: list[tuple[str, str]] = [
    # no file to speak of
    ("", "base_url"),
    ("base_url", "not TOML"),
    ("a = 1\na = 2", "not TOML"),
    ("[auth]\n[auth]", "not TOML"),
    (TOP + 'account = "T12345678"', "not TOML"),
    (TOP + "[limits]\nrequests = 007", "not TOML"),
    # missing, unknown
    (without("base_url", TOP), "base_url"),
    (without("account", TOP), "account"),
    (TOP + "exclude = []", "exclude"),
    (TOP + "[authn]", "authn"),
    (AUTH + "tokn = 'x'", "auth: Object contains unknown field `tokn`; there are token, command,"),
    (
        TOP + "[auth.others]\nforeign = 'x'",
        "auth.others: Object contains unknown field `foreign`; there are expired, without_scopes, "
        "other_account",
    ),
    (LEDGER + "list = 'x'", "ledger: Object contains unknown field `list`"),
    (SERVER + "stop = 'x'", "server: Object contains unknown field `stop`"),
    (TOP + "[tls]\nverify = false", "tls: Object contains unknown field `verify`"),
    (LIMITS + "rate = 1", "limits: Object contains unknown field `rate`"),
    (
        TOP + DEVIATION + "case = 'x'",
        "deviations[0]: Object contains unknown field `case`; there are clause, breaks,",
    ),
    (TOP + "[server]\nready = 'x'", "server: give start; without it, reset alone"),
    # of another type
    ("base_url = 5\naccount = 'T12345678'", "base_url"),
    ("base_url = 'http://127.0.0.1'\naccount = 12345678", "account"),
    (TOP + "profile = 'everything'", "profile"),
    (TOP + "profile = 1", "profile"),
    (TOP + "include = 'auth.*'", "include"),
    (TOP + "include = [1]", "include[0]"),
    (TOP + "probe_production = 'yes'", "probe_production"),
    (TOP + "consume = 0", "consume"),
    (TOP + "auth = 'token'", "auth"),
    (TOP + "[[auth]]", "auth"),
    (AUTH + "token = 5", "auth.token"),
    (AUTH + "command = ['sh']", "auth.command"),
    (AUTH + "client_id = 1", "auth.client_id"),
    (AUTH + "client_secret = 1", "auth.client_secret"),
    (AUTH + "token_url = 1", "auth.token_url"),
    (AUTH + "audience = []", "auth.audience"),
    (AUTH + "others = 'x'", "auth.others"),
    (AUTH + "others = {expired = 1}", "auth.others.expired"),
    (LEDGER + "transactions = [{id = 'a'}]", "ledger.transactions"),
    (LEDGER + "command = 1", "ledger.command"),
    (LEDGER + "complete = 'true'", "ledger.complete"),
    (LEDGER + "quiet = 1", "ledger.quiet"),
    (LEDGER + "other_account = 1", "ledger.other_account"),
    (LEDGER + "other_transactions = 1", "ledger.other_transactions"),
    (LEDGER + "other_command = 1", "ledger.other_command"),
    (TOP + "server = 'sh'", "server"),
    (TOP + "[server]\nstart = 1", "server.start"),
    (SERVER + "ready = 1", "server.ready"),
    (SERVER + "reset = 1", "server.reset"),
    (SERVER + "timeout = '60'", "server.timeout"),
    (TOP + "headers = []", "headers"),
    (HEADERS + "X-Key = 5", "headers"),
    (TOP + "tls = true", "tls"),
    *((TOP + f"[tls]\n{key} = 1", f"tls.{key}") for key in ("ca", "cert", "key")),
    (TOP + "limits = 5", "limits"),
    (LIMITS + "requests = 1.5", "limits.requests"),
    (LIMITS + "requests_per_second = '1'", "limits.requests_per_second"),
    (LIMITS + "timeout = true", "limits.timeout"),
    (TOP + "deviations = 'x'", "deviations"),
    (TOP + "[deviations]\nclause = 'x'", "deviations"),
    # addresses
    *(
        (based(url), "base_url")
        for url in (
            "",
            "x",
            "127.0.0.1",
            "127.0.0.1:9",
            "localhost:9/v1",
            "ftp://x",
            "file:///x",
            "http://",
            "http:///v1",
            "http://:9",
            "http://x:port",
            "http://x:99999",
            "https://x?a=1",
            "https://x#a",
            "//x/v1",
            "https:/x",
        )
    ),
    # accounts
    *(
        (of(account), "account: ")
        for account in (
            "",
            "T1234567",
            "T123456789",
            "X12345678",
            "t12345678",
            "T1234567a",
            "T12345678 ",
            "T١٢٣٤٥٦٧٨",
        )
    ),
    *(
        (of(account), "is a production account")
        for account in (
            "P12345678",
            "p12345678",
            "%5012345678",
            " P12345678",
            "Ｐ12345678",
            "P12345678%20",
        )
    ),
    (LEDGER + "other_account = 'P12345678'", "ledger.other_account: P12345678 is a production"),
    (LEDGER + "other_account = 'T1'", "ledger.other_account"),
    # tokens
    (AUTH + "token = 'x'\ncommand = 'sh'", "auth: give one of"),
    (AUTH + "token = 'x'\nclient_id = 'x'\nclient_secret = 'x'", "auth: give one of"),
    (AUTH + "command = 'sh'\nclient_id = 'x'\nclient_secret = 'x'", "auth: give one of"),
    (AUTH + "token = 'x'\nclient_secret = 'x'", "auth: give one of"),
    (AUTH + "client_id = 'x'", "auth: client_id and client_secret"),
    (AUTH + "client_secret = 'x'", "auth: client_id and client_secret"),
    (AUTH + "token = ''", "auth.token: is empty"),
    (AUTH + 'token = "a\\nb"', "auth.token"),
    (AUTH + 'token = "a\\u0000b"', "auth.token"),
    (AUTH + "client_id = ''", "auth.client_id"),
    (AUTH + "others = {expired = ''}", "expired"),
    (AUTH + 'others = {without_scopes = "a\\rb"}', "without_scopes"),
    # headers
    *(
        (HEADERS + f'"{name}" = "x"', f"headers.{name}")
        for name in (
            "",
            "a b",
            "a:b",
            "é",
            "Authorization",
            "AUTHORIZATION",
            "content-type",
            "Content-Length",
            "Host",
        )
    ),
    (HEADERS + 'X = "a\\nb"', "headers.X"),
    (HEADERS + 'X = "é"', "headers.X"),
    # commands
    (AUTH + "command = ''", "auth.command: is empty"),
    (AUTH + "command = 'no-such-program x'", "auth.command: there is no program 'no-such-program'"),
    (AUTH + """command = "sh -c 'x" """, "auth.command: No closing quotation"),
    (LEDGER + "command = 'no-such-program'", "ledger.command: there is no program"),
    (LEDGER + "other_command = 'no-such-program'", "ledger.other_command: there is no program"),
    (TOP + "[server]\nstart = './no-such-program'", "server.start: there is no program"),
    (TOP + "[server]\nstart = ''", "server.start: is empty"),
    (LEDGER + "transactions = 'x'\ncommand = 'sh'", "ledger: give transactions or command"),
    (
        LEDGER + "other_transactions = 'x'\nother_command = 'sh'",
        "ledger: give other_transactions or other_command",
    ),
    # numbers
    *((LIMITS + f"requests = {n}", "limits.requests: ") for n in ("0", "-1", "10000000000")),
    *((LIMITS + f"timeout = {n}", "limits.timeout: ") for n in ("0", "-0.5", "nan", "inf")),
    *(
        (LIMITS + f"requests_per_second = {n}", "limits.requests_per_second: ")
        for n in ("0", "-1", "nan", "inf")
    ),
    *((SERVER + f"timeout = {n}", "server.timeout: ") for n in ("0", "-1", "nan", "inf")),
    *(
        (SERVER + f"reset = '{value}'", "server.reset: ")
        for value in ("POST", "http://x", "POST x", "POST http://x y")
    ),
    # deviations
    *(
        (without(key, TOP + DEVIATION), f"deviations[0]: Object missing required field `{key}`")
        for key in ("clause", "breaks", "reason", "ticket", "until")
    ),
    (deviating("clause", "1"), "deviations[0].clause"),
    (deviating("breaks", "'ids with a count: 201'"), "deviations[0].breaks"),
    (deviating("breaks", "[1]"), "deviations[0].breaks[0]"),
    (deviating("breaks", "[]"), "deviations[0].breaks: says no class of case"),
    (deviating("reason", "''"), "deviations[0].reason: is empty"),
    (deviating("reason", "' '"), "deviations[0].reason: is empty"),
    (deviating("ticket", "''"), "deviations[0].ticket: is empty"),
    (deviating("ticket", "12"), "deviations[0].ticket"),
    (deviating("until", "'soon'"), "deviations[0].until"),
    (deviating("until", "2027"), "deviations[0].until"),
    (deviating("until", "2027-03-31T00:00:00Z"), "deviations[0].until"),
    # placeholders
    (TOP + "[headers]\nX = '${NO_SUCH}'", "headers.X: the environment variable NO_SUCH is not set"),
    (TOP + "include = ['a', '${NO_SUCH}']", "include[1]: the environment variable NO_SUCH"),
    (AUTH + "others = {expired = '${NO_SUCH}'}", "auth.others.expired: the environment variable"),
    (AUTH + "token = '${}'", "auth.token: the environment variable"),
    (based("http://127.0.0.1:{prt}/v1"), "base_url: {prt} is no placeholder"),
    (AUTH + "token = 'x{}'", "auth.token: {} is no placeholder"),
]


@pytest.mark.parametrize(("text", "key"), table((text, key) for text, key in WRONG))
def test_what_is_wrong_is_one_line_with_file_and_key(load: Load, text: str, key: str) -> None:
    with pytest.raises(UsageError) as caught:
        load(text)
    message = str(caught.value)
    assert key in message
    assert "here.toml" in message
    assert "\n" not in message


def test_a_file_that_is_no_text_is_no_toml(load: Load) -> None:
    with pytest.raises(UsageError, match="not TOML"):
        load(b"a = '\xff'")


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.toml: cannot be read"):
        target.load(str(tmp_path / "none.toml"), DOCUMENT, {})


def test_a_folder_is_no_target_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        target.load(f"{tmp_path}/", DOCUMENT, {})


def test_an_unknown_target_is_told_which_there_are() -> None:
    with pytest.raises(UsageError, match=r"no target 'nothing'; there are .*reference"):
        target.load("nothing", DOCUMENT, {})


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (TOP + "include = ['nothing.*']", "include: no clause matches 'nothing.*'"),
        (deviating("clause", "'count.most'"), "deviations[0].clause: there is no clause"),
    ],
)
def test_a_clause_that_does_not_exist_is_wrong(load: Load, text: str, key: str) -> None:
    with pytest.raises(UsageError) as caught:
        Run.prepare(Options(), load(text))
    assert key in str(caught.value)
    assert "here.toml" in str(caught.value)


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
            ([{"id": "a", "date": "2026-01-01"}] * 3, "2 ids stand more than once"),
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


# ------------------------------------------------------------------------------------- fuzz

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
