"""The target file: whatever is wrong in it is one line with file and key, and nothing is sent."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from ..harness import target
from ..harness.errors import UsageError
from ..harness.options import Options
from ..harness.run import Run
from .helpers import DOCUMENT, table
from .target_files import (
    AUTH,
    DEVIATION,
    HEADERS,
    LEDGER,
    LIMITS,
    SERVER,
    TOP,
    WHOLE,
    Load,
    based,
    deviating,
    loading,
    of,
    without,
)


@pytest.fixture
def load(tmp_path: Path) -> Load:
    return loading(tmp_path)


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
