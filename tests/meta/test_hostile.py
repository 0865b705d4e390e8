"""Hostile targets: each gets its verdict within its time, and no report is lost.

A sample runs by default; `FULL=1` runs all of them.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from .hostile import certificates, proxies, servers
from .hostile.proxies import Turn, forget, passes, proxy, reference
from .hostile.servers import BROKEN, UNDECIDED, always
from .hostile.sockets import Handler, Listener, Peer, answer
from .hostile.suite import ACCOUNT, DEVELOPMENT, LEDGER, Suite, at, run, start, target

FULL = bool(os.environ.get("FULL"))
MEGABYTES = 500
LONGEST = 60.0
"""Seconds for what ends after a few requests, and for a run of the whole suite: three times what
they take on a machine with nothing else to do."""

TOKEN = '[auth]\ntoken = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtZXRhIn0.c2lnbmF0dXJl"\n'
REPORTS = ("verdict.json", "junit.xml", "summary.md", "report.html", "badge.svg", "exchanges.har")

CONTROLS = ("\x1b", "\x07", "\x08")
MARKUP = ("<script>alert", "<img src=x")

SAMPLE = {
    "accepts and never answers",
    "a body of one byte each 0.2 s",
    "reset in the middle",
    "endless body",
    "endless headers",
    "gzip bomb",
    "content length too long",
    "content length too short, kept alive",
    "HTTP/0.9",
    "Retry-After of a year",
    "JSON nested 100,000 deep",
    "status 600",
    "terminal escapes",
    "HTML and script, accepting",
    "interim",
    "bursts",
}
"""What runs without FULL=1."""

full = pytest.mark.skipif(not FULL, reason="FULL=1 runs it")


def chosen(names: dict[str, tuple[Handler, str]]) -> list[object]:
    """The names of hostile targets, those beyond the sample marked."""
    return [pytest.param(name, marks=[] if name in SAMPLE else [full]) for name in names]


def turns(*found: Turn) -> list[object]:
    """Proxies, those beyond the sample marked."""
    return [
        pytest.param(turn, id=turn.__name__, marks=[] if turn.__name__ in SAMPLE else [full])
        for turn in found
    ]


@pytest.fixture(scope="module")
def embedded() -> Iterator[int]:
    """The port of the embedded server."""
    with reference() as port:
        yield port


def is_bounded(ran: Suite) -> None:
    """Whatever came, every report is there and memory was bounded."""
    assert ran.megabytes < MEGABYTES
    assert ran.verdict["exit"] == ran.exit
    folder = ran.folder / "report"
    assert {path.name for path in folder.iterdir()} == set(REPORTS)
    json.loads((folder / "exchanges.har").read_bytes())


def ended(ran: Suite) -> tuple[int | None, str, bool]:
    """The exit status, the verdict's word, and whether the run came to its end."""
    return ran.exit, str(ran.verdict["verdict"]), bool(ran.verdict["complete"])


def is_undecided(ran: Suite, says: str) -> None:
    assert ended(ran) == (6, "undecided", False)
    assert says in ran.verdict["sentence"]
    assert ran.verdict["broken"] == []
    is_bounded(ran)


def conforms(ran: Suite) -> None:
    assert ran.verdict["broken"] == [], ran.output[-3000:]
    assert (ran.exit, ran.verdict["complete"]) == (0, True)
    assert ran.verdict["verdict"] in ("conforms", "partial")
    is_bounded(ran)


def proxied(port: int, profile: str = "full") -> str:
    """The target file of a proxy."""
    return target(at(port), DEVELOPMENT, LEDGER, profile=profile)


def test_nobody_listening_is_undecided(tmp_path: Path) -> None:
    port = servers.refuses_connections().port
    is_undecided(run(tmp_path, target(at(port), TOKEN)), "the connection was refused")


