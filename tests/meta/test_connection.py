"""The connection: proxies, tunnels, and answers that come before a request was read."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.harness import client
from tests.harness.client import Client, send_at_once
from tests.harness.endpoint import Endpoint
from tests.harness.errors import UsageError
from tests.harness.wire import Answer, Request

from .hostile.certificates import certificate
from .hostile.sockets import Handler, Listener, Peer, answer

TOKEN = "Bearer a-token"
REQUEST = Request("POST", "/v1/it", (("Authorization", TOKEN),), b"{}")
BASIC = "Proxy-Authorization: Basic dXM6cC93"
"""What the user `us` with the password `p/w` is written as (RFC 7617)."""


def served(peer: Peer) -> None:
    """Answers every request, and notes its head."""
    assert peer.listener is not None
    while (request := peer.request()) is not None:
        peer.listener.heads.append(request.partition(b"\r\n\r\n")[0])
        peer.send(answer(201, b"{}"))


def lines(head: bytes) -> list[str]:
    return head.decode().split("\r\n")


def sent(endpoint: Endpoint, *requests: Request, pause: float = 0.0) -> list[Answer]:
    """What comes for requests, one after the other on one client, some seconds apart."""
    client = Client(endpoint)
    answers = []
    try:
        for request in requests:
            answers.append(client.send(request))
            time.sleep(pause)
    finally:
        client.close()
    return answers


def through(monkeypatch: pytest.MonkeyPatch, scheme: str, address: str) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv(f"{scheme}_proxy", address)


def test_a_proxy_gets_the_whole_address_and_its_own_credentials(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Listener(served) as proxy:
        through(monkeypatch, "http", f"http://us:p%2Fw@127.0.0.1:{proxy.port}")
        answers = sent(Endpoint("http://api.test:8080/v1"), REQUEST, REQUEST)
    assert [found.status for found in answers] == [201, 201]
    assert proxy.connections == 1
    first, *headers = lines(proxy.heads[0])
    assert first == "POST http://api.test:8080/v1/it HTTP/1.1"
    assert {"Host: api.test:8080", f"Authorization: {TOKEN}", BASIC} <= set(headers)


def tunnel(to: ssl.SSLContext) -> Handler:
    """A proxy that opens a way, at the end of which it stands itself."""

    def handler(peer: Peer) -> None:
        assert peer.listener is not None
        peer.listener.heads.append((peer.request() or b"").partition(b"\r\n\r\n")[0])
        peer.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with to.wrap_socket(peer.socket, server_side=True) as secure:
            served(Peer(secure, peer.listener))

    return handler


def test_https_goes_through_a_tunnel_that_sees_no_token(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shown = certificate(tmp_path, "DNS:api.test")
    trusting = ssl.create_default_context(cafile=tmp_path / "cert.pem")
    with Listener(tunnel(shown)) as proxy:
        through(monkeypatch, "https", f"us:p%2Fw@127.0.0.1:{proxy.port}")
        answers = sent(Endpoint("https://api.test/v1", tls=trusting), REQUEST, REQUEST)
    assert [found.status for found in answers] == [201, 201]
    asked, first, second = (lines(head) for head in proxy.heads)
    assert asked == ["CONNECT api.test:443 HTTP/1.1", "Host: api.test:443", BASIC]
    assert first[0] == second[0] == "POST /v1/it HTTP/1.1"
    assert BASIC not in first


def refused(peer: Peer) -> None:
    peer.request()
    peer.send(answer(407, b"", "Proxy-Authenticate: Basic"))


def test_a_proxy_that_refuses_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with Listener(refused) as proxy:
        through(monkeypatch, "https", f"http://127.0.0.1:{proxy.port}")
        (found,) = sent(Endpoint("https://api.test/v1"), REQUEST)
    assert (found.status, found.trouble) == (None, "the proxy answered 407")


def test_no_proxy_is_asked_for_a_host_that_is_excepted(monkeypatch: pytest.MonkeyPatch) -> None:
    with Listener(served) as proxy, Listener(served) as target:
        through(monkeypatch, "http", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("no_proxy", "api.test")
        monkeypatch.setattr(socket, "create_connection", _to(target.port))
        (found,) = sent(Endpoint("http://api.test/v1"), REQUEST)
    assert found.status == 201
    assert (proxy.connections, target.connections) == (0, 1)


def _to(port: int) -> object:
    """Connects to a port here, whatever the address."""
    connect = socket.create_connection
    return lambda _, timeout: connect(("127.0.0.1", port), timeout)


def test_a_proxy_of_another_kind_is_the_users_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    through(monkeypatch, "https", "socks5://127.0.0.1:1080")
    with pytest.raises(UsageError, match="https_proxy: socks5: only an http proxy can be used"):
        Client(Endpoint("https://api.test/v1"))


@pytest.mark.parametrize(
    ("address", "resource"),
    [
        ("http://127.0.0.1:1", "/"),
        ("http://127.0.0.1:1/reset/", "/reset/"),
        ("http://127.0.0.1:1/reset?all=yes&key=a%20b", "/reset?all=yes&key=a%20b"),
    ],
)
def test_what_an_address_asks_for_is_kept_with_its_query(address: str, resource: str) -> None:
    assert Endpoint(address).resource == resource


def hasty(peer: Peer) -> None:
    """Refuses as soon as it has seen a little, and reads no more."""
    peer.socket.recv(100)
    peer.send(answer(413, b"{}", "Connection: close"))
    peer.socket.shutdown(socket.SHUT_WR)
    peer.wait()


def test_a_refusal_before_the_body_was_read_is_an_answer() -> None:
    large = Request("POST", "/v1/it", (), b"x" * 8_000_000)
    with Listener(hasty) as server:
        answers = sent(Endpoint(f"http://127.0.0.1:{server.port}/v1"), large, large)
    assert [found.status for found in answers] == [413, 413]
    assert server.connections == 2


def test_a_connection_that_was_closed_meanwhile_is_opened_anew() -> None:
    def once(peer: Peer) -> None:
        peer.request()
        peer.send(answer(201, b"{}"))

    with Listener(once) as server:
        endpoint = Endpoint(f"http://127.0.0.1:{server.port}/v1")
        answers = sent(endpoint, REQUEST, REQUEST, pause=0.1)
    assert [found.status for found in answers] == [201, 201]
    assert server.connections == 2


def test_what_is_sent_at_once_is_complete_when_all_of_it_is_there() -> None:
    begun = threading.Barrier(12)

    def together(peer: Peer) -> None:
        peer.socket.recv(1, socket.MSG_PEEK)
        begun.wait(5)
        peer.request()
        peer.send(answer(201, b"{}"))

    with Listener(together) as server:
        done = send_at_once(Endpoint(f"http://127.0.0.1:{server.port}/v1"), [REQUEST] * 12)

    assert [found.status for _, found in done] == [201] * 12
    assert server.connections == 12


def test_a_server_of_one_connection_at_a_time_answers_all_that_is_sent_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(client, "HOLD", 0.3)
    listening = socket.create_server(("127.0.0.1", 0), backlog=0)

    def one(peer: Peer) -> None:
        while peer.request() is not None:
            peer.send(answer(201, b"{}"))

    def one_by_one() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                with connection:
                    one(Peer(connection))

    threading.Thread(target=one_by_one, daemon=True).start()
    port = listening.getsockname()[1]
    with closing(listening):
        done = send_at_once(Endpoint(f"http://127.0.0.1:{port}/v1"), [REQUEST] * 5)

    assert [found.status for _, found in done] == [201] * 5


def test_what_nobody_takes_at_once_has_its_trouble_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    done = send_at_once(Endpoint(f"http://127.0.0.1:{port}/v1"), [REQUEST] * 3)

    assert [found.trouble for _, found in done] == ["the connection was refused"] * 3


def closing_politely(peer: Peer) -> None:
    """Answers, says that it closes, and waits until the other side has closed."""
    assert peer.listener is not None
    peer.request()
    peer.send(b"HTTP/1.1 201 Created\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}")
    peer.socket.shutdown(socket.SHUT_WR)
    since = time.monotonic()
    peer.wait()
    peer.listener.heads.append(str(time.monotonic() - since).encode())


def test_a_connection_that_the_server_closes_is_closed_by_us_before_anything_else() -> None:
    with Listener(closing_politely) as server:
        one = Client(Endpoint(f"http://127.0.0.1:{server.port}/v1"))
        assert one.send(REQUEST).status == 201
        time.sleep(0.3)
        assert [float(waited) < 0.2 for waited in server.heads] == [True]


def test_whoever_is_answered_first_is_closed_first_whatever_was_sent_first() -> None:
    turn = threading.Semaphore(0)
    numbers = iter(range(4))

    def last_first(peer: Peer) -> None:
        number = next(numbers)
        peer.request()
        if number < 3:
            turn.acquire(timeout=3)
        peer.send(b"HTTP/1.1 201 Created\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}")
        peer.wait()
        turn.release()

    since = time.monotonic()
    with Listener(last_first) as server:
        done = send_at_once(Endpoint(f"http://127.0.0.1:{server.port}/v1"), [REQUEST] * 4)
    assert [found.status for _, found in done] == [201] * 4
    assert time.monotonic() - since < 2


def test_where_one_stays_silent_the_others_are_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(client, "HOLD", 0.1)
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        port = full.getsockname()[1]
        since = time.monotonic()
        done = send_at_once(Endpoint(f"http://127.0.0.1:{port}/v1", 0.4), [REQUEST] * 12)
    assert {found.status for _, found in done} == {None}
    assert time.monotonic() - since < 3
