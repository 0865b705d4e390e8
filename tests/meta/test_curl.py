"""The curl line of a report sends what was sent: read by a shell, it gives the same bytes."""

from __future__ import annotations

import subprocess
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..harness.recipes import made, recipe_of
from ..harness.redact import Redactor
from ..harness.report.build import curl
from ..harness.run import Run
from ..harness.tokens import (
    encode,
    unsigned,
    with_changed_signature,
    with_cut_signature,
    with_folded_signature,
    with_other_claims,
    without_signature,
)
from ..harness.wire import Request
from .helpers import (
    DOCUMENT,
    EXPIRED,
    OTHERS_TOKEN,
    TOKEN,
    TOKENS,
    WITHOUT_SCOPES,
    examples,
    request,
)

HOST = "api.test:8080"
VARIABLES = {
    "TOKEN": TOKEN,
    "EXPIRED_TOKEN": EXPIRED,
    "TOKEN_WITHOUT_SCOPES": WITHOUT_SCOPES,
    "OTHER_TOKEN": OTHERS_TOKEN,
    "WRONG_TOKEN": with_changed_signature(OTHERS_TOKEN),
    "TOKEN_WITH_OTHER_CLAIMS": with_other_claims(TOKEN),
}
MADE = [
    f"{TOKEN}x",
    f"x {TOKEN}",
    f"{TOKEN}, x",
    f'"{TOKEN}"',
    TOKEN.upper(),
    TOKEN[:-8],
    with_changed_signature(TOKEN),
    with_folded_signature(TOKEN),
    with_cut_signature(TOKEN),
    without_signature(TOKEN),
    with_other_claims(TOKEN),
    unsigned(TOKEN),
    unsigned(TOKEN, "nOnE"),
]
"""Wrong tokens that tests make out of ours."""
SHELL = r"""
curl() { printf '%s\0' "$@"; case "$*" in *--data-binary\ @-*) cat;; esac; }
"""
"""A curl that tells what it was told: each argument, and what it would read."""

RUN = cast(
    Run,
    SimpleNamespace(
        target=SimpleNamespace(
            endpoint=SimpleNamespace(origin=("http", "api.test", 8080), host_header=HOST),
            file=SimpleNamespace(headers={}),
        ),
        redactor=Redactor([]),
        court=SimpleNamespace(credentials=SimpleNamespace(tokens=TOKENS)),
    ),
)


def told(sent: Request) -> Request:
    """The request that a shell makes of the curl line of a request."""
    line = curl(sent, RUN)
    script = (SHELL + line).encode()
    done = subprocess.run(["bash"], input=script, env=VARIABLES, capture_output=True, check=True)
    words = done.stdout.split(b"\0")
    *_, method, address = words[:6]
    headers, body = [], None
    rest = iter(words[6:])
    for option in rest:
        if option == b"-H":
            name, _, value = next(rest).partition(b":")
            if value or not name.endswith(b";"):
                headers.append((name.decode(), value.decode().strip(" ")))
            else:
                headers.append((name.decode()[:-1], ""))
        elif option == b"--data-binary":
            body = next(rest)
            assert body == b"@-" or not body.startswith(b"@"), "curl would read a file"
            if body == b"@-":
                body = b"\0".join(rest)
                break
    assert address.decode().startswith(f"http://{HOST}")
    path = address.decode().removeprefix(f"http://{HOST}")
    return Request(method.decode(), path, tuple(headers), body)


def wanted(sent: Request) -> Request:
    """The same request as curl sends it: it adds an Accept of its own, and takes out by `name:`."""
    told_by_curl = {"X-Contract-Clause", *(["Content-Length"] if sent.body is not None else [])}
    kept = [(key, value) for key, value in sent.headers if key not in told_by_curl]
    if ("Accept", "application/json") in kept:
        kept.remove(("Accept", "application/json"))
    else:
        kept = [*([] if any(key == "Accept" for key, _ in kept) else [("Accept", "")]), *kept]
    if sent.body is not None and not any(key == "Content-Type" for key, _ in kept):
        kept.append(("Content-Type", ""))
    return Request(sent.method, sent.path, tuple(kept), sent.body)


