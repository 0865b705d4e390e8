"""Secrets: nothing that a run prints or writes holds one, in whatever form a server echoes it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from .hostile import canary, servers
from .hostile.canary import Secrets, leaks
from .hostile.proxies import before, forget, reference
from .hostile.sockets import Handler, Listener, Peer, answer, header
from .hostile.suite import LEDGER, Suite, at, run, target

LOUD = (
    "-vv",
    "-rA",
    "--showlocals",
    "--log-level=DEBUG",
    "--junitxml=own.xml",
    "-o",
    "cache_dir=c",
)
FAULT = "ids-with-count-accepted"


@pytest.fixture(scope="module")
def embedded() -> Iterator[int]:
    """The port of the embedded server."""
    with reference() as port:
        yield port


@pytest.fixture(scope="module")
def secrets() -> Secrets:
    """What must stand nowhere."""
    return canary.made()


def loaded(secrets: Secrets, port: int, endpoint: int = 0, profile: str = "full") -> str:
    """A target file that is full of secrets."""
    token_url = f"http://user:{canary.PASSWORD}@127.0.0.1:{endpoint}/token" if endpoint else ""
    return target(at(port), secrets.tables(token_url), LEDGER, profile=profile)


def keeps(ran: Suite, secrets: Secrets) -> None:
    assert leaks(ran.files(), secrets) == []


def gives(secrets: Secrets) -> Handler:
    """A token endpoint that gives our token."""
    given = {"access_token": secrets.token, "token_type": "Bearer", "expires_in": 3600}
    return servers.always(answer(200, json.dumps(given).encode()))


def echo(shape: Callable[[str], str], status: int = 400) -> Handler:
    """A server that answers with every secret it was sent, in some form."""

    def handler(peer: Peer) -> None:
        while (request := peer.request()) is not None:
            heard = [(header(request, name) or "") for name in ("authorization", "x-api-key")]
            said = " ".join(shape(value) for text in heard for value in (text, text[7:]))
            body = {"message": said, "error": {"message": said, "code": said}}
            peer.send(answer(status, json.dumps(body).encode(), f"X-Echo: {said}"))

    return handler


def encoded(text: str) -> str:
    """Base64 of a text at three alignments."""
    return " ".join(base64.b64encode(b"..."[:n] + text.encode()).decode() for n in range(3))


def test_a_run_that_holds_keeps_its_secrets(
    embedded: int, secrets: Secrets, tmp_path: Path
) -> None:
    forget(embedded)
    with Listener(gives(secrets)) as endpoint:
        ran = run(tmp_path, loaded(secrets, embedded, endpoint.port), *LOUD, seconds=120)
    assert ran.exit == 0, ran.output[-2000:]
    keeps(ran, secrets)


@pytest.mark.parametrize("options", [LOUD, (*LOUD, "-n", "2")], ids=["alone", "workers"])
def test_a_run_that_breaks_keeps_its_secrets(
    options: tuple[str, ...], secrets: Secrets, tmp_path: Path
) -> None:
    more = ("--propose-deviations", str(tmp_path / "deviations.toml"))
    with reference("--fault", FAULT) as port, Listener(gives(secrets)) as endpoint:
        text = loaded(secrets, port, endpoint.port)
        ran = run(tmp_path, text, *options, *more, seconds=120)
    assert ran.exit == 1, ran.output[-2000:]
    keeps(ran, secrets)


@pytest.mark.parametrize(
    ("shape", "status"),
    [
        pytest.param(str, 400, id="as it is"),
        pytest.param(str, 201, id="as it is, accepting"),
        pytest.param(encoded, 400, id="base64"),
        pytest.param(lambda text: quote(text, safe=""), 400, id="percent-encoded"),
    ],
)
def test_a_server_that_echoes_secrets_is_not_repeated(
    shape: Callable[[str], str], status: int, secrets: Secrets, tmp_path: Path
) -> None:
    with Listener(echo(shape, status)) as listener:
        ran = run(tmp_path, loaded(secrets, listener.port, profile="rules"), *LOUD, seconds=120)
        assert ran.exit == 1, ran.output[-2000:]
        keeps(ran, secrets)
        if shape is str and status == 400:
            text = (tmp_path / "target.toml").read_text("utf-8")
            options = ("--replay", str(tmp_path / "report"), *LOUD)
            again = run(tmp_path / "again", text, *options, seconds=120)
            assert again.exit == 1, again.output[-2000:]
            keeps(again, secrets)


def test_an_undecided_run_keeps_its_secrets(secrets: Secrets, tmp_path: Path) -> None:
    with Listener(echo(str, 401)) as listener:
        ran = run(tmp_path, loaded(secrets, listener.port), *LOUD)
    assert ran.exit == 6
    keeps(ran, secrets)


def test_the_password_of_an_address_stands_in_no_report(secrets: Secrets, tmp_path: Path) -> None:
    with Listener(echo(str, 401)) as listener:
        text = loaded(secrets, listener.port).replace("//", f"//user:{canary.PASSWORD}@", 1)
        ran = run(tmp_path, text, *LOUD)
    reports = {path: content for path, content in ran.files().items() if path != "output"}
    assert leaks(reports, secrets) == []


def test_a_token_endpoint_that_echoes_the_client_secret_is_not_repeated(
    embedded: int, secrets: Secrets, tmp_path: Path
) -> None:
    with Listener(echo(str, 401)) as endpoint:
        ran = run(tmp_path, loaded(secrets, embedded, endpoint.port), *LOUD)
    assert ran.exit == 6
    keeps(ran, secrets)


CRASH = """
from tests.harness.court import Court

