"""The ASGI application: a service, its token endpoint, and what is needed to run it as a mock."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import unquote

from tests.reference import tokens
from tests.reference.messages import Refusal, Reply, Request
from tests.reference.service import Service

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

OPERATION = re.compile(r"/v1/accounts/([^/]*)/settlements/reports/generate-test-report")
TOKEN = re.compile(r"/v1/accounts/([^/]*)/auth/token")


class App:
    """Serves one service over HTTP. There are few enough paths to need no router."""

    def __init__(self, service: Service) -> None:
        self.service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        body = await read_all(receive, self.service.max_body)
        if body is None:
            return
        # The raw path: an encoded slash or newline in an account is part of the account.
        path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        if match := OPERATION.fullmatch(path):
            request = Request(scope["method"], unquote(match[1]), headers, body)
            reply = await self.service.answer(request)
        elif match := TOKEN.fullmatch(path):
            reply = self.token(scope["method"], unquote(match[1]), headers, body)
        else:
            reply = self.admin(scope["method"], path)
        await write(send, reply)

    def token(self, method: str, account: str, headers: dict[str, str], body: bytes) -> Reply:
        """Give a token for client credentials."""
        request = Request(method, account, headers, body)
        try:
            self.check_grant(request)
        except Refusal as refusal:
            return error_reply(refusal.status, refusal.message)
        lifetime = self.service.token_lifetime
        document = {
            "access_token": tokens.issue(account, lifetime),
            "token_type": "Bearer",
            "expires_in": int(lifetime),
        }
        return json_reply(200, document)

    def check_grant(self, request: Request) -> None:
        """Refuse another method, wrong credentials and wrong grants."""
        if request.method != "POST":
            raise Refusal(405, "Tokens are given at POST only.")
        credentials = tokens.basic_credentials(request.header("authorization"))
        if credentials != (tokens.CLIENT_ID, tokens.CLIENT_SECRET):
            raise Refusal(401, "Client id or client secret is wrong.")
        try:
            grant = json.loads(request.body)
        except (ValueError, RecursionError):
            grant = None
        if not isinstance(grant, dict) or grant.get("grant_type") != "client_credentials":
            raise Refusal(400, "grant_type must be client_credentials.")
        audience = grant.get("audience")
        if not isinstance(audience, str) or not audience.endswith(f"/accounts/{request.account}"):
            raise Refusal(400, "audience must name the account.")

    def admin(self, method: str, path: str) -> Reply:
        """Serve what is not part of the API: /health, /reset, /transactions."""
        if path == "/health":
            return json_reply(200, {"message": "ready"})
        if path == "/reset" and method == "POST":
            self.service.reset()
            return json_reply(200, {"message": "reset"})
        if path == "/transactions" and method == "GET":
            return json_reply(200, self.transactions())
        return error_reply(404, "There is nothing here.")

    def transactions(self) -> list[dict[str, Any]]:
        """Return all transactions of all accounts with their state."""
        return [
            {
                "id": each.id,
                "account": each.account,
                "date": each.day.isoformat(),
                "settled": each.settled,
            }
            for each in self.service.ledger
        ]


def json_reply(status: int, document: Any) -> Reply:
    """Return a reply that no fault or dialect touches."""
    return Reply(status, json.dumps(document).encode())


def error_reply(status: int, message: str) -> Reply:
    """Return a refusal that no fault or dialect touches."""
    return json_reply(status, {"error": {"message": message}})


async def read_all(receive: Receive, limit: int) -> bytes | None:
    """Read a body to its end; what comes once it is over the limit is not kept.

    None where the other side has gone before it was all there.
    """
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        if len(body) <= limit:
            body += message.get("body", b"")
    return body


async def write(send: Send, reply: Reply) -> None:
    """Send a reply."""
    headers = [(name.encode(), value.encode("latin-1")) for name, value in reply.headers.items()]
    if reply.content or reply.status not in (204, 304):
        headers.append((b"content-type", reply.media_type.encode()))
    if not reply.streamed and reply.status not in (204, 304):
        headers.append((b"content-length", b"%d" % len(reply.content)))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    if reply.dropped:
        return
    if reply.streamed:
        for position in range(0, len(reply.content), 16):
            piece = reply.content[position : position + 16]
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    else:
        await send({"type": "http.response.body", "body": reply.content})