BODIES: list[bytes] = [
    b"",
    b"{}",
    b"it's",
    b"'''",
    b'{"a": "$HOME `id` \\"quoted\\" \\\\ !"}',
    b"-d @/etc/hostname",
    b"@file",
    b"a\nb\r\n\tc",
    b"\x00",
    b"{}\x00",
    b"%s%n\x00'\\",
    b"\xff\xfe{\x00}\x00",
    b"\x1b[31m",
    "æøå \u202e \U0001f4b8".encode(),
    b"\xc3\x28",
    b"\x009",
    b"\x01f",
    b"-1\x00",
    b"-v\x00",
    b'{"x": "' + b"'" * 30_000 + b'"}',
    b'{"x": "' + "\u00e9\u0007".encode() * 9_000 + b'"}',
    b'{"x": "' + b"a" * 200_000 + b'"}',
    b"\xff%" * 100_000,
]
"""The last are longer than a word of a shell may be."""


@pytest.mark.parametrize("body", BODIES, ids=repr)
def test_a_body_arrives_as_it_was(body: bytes) -> None:
    sent = request(raw=body)
    assert told(sent) == wanted(sent)


@given(st.binary(max_size=40))
@examples(60)
def test_any_body_arrives_as_it_was(body: bytes) -> None:
    sent = request(raw=body)
    assert told(sent) == wanted(sent)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"authorization": None},
        {"authorization": ""},
        {"authorization": "Bearer"},
        {"authorization": f"Token {TOKEN}"},
        {"authorization": TOKEN},
        {"authorization": f"Bearer {EXPIRED}"},
        {"authorization": f"bearer {WITHOUT_SCOPES}"},
        {"authorization": f"Bearer {OTHERS_TOKEN}"},
        {"authorization": f"Bearer {VARIABLES['WRONG_TOKEN']}"},
        {"authorization": f"Basic Bearer {TOKEN}"},
        *({"authorization": f"Bearer {token}"} for token in MADE),
        {"authorization": "Bearer tøken"},
        {"authorization": "Bearer a'b\"c"},
        {"accept": None},
        {"accept": "*/*"},
        {"media_type": None},
        {"media_type": 'application/json; charset="utf-8"'},
        {"account": "T1234567%0A"},
        {"account": "T1234'567"},
        {"method": "DELETE"},
    ],
    ids=repr,
)
def test_a_request_arrives_as_it_was(changes: dict[str, Any]) -> None:
    sent = request(raw=b"{}", **changes)
    assert told(sent) == wanted(sent)


def test_no_body_is_no_body() -> None:
    sent = request()
    assert told(sent) == wanted(sent)
    assert DOCUMENT.path.partition("{aid}")[2] in told(sent).path


@pytest.mark.parametrize("token", MADE)
def test_a_wrong_token_is_made_again_out_of_ours_and_tells_nothing_of_it(token: str) -> None:
    recipe = recipe_of(token, TOKEN)
    assert recipe is not None
    assert made(recipe, TOKEN) == token
    assert not any(piece in recipe for piece in TOKEN.split("."))


@pytest.mark.parametrize("token", ["nonsense", "one.two.three", OTHERS_TOKEN, encode({"a": 1}), ""])
def test_what_is_not_made_of_ours_has_no_recipe(token: str) -> None:
    assert recipe_of(token, TOKEN) is None


OPAQUE = "live_4f9a81c2d7e6b305"


def test_a_beginning_of_a_token_that_is_no_jwt_is_not_shown() -> None:
    assert recipe_of(OPAQUE[:-8], OPAQUE) == "${TOKEN:0:-8}"
    assert recipe_of(OPAQUE.upper(), OPAQUE) == "${TOKEN^^}"


@pytest.mark.parametrize(
    ("recipe", "own"),
    [
        ("Bearer $TOKEN_WITHOUT_SCOPES", TOKEN),
        ("Bearer $WRONG_TOKEN", TOKEN),
        ("Bearer $TOKEN_WITH_OTHER_CLAIMS", OPAQUE),
        ("Bearer x.$(cut -d. -f2 <<<$TOKEN).", OPAQUE),
        ("Bearer ${TOKEN%.*}.", OPAQUE),
    ],
)
def test_a_recipe_that_cannot_be_followed_makes_nothing(recipe: str, own: str) -> None:
    assert made(recipe, own) is None


def test_a_token_that_holds_the_sign_of_a_variable_is_put_back() -> None:
    assert made("Bearer $TOKEN", "pa$$word") == "Bearer pa$$word"
