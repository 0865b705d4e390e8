"""`exchanges.har`: every exchange, as HAR 1.2, written while the run goes on."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import TracebackType

import harfile

from ..run import AGENT, Run
from ..wire import Exchange, HeaderList
from .build import headers

BODY_LIMIT = 8192
"""Bytes of a body that are kept."""


class Journal:
    """Appends exchanges to a HAR file, with every secret masked."""

    def __init__(self, path: Path, run: Run) -> None:
        """Open the file; what stood there is replaced."""
        self._run = run
        endpoint = run.target.endpoint
        self._server = f"{endpoint.origin[0]}://{endpoint.host_header}"
        name, _, version = AGENT.partition("/")
        self._file = harfile.HarFile.open(path, creator=harfile.Creator(name, version))

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self,
        type_: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def add(self, exchange: Exchange) -> None:
        """Append one exchange."""
        request, answer, redactor = exchange.request, exchange.answer, self._run.redactor
        url = redactor.text(f"{self._server}{request.path}")
        sent = [harfile.Record(key, value) for key, value in headers(request, self._run)]
        post = None
        if request.body is not None:
            media = request.header("content-type") or ""
            post = harfile.PostData(mimeType=media, text=self._text(request.body))
        received = [
            harfile.Record(redactor.text(key), redactor.text(value))
            for key, value in answer.headers
        ]
        milliseconds = answer.seconds * 1000
        self._file.add_entry(
            startedDateTime=dt.datetime.fromtimestamp(exchange.sent, dt.UTC),
            time=milliseconds,
            request=harfile.Request(
                method=request.method,
                url=url,
                httpVersion="HTTP/1.1",
                headers=sent,
                postData=post,
                bodySize=len(request.body or b""),
            ),
            response=harfile.Response(
                status=answer.status or 0,
                statusText=answer.trouble or "",
                httpVersion="HTTP/1.1",
                headers=received,
                content=harfile.Content(
                    size=len(answer.body),
                    mimeType=redactor.text(_media_type(answer.headers)),
                    text=self._text(answer.body),
                ),
                bodySize=len(answer.body),
            ),
            timings=harfile.Timings(send=0, wait=milliseconds, receive=0),
            comment=exchange.purpose or None,
        )

    def close(self) -> None:
        """End the file."""
        self._file.close()

    def _text(self, body: bytes) -> str:
        text = body.decode("utf-8", "backslashreplace")
        return self._run.redactor.text(text)[:BODY_LIMIT]


def _media_type(headers: HeaderList) -> str:
    return next((value for key, value in headers if key.lower() == "content-type"), "")
