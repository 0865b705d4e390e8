"""Lawful variations in what an answer looks like."""

from __future__ import annotations

import gzip
import json
import zlib
from typing import Any

from tests.reference.messages import Refusal, Reply, Request
from tests.reference.service import Service
from tests.reference.variants import dialect


@dialect()
class MoreMembers(Service):
    """Answers with members that the document does not name, everywhere."""

    def success(self, status: int) -> Any:
        return super().success(status) | {
            "report_id": "r-1" if status == 201 else None,
            "links": [],
        }

    def failure(self, refusal: Refusal) -> Any:
        error = super().failure(refusal)["error"]
        nested = [each | {"hint": None} for each in error["errors"]]
        return {"error": error | {"errors": nested, "trace": 7, "documentation": {}}, "ok": False}


@dialect()
class MessageOnly(Service):
    """Answers refusals with a message and nothing beside it."""

    def failure(self, refusal: Refusal) -> Any:
        return {"error": {"message": refusal.message}}


@dialect()
class EmptyMessages(Service):
    """Answers with messages that are empty strings."""

    def success(self, status: int) -> Any:
        return {"message": ""}

    def failure(self, refusal: Refusal) -> Any:
        return {"error": super().failure(refusal)["error"] | {"message": "", "errors": []}}


@dialect()
class NorwegianMessages(Service):
    """Answers in Norwegian."""

    def success(self, status: int) -> Any:
        created, nothing = "Oppgjørsrapporten er opprettet.", "Ingen transaksjoner å gjøre opp."
        return {"message": created if status == 201 else nothing}

    def failure(self, refusal: Refusal) -> Any:
        error = super().failure(refusal)["error"]
        return {"error": error | {"message": "Forespørselen er ugyldig: blåbærsyltetøy 🫐"}}

    def reply(self, status: int, document: Any) -> Reply:
        return Reply(status, json.dumps(document, ensure_ascii=False).encode())


@dialect()
class PrettyPrinted(Service):
    """Answers with JSON that is laid out for people, and ends in a newline."""

    def reply(self, status: int, document: Any) -> Reply:
        return Reply(status, json.dumps(document, indent="\t").encode() + b"\r\n")


class OtherMediaType(Service):
    """Writes the media type differently."""

    media_type = "application/json"

    def reply(self, status: int, document: Any) -> Reply:
        reply = super().reply(status, document)
        reply.media_type = self.media_type
        return reply


@dialect()
class CharsetNamed(OtherMediaType):
    """Names the charset in the media type."""

    media_type = "application/json; charset=utf-8"


@dialect()
class OddlyWrittenMediaType(OtherMediaType):
    """Writes the media type in mixed case, with parameters and without a blank."""

    media_type = 'Application/JSON;Charset="UTF-8";profile=report'


@dialect()
class MoreHeaders(Service):
    """Answers with many headers that nobody asked for."""

    async def answer(self, request: Request) -> Reply:
        reply = await super().answer(request)
        reply.headers |= {
            "x-request-id": "0123456789abcdef",
            "strict-transport-security": "max-age=63072000",
            "cache-control": "no-store",
            "set-cookie": "session=1; HttpOnly",
            "etag": 'W/"1"',
            "vary": "accept-encoding",
        }
        if reply.status == 201:
            reply.headers["location"] = "/v1/settlements/1"
        return reply


@dialect()
class Gzipped(Service):
    """Compresses answers for those who take it."""

    coding = "gzip"

    def compressed(self, content: bytes) -> bytes:
        """Return the content in the coding."""
        return gzip.compress(content, 1)

    async def answer(self, request: Request) -> Reply:
        reply = await super().answer(request)
        if self.coding in (request.header("accept-encoding") or "") and reply.content:
            reply.content = self.compressed(reply.content)
            reply.headers["content-encoding"] = self.coding
        return reply


@dialect()
class DeflatedBare(Gzipped):
    """Compresses answers as "deflate", and leaves out the wrapper of zlib."""

    coding = "deflate"

    def compressed(self, content: bytes) -> bytes:
        return zlib.compress(content, 1)[2:-4]


@dialect()
class Chunked(Service):
    """Sends answers in small pieces without saying how long they are."""

    async def answer(self, request: Request) -> Reply:
        reply = await super().answer(request)
        reply.streamed = True
        return reply


@dialect()
class ClosesConnections(Service):
    """Closes the connection after each answer."""

    async def answer(self, request: Request) -> Reply:
        reply = await super().answer(request)
        reply.headers["connection"] = "close"
        return reply