@pytest.mark.parametrize("name", chosen(UNDECIDED))
def test_a_target_of_which_nothing_can_be_said_is_undecided(name: str, tmp_path: Path) -> None:
    handler, says = UNDECIDED[name]
    with Listener(handler) as listener:
        is_undecided(run(tmp_path, target(at(listener.port), TOKEN), seconds=LONGEST), says)


@pytest.mark.parametrize("name", chosen(BROKEN))
def test_a_target_that_answers_and_breaks_the_contract_is_broken(name: str, tmp_path: Path) -> None:
    handler, clause = BROKEN[name]
    with Listener(handler) as listener:
        ran = run(tmp_path, target(at(listener.port), TOKEN), seconds=2 * LONGEST)
    assert ended(ran) == (1, "broken", True)
    assert clause in ran.verdict["broken"] or not clause
    is_bounded(ran)
    shows_nothing_raw(ran)


def shows_nothing_raw(ran: Suite) -> None:
    """No report has markup or control characters of the server in it as they are."""
    files = ran.files()
    for name in ("output", *(f"report/{each}" for each in REPORTS)):
        assert not [each for each in CONTROLS if each.encode() in files[name]], name
    for name in ("report.html", "junit.xml", "badge.svg"):
        assert not [each for each in MARKUP if each.encode() in files[f"report/{name}"]], name
    # Between fences, markdown shows everything as it is.
    outside = "".join(files["report/summary.md"].decode().split("```")[::2])
    assert not [each for each in MARKUP if each in outside]


@full
def test_429_for_ever_is_undecided(tmp_path: Path) -> None:
    with Listener(always(answer(429, b"{}"))) as listener:
        is_undecided(run(tmp_path, target(at(listener.port), TOKEN), seconds=120), "answered 429")


@pytest.mark.parametrize(
    "status", [301, pytest.param(307, marks=full), pytest.param(308, marks=full)]
)
def test_a_redirect_to_another_host_is_never_followed(status: int, tmp_path: Path) -> None:
    with Listener(servers.silent) as other:
        reply = servers.redirect(f"http://127.0.0.1:{other.port}/v1", status)
        with Listener(always(reply)) as listener:
            ran = run(tmp_path, target(at(listener.port), TOKEN))
        assert other.connections == 0
    is_undecided(ran, "does not seem to be the API")


@pytest.mark.parametrize(
    ("name", "dates", "trusted"),
    [
        pytest.param("IP:127.0.0.1", certificates.EXPIRED, True, id="expired"),
        pytest.param("DNS:other.example", certificates.GOOD, True, id="another host", marks=full),
        pytest.param("IP:127.0.0.1", certificates.GOOD, False, id="unknown authority", marks=full),
    ],
)
def test_a_wrong_certificate_is_undecided(
    name: str, dates: tuple[str, str], trusted: bool, tmp_path: Path
) -> None:
    context = certificates.certificate(tmp_path / "made", name, dates)
    table = f'[tls]\nca = "{tmp_path}/made/cert.pem"\n' if trusted else ""
    heard: list[bytes] = []

    def listen(peer: Peer) -> None:
        heard.append(peer.request() or b"")

    with Listener(listen, tls=context) as listener:
        ran = run(tmp_path / "run", target(at(listener.port, "https"), TOKEN, table))
    is_undecided(ran, "TLS failed")
    assert not any(heard)


@full
def test_a_trusted_certificate_is_judged_normally(embedded: int, tmp_path: Path) -> None:
    context = certificates.certificate(tmp_path / "made")
    table = f'[tls]\nca = "{tmp_path}/made/cert.pem"\n'
    forget(embedded)
    with Listener(proxies.before(embedded, passes), tls=context) as listener:
        text = target(at(listener.port, "https"), DEVELOPMENT, LEDGER, table, profile="full")
        conforms(run(tmp_path / "run", text, seconds=2 * LONGEST))


@full
def test_plain_http_where_tls_is_wanted_is_undecided(tmp_path: Path) -> None:
    with Listener(always(answer(200, b"{}"))) as listener:
        is_undecided(
            run(tmp_path, target(at(listener.port, "https"), TOKEN)), "nothing can be said"
        )


