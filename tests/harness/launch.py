"""Starts the target where its file says how, and runs the commands that the file names."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from .client import Client
from .endpoint import Endpoint
from .errors import TargetError, UsageError
from .target import Server, Target, split
from .wire import Request

COMMAND_TIMEOUT = 60.0
"""Seconds that a command of the target file may take."""


class Launched:
    """A server that the suite started; `stop` ends it and all that it started."""

    def __init__(self, target: Target, server: Server, start: str) -> None:
        """Start it with a command; `wait` says when it is ready."""
        self._target, self._server = target, server
        self._ending = False
        words = split(start, f"{target.path.name}: server.start")
        self._output: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed by stop)
        try:
            self._process = subprocess.Popen(
                words,
                cwd=target.path.parent,
                stdin=subprocess.DEVNULL,
                stdout=self._output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise UsageError(
                f"{target.path.name}: server.start: {words[0]}: {error.strerror}"
            ) from None

    def wait(self) -> None:
        """Wait until any HTTP answer comes.

        Raises:
            TargetError: the server ended, or was not ready in time.
        """
        address = self._server.ready or self._target.file.base_url
        endpoint = Endpoint(address, 2.0, self._target.tls)
        request = Request("GET", endpoint.resource)
        end = time.monotonic() + self._server.timeout
        while time.monotonic() < end:
            code = self._process.poll()
            if code is not None:
                raise TargetError(
                    f"{self._target.path.name}: server.start ended with {code}: {self._last_line()}"
                )
            client = Client(endpoint)
            answer = client.send(request)
            client.close()
            if answer.status is not None:
                return
            time.sleep(0.02)
        raise TargetError(
            f"{self._target.path.name}: server.start: nothing answers at {address} within "
            f"{self._server.timeout:g} s: {self._last_line()}"
        )

    def end(self) -> None:
        """Ask the server and its children to end, and do not wait for it."""
        if not self._ending:
            self._ending = self._signal(signal.SIGTERM)

    def stop(self) -> None:
        """End the server and its children, whether they want to or not."""
        self.end()
        for _ in range(2):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=3)
            if not self._signal(signal.SIGKILL):
                break
        self._output.close()

    def _signal(self, number: signal.Signals) -> bool:
        """Signal to all that was started; False where nothing of it is left."""
        try:
            os.killpg(self._process.pid, number)
        except (ProcessLookupError, PermissionError):
            return False
        return True

    def _last_line(self) -> str:
        self._output.seek(0)
        lines = self._output.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1].strip()[:200] if lines else "it printed nothing"


def output_of(command: str, target: Target, key: str) -> str:
    """What a command prints; run without a shell, in the folder of the target file.

    Raises:
        TargetError: it fails, or takes too long. What it prints to stderr is not repeated, since
            it may hold a secret.
    """
    where = f"{target.path.name}: {key}"
    try:
        done = subprocess.run(
            split(command, where),
            cwd=target.path.parent,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=COMMAND_TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TargetError(f"{where}: no end within {COMMAND_TIMEOUT:g} s") from None
    except OSError as error:
        raise UsageError(f"{where}: {error.strerror}") from None
    if done.returncode != 0:
        raise TargetError(f"{where}: ended with {done.returncode}")
    return done.stdout.decode("utf-8", "replace")


def json_from(
    file: str | None, command: str | None, target: Target, keys: tuple[str, str]
) -> tuple[Any, str] | None:
    """The JSON of a file or of a command's output, and what to call it; None without either.

    Raises:
        UsageError: there is no such file, or it is no JSON.
    """
    read: Callable[[], str]
    if file is not None:
        path = target.path.parent / Path(file)
        where = f"{target.path.name}: {keys[0]}: {path.name}"

        def read() -> str:
            try:
                return path.read_text("utf-8")
            except (OSError, UnicodeDecodeError) as error:
                reason = getattr(error, "strerror", None) or "is no text"
                raise UsageError(f"{where}: cannot be read ({reason})") from None

    elif command is not None:
        where = f"{target.path.name}: {keys[1]}"

        def read() -> str:
            return output_of(command, target, keys[1])

    else:
        return None
    try:
        return json.loads(read()), where
    except (json.JSONDecodeError, RecursionError):
        raise UsageError(f"{where}: is no JSON") from None
