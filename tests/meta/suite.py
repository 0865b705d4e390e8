"""Runs the suite as a user does, against servers that a test makes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CACHE = ("-o", "cache_dir=.pytest_cache/suite")
"""A cache apart from the one of whoever runs these tests: of theirs, `--lf` is to stay true."""


@dataclass(frozen=True)
class Done:
    """What a run of the suite left behind."""

    code: int
    output: str
    folder: Path

    @property
    def verdict(self) -> dict[str, Any]:
        """`verdict.json`."""
        found: dict[str, Any] = json.loads((self.folder / "verdict.json").read_text("utf-8"))
        return found


def run(
    folder: Path,
    target: str | Path,
    *options: str,
    environ: dict[str, str] | None = None,
    root: Path = ROOT,
) -> Done:
    """Run `pytest tests/contract` with a report folder; options are added."""
    command = [sys.executable, "-m", "pytest", "tests/contract", *CACHE]
    command += ["--target", str(target), "--report-dir", str(folder / "report"), *options]
    done = subprocess.run(
        command,
        cwd=root,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, **(environ or {})},
    )
    return Done(done.returncode, done.stdout + done.stderr, folder / "report")


@dataclass
class Seen:
    """A request as it reached a server."""

    method: str
    path: str
    headers: list[tuple[str, str]]
    body: bytes


Answering = Callable[[Seen], tuple[int, dict[str, str], bytes]]


@dataclass
class Served:
    """A server of a test, and the requests that reached it."""

    port: int
    seen: list[Seen] = field(default_factory=list)

    @property
    def base_url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/v1"


@contextmanager
def serving(answer: Answering) -> Iterator[Served]:
    """Serve answers on loopback; the function gets each request as it came."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def handle_any(self) -> None:
            body = b"".join(self.pieces())
            request = Seen(self.command, self.path, list(self.headers.items()), body)
            served.seen.append(request)
            status, headers, content = answer(request)
            self.send_response(status)
            for key, value in headers.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(content)))
            # Whoever waits no longer has gone.
            with suppress(ConnectionError):
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = handle_any  # noqa: N815

        def pieces(self) -> Iterator[bytes]:
            """The body, in one piece or in chunks."""
            if self.headers.get("Transfer-Encoding") != "chunked":
                yield self.rfile.read(int(self.headers.get("Content-Length", "0")))
                return
            while length := int(self.rfile.readline(), 16):
                yield self.rfile.read(length)
                self.rfile.readline()
            self.rfile.readline()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    served = Served(server.server_port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()


JSON = {"Content-Type": "application/json"}
CREATED = (201, JSON, b'{"message": "created"}')
REFUSED = (400, JSON, b'{"error": {"message": "no"}}')


def target(folder: Path, base_url: str, more: str = "", token: str = "a-token") -> Path:
    """A target file with an account and a token, and whatever is added."""
    path = folder / "target.toml"
    path.write_text(
        f'base_url = "{base_url}"\naccount = "T12345678"\n{more}\n[auth]\ntoken = "{token}"\n',
        "utf-8",
    )
    return path


QUICK: Sequence[str] = ("-q", "-k", "not generated")