judge, seen = Court.judge, []

def crash(self, exchange, *rest, **more):
    seen.append(exchange)
    if len(seen) == {number}:
        token = self.credentials.current()
        raise RuntimeError(f"about {{token}} in {{exchange}}")
    return judge(self, exchange, *rest, **more)

Court.judge = crash
"""


def test_a_crash_of_the_suite_in_a_test_keeps_its_secrets(
    embedded: int, secrets: Secrets, tmp_path: Path
) -> None:
    keeps(crashed(20, embedded, secrets, tmp_path), secrets)


def crashed(number: int, embedded: int, secrets: Secrets, folder: Path) -> Suite:
    """A run in which the suite itself fails at a request."""
    forget(embedded)
    (folder / "crash_plugin.py").write_text(CRASH.format(number=number), "utf-8")
    options = ("-p", "crash_plugin", *LOUD)
    environ = {"PYTHONPATH": f"{folder}:{Path(__file__).parents[2]}"}
    ran = run(folder, loaded(secrets, embedded), *options, seconds=120, environ=environ)
    assert ran.exit == 3, ran.output[-2000:]
    return ran


def test_a_nightly_run_and_its_example_database_keep_secrets(
    secrets: Secrets, tmp_path: Path
) -> None:
    options = ("--hypothesis-profile", "nightly", "--requests", "400", "-k", "generated", *LOUD)
    with reference("--fault", FAULT) as port:
        ran = run(tmp_path, loaded(secrets, port), *options, seconds=120)
    assert (tmp_path / ".hypothesis").is_dir()
    keeps(ran, secrets)


def test_secrets_go_to_the_configured_host_alone(
    embedded: int, secrets: Secrets, tmp_path: Path
) -> None:
    with Listener(servers.hears) as other, Listener(gives(secrets)) as endpoint:
        reply = servers.redirect(f"http://127.0.0.1:{other.port}/v1")

        def strays(peer: Peer, number: int, ask: Callable[[], bytes]) -> None:
            peer.send(reply if number % 20 == 10 else ask())

        with Listener(before(embedded, strays)) as listener:
            run(tmp_path, loaded(secrets, listener.port, endpoint.port, "rules"), seconds=120)
        assert other.connections == 0
        assert len(listener.heads) > 100
        assert not any(canary.CLIENT_SECRET.encode() in head for head in listener.heads)