@pytest.mark.parametrize(
    "turn",
    turns(proxies.interim, proxies.cookies, proxies.bursts, proxies.drops, proxies.comes_back),
)
def test_a_good_server_in_bad_weather_is_judged_normally(
    turn: Turn, embedded: int, tmp_path: Path
) -> None:
    forget(embedded)
    with proxy(embedded, turn) as listener:
        conforms(run(tmp_path, proxied(listener.port), seconds=2 * LONGEST))
        assert not any(b"\ncookie:" in head.lower() for head in listener.heads)


@pytest.mark.parametrize("turn", turns(proxies.slows))
def test_a_server_that_gets_slower_and_slower_is_undecided(
    turn: Turn, embedded: int, tmp_path: Path
) -> None:
    forget(embedded)
    with proxy(embedded, turn) as listener:
        ran = run(tmp_path, proxied(listener.port), seconds=2 * LONGEST)
    is_undecided(ran, "within the time limit")
    assert ran.status("body.empty") == "held" or ran.status("account.length") == "held"


def test_a_server_that_dies_in_mid_run_is_undecided_and_what_was_seen_is_kept(
    embedded: int, tmp_path: Path
) -> None:
    forget(embedded)
    with proxy(embedded, proxies.dies) as listener:
        ran = run(tmp_path, proxied(listener.port), seconds=LONGEST)
    is_undecided(ran, "stopped answering after")
    assert "UTC: the connection was refused" in ran.verdict["sentence"]
    assert ran.status("account.length") == "held"
    exchanges = json.loads((tmp_path / "report" / "exchanges.har").read_bytes())["log"]["entries"]
    assert len(exchanges) > 90


def test_a_broken_server_that_dies_in_mid_run_is_broken(tmp_path: Path) -> None:
    with (
        reference("--fault", "account-of-eight-accepted") as port,
        proxy(port, proxies.dies) as dying,
    ):
        ran = run(tmp_path, proxied(dying.port), seconds=LONGEST)
    assert ended(ran) == (1, "broken", False)
    assert ran.verdict["broken"] == ["account.length"]
    is_bounded(ran)


@full
def test_ipv4_and_ipv6_are_not_mixed(embedded: int, tmp_path: Path) -> None:
    forget(embedded)
    with proxy(embedded, passes) as four:
        try:
            nowhere = always(answer(404, b"{}"))
            six = Listener(nowhere, socket.AF_INET6, port=four.port)
        except OSError:
            pytest.skip("there is no IPv6 here")
        with six:
            address = at(four.port, host="localhost")
            text = target(address, DEVELOPMENT, LEDGER, profile="full")
            ran = run(tmp_path, text, seconds=2 * LONGEST)
    assert 0 in (four.connections, six.connections)
    assert ran.exit == (0 if four.connections else 6)


def client(port: int) -> str:
    """Client credentials for a token endpoint."""
    return f'{DEVELOPMENT}token_url = "http://127.0.0.1:{port}/token"\n'


def token(value: str, lifetime: object = 3600) -> bytes:
    """The answer of a token endpoint."""
    body = {"access_token": value, "token_type": "Bearer", "expires_in": lifetime}
    return answer(200, json.dumps(body).encode())


@pytest.mark.parametrize(
    ("handler", "says"),
    [
        pytest.param(None, "the connection was refused", id="down"),
        pytest.param(servers.silent, "within the time limit", id="silent", marks=full),
        pytest.param(always(servers.PAGE), "readable access_token", id="HTML"),
        pytest.param(always(servers.LATER), "answered 503", id="a year", marks=full),
        pytest.param(always(servers.redirect("/")), "answered 307", id="redirect", marks=full),
        pytest.param(always(servers.nested(200)), "readable access_token", id="nested", marks=full),
        pytest.param(always(token("a\r\nb")), "cannot stand in a header", id="lines", marks=full),
        pytest.param(always(token("")), "readable access_token", id="empty", marks=full),
    ],
)
def test_a_token_that_cannot_be_had_is_undecided(
    handler: Handler | None, says: str, embedded: int, tmp_path: Path
) -> None:
    with Listener(handler or servers.silent) as endpoint, proxy(embedded, passes) as listener:
        if handler is None:
            endpoint.close()
        ran = run(tmp_path, target(at(listener.port), client(endpoint.port)))
        assert listener.connections == 0
    is_undecided(ran, says)
    assert "development-secret" not in ran.output.decode()


