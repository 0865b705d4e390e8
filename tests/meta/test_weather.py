"""Waiting and tokens: Retry-After is obeyed in both its forms, and a token that dies is renewed."""

from __future__ import annotations

import json
from email.utils import formatdate
from pathlib import Path

import pytest

from tests.harness.client import retry_after
from tests.harness.wire import Answer
from tests.meta import matrix, suite
from tests.meta.suite import JSON, Seen

NOW = 1_800_000_000.0
SERVED = (200, JSON, b'{"message": "nothing"}')


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        (formatdate(NOW + 30, usegmt=True), 30.0),
        (formatdate(NOW - 30, usegmt=True), 0.0),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
def test_retry_after_is_read_in_seconds_and_as_a_date(value: str, seconds: float | None) -> None:
    assert retry_after(Answer(429, (("Retry-After", value),)), NOW) == seconds


def test_without_retry_after_no_time_is_asked_for() -> None:
    assert retry_after(Answer(503), NOW) is None


class Renewing:
    """Gives a new token at each fetch; the first dies after some requests, whatever was said."""

    def __init__(self, lives: int, renews: bool = True) -> None:
        self.lives, self.renews, self.fetched = lives, renews, 0

    def __call__(self, request: Seen) -> tuple[int, dict[str, str], bytes]:
        if request.path.endswith("/auth/token"):
            self.fetched += 1
            number = self.fetched if self.renews else 1
            token = {"access_token": f"token-{number}", "expires_in": 3600}
            return 200, JSON, json.dumps(token).encode()
        if ("Authorization", "Bearer token-1") in request.headers:
            self.lives -= 1
            if self.lives < 0:
                return 401, JSON, b'{"error": {"message": "revoked"}}'
        return SERVED


def judged(folder: Path, server: Renewing) -> suite.Done:
    with suite.serving(server) as served:
        path = folder / "target.toml"
        path.write_text(
            f'base_url = "{served.base_url}"\naccount = "T12345678"\nprofile = "rules"\n'
            f'[auth]\nclient_id = "me"\nclient_secret = "secret-of-mine"\n'
            f'token_url = "{served.base_url}/accounts/T12345678/auth/token"\n',
            "utf-8",
        )
        return suite.run(folder, path, "-q", "--clause", "range.accepted")


def test_a_token_that_is_refused_before_its_time_is_fetched_anew(tmp_path: Path) -> None:
    server = Renewing(lives=8)
    done = judged(tmp_path, server)
    (clause,) = (c for c in done.verdict["clauses"] if c["id"] == "range.accepted")
    assert (clause["status"], server.fetched) == ("held", 2), done.output


def test_where_the_other_token_is_dead_too_nothing_is_broken(tmp_path: Path) -> None:
    server = Renewing(lives=8, renews=False)
    done = judged(tmp_path, server)
    assert (done.code, done.verdict["verdict"], done.verdict["broken"]) == (6, "undecided", [])
    assert server.fetched == 2, done.output
    assert "the token was good, and is refused now" in done.output


def test_a_token_of_the_file_that_dies_meanwhile_breaks_nothing(tmp_path: Path) -> None:
    server = Renewing(lives=8)
    with suite.serving(server) as served:
        path = suite.target(tmp_path, served.base_url, 'profile = "rules"', token="token-1")
        done = suite.run(tmp_path, path, "-q", "--clause", "range.accepted")
    assert (done.code, done.verdict["verdict"], done.verdict["broken"]) == (6, "undecided", [])
    assert "the token was good, and is refused now" in done.output


def test_where_one_kind_of_request_gets_401_the_token_is_not_to_blame(tmp_path: Path) -> None:
    def no_counts(request: Seen) -> tuple[int, dict[str, str], bytes]:
        refused = b"number_of_transactions" in request.body
        return (401, JSON, b'{"error": {"message": "no"}}') if refused else SERVED

    with suite.serving(no_counts) as served:
        path = suite.target(tmp_path, served.base_url, 'profile = "rules"')
        done = suite.run(tmp_path, path, "-q", "--clause", "count.accepted")
    assert (done.code, done.verdict["broken"]) == (1, ["count.accepted"]), done.output


def test_what_is_sent_at_once_is_sent_again_where_some_got_no_answer(tmp_path: Path) -> None:
    path = matrix.target_file(tmp_path, ["--dialect", "too-busy-often"], {})
    done = suite.run(tmp_path, path, "-q", "--clause", "outcome.concurrent-once")
    (clause,) = (c for c in done.verdict["clauses"] if c["id"] == "outcome.concurrent-once")
    assert clause["status"] == "held", done.output
    assert done.verdict["weather"]["503"] > 5
