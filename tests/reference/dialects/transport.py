"""Lawful variations in how answers travel: late, not at all, or not yet."""

from __future__ import annotations

import asyncio
import random
import time
from email.utils import formatdate
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from tests.reference.messages import Refusal, Reply, Request
from tests.reference.service import Service
from tests.reference.variants import dialect


@dialect()
class SlowWithJitter(Service):
    """Takes up to thirty milliseconds for an answer."""

    async def answer(self, request: Request) -> Reply:
        await asyncio.sleep(random.uniform(0, 0.03))
        return await super().answer(request)


@dialect()
class SlowNowAndThen(Service):
    """Takes two seconds for every two hundredth answer."""

    requests = 0

    async def answer(self, request: Request) -> Reply:
        self.requests += 1
        if self.requests % 200 == 0:
            await asyncio.sleep(2)
        return await super().answer(request)


class Weather(Service):
    """Does not serve a request now and then."""

    every = 100
    status = 503

    def __init__(self) -> None:
        super().__init__()
        self.requests = 0

    async def answer(self, request: Request) -> Reply:
        self.requests += 1
        if self.is_bad():
            return self.bad(request)
        return await super().answer(request)

    def is_bad(self) -> bool:
        """Tell if this request is not served."""
        return self.requests % self.every == 0

    def bad(self, request: Request) -> Reply:
        """Return what is answered instead."""
        return self.refuse(request, Refusal(self.status, "Not now.", reason="weather"))


@dialect()
class UnavailableNowAndThen(Weather):
    """Answers every hundredth request with 503 and says nothing about when to come again."""

    def bad(self, request: Request) -> Reply:
        reply = super().bad(request)
        reply.headers.pop("retry-after", None)
        return reply


@dialect()
class TooBusyOften(Weather):
    """Answers every ninth request with 503 and asks to come again at once."""

    every = 9

    def bad(self, request: Request) -> Reply:
        reply = super().bad(request)
        reply.headers["retry-after"] = "0"
        return reply


@dialect()
class BadGatewayNowAndThen(Weather):
    """Answers every eightieth request with 502 and a page."""

    every = 80

    def bad(self, request: Request) -> Reply:
        return Reply(502, b"<html><h1>Bad Gateway</h1></html>", "text/html")


@dialect()
class TimeoutsNowAndThen(Service):
    """Serves every ninetieth request, and answers 504 without a body all the same."""

    requests = 0

    async def answer(self, request: Request) -> Reply:
        reply = await super().answer(request)
        self.requests += 1
        return reply if self.requests % 90 else Reply(504, b"", "text/plain")


@dialect()
class TooManyRequests(Weather):
    """Answers every two hundredth request with 429 and asks to wait a second."""

    every, status = 200, 429


@dialect()
class TooManyRequestsUntilLater(Weather):
    """Answers every two hundredth request with 429 and says in a date when to come again."""

    every, status = 200, 429

    def bad(self, request: Request) -> Reply:
        reply = super().bad(request)
        reply.headers["retry-after"] = formatdate(time.time() + 1, usegmt=True)
        return reply


@dialect()
class RateLimited(Service):
    """Serves a hundred requests a second, and answers 429 to the others."""

    rate = 100


@dialect()
class WarmsUp(Weather):
    """Answers its first five requests with 503."""

    def is_bad(self) -> bool:
        return self.requests <= 5


@dialect()
class DropsConnections(Weather):
    """Drops the connection of every hundredth request that it did not serve."""

    def bad(self, request: Request) -> Reply:
        return Reply(200, b"never sent", dropped=True)


@dialect()
class DropsAnswers(Service):
    """Serves every hundredth request, and drops the connection before its answer."""

    requests = 0

    async def answer(self, request: Request) -> Reply:
        reply = await super().answer(request)
        self.requests += 1
        reply.dropped = self.requests % 100 == 0
        return reply


@dialect()
class ImpatientConnections(Service):
    """Closes a connection after a second without a request."""

    keep_alive = 1


class InTurn(HttpToolsProtocol):
    """Reads nothing of a connection until those before it are closed."""

    turns: ClassVar[list[asyncio.Transport]] = []

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.turns.append(transport)
        if self.turns[0] is not transport:
            transport.pause_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.turns.remove(self.transport)
        if self.turns:
            self.turns[0].resume_reading()


@dialect()
class OneConnectionAfterAnother(Service):
    """Serves one connection until it is closed, and then the next, as with a single thread."""

    protocol = InTurn