def issued(account: str, lifetime: float) -> str:
    """A token that the embedded server takes."""
    from tests.reference import tokens

    return tokens.issue(account, lifetime)


@pytest.mark.parametrize(
    ("account", "lifetime"),
    [
        pytest.param("T87654321", 3600, id="another account"),
        pytest.param(ACCOUNT, -5, id="expired"),
    ],
)
def test_a_token_that_does_not_serve_is_undecided(
    account: str, lifetime: float, embedded: int, tmp_path: Path
) -> None:
    endpoint = Listener(always(lambda: token(issued(account, lifetime), int(lifetime))))
    with endpoint, proxy(embedded, passes) as listener:
        ran = run(tmp_path, target(at(listener.port), client(endpoint.port)))
    is_undecided(ran, "refuses the token")


@full
@pytest.mark.parametrize("lifetime", [0, -1, "NaN", 1e300])
def test_a_lifetime_of_nonsense_does_no_harm(
    lifetime: object, embedded: int, tmp_path: Path
) -> None:
    endpoint = Listener(always(lambda: token(issued(ACCOUNT, 600), lifetime)))
    with endpoint, proxy(embedded, passes) as listener:
        text = target(at(listener.port), client(endpoint.port))
        conforms(run(tmp_path, text, seconds=2 * LONGEST))


def under_way(ran: Suite, listener: Listener, requests: int = 1) -> None:
    """Wait until the target has seen that many requests."""
    while len(listener.heads) < requests:
        assert ran.process.poll() is None, ran.output
        time.sleep(0.02)


def interrupt(ran: Suite) -> None:
    """Press Ctrl-C: it ends in 3 seconds, or in 9 on a machine that is busy."""
    interrupted = time.monotonic()
    ran.signal(signal.SIGINT)
    ran.wait(LONGEST)
    assert time.monotonic() - interrupted < 3 * 3
    assert ended(ran) == (2, "undecided", False)


def test_ctrl_c_ends_at_once_with_the_reports_of_what_was_seen(
    embedded: int, tmp_path: Path
) -> None:
    forget(embedded)
    with (
        proxy(embedded, proxies.steady) as listener,
        start(tmp_path, proxied(listener.port)) as ran,
    ):
        under_way(ran, listener, 60)
        interrupt(ran)
    assert {path.name for path in (tmp_path / "report").iterdir()} == set(REPORTS)
    assert "interrupted" in ran.verdict["sentence"]
    assert ran.status("account.length") == "held"
    json.loads((tmp_path / "report" / "exchanges.har").read_bytes())


def test_ctrl_c_while_a_target_does_not_answer_ends_at_once(tmp_path: Path) -> None:
    with (
        Listener(servers.hears) as listener,
        start(tmp_path, target(at(listener.port), TOKEN, timeout=50.0)) as ran,
    ):
        under_way(ran, listener)
        interrupt(ran)


def test_a_killed_suite_leaves_a_readable_verdict_that_is_not_complete(
    embedded: int, tmp_path: Path
) -> None:
    forget(embedded)
    with (
        proxy(embedded, proxies.steady) as listener,
        start(tmp_path, proxied(listener.port)) as ran,
    ):
        under_way(ran, listener, 100)
        ran.kill()
    assert (ran.verdict["verdict"], ran.verdict["complete"]) == ("undecided", False)
