"""The target file: what is judged, with which credentials, against which known transactions.

Raises `UsageError` (exit 4) with file and key for everything that is wrong in it.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import shlex
import shutil
import socket
import ssl
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from . import interlock
from .clauses import convert
from .document import Document, corrected_file
from .endpoint import TIMEOUT, Endpoint
from .errors import UsageError
from .interlock import is_production, is_well_formed
from .wire import Request

FOLDER = Path(__file__).resolve().parents[1] / "targets"

COMMANDS = ("auth.command", "ledger.command", "ledger.other_command", "server.start")
"""Keys that hold a command: split into words first, so that what is filled in stays one word."""

Profile = Literal["schema", "rules", "full"]


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the target file; an unknown key is an error."""


class Others(Table, frozen=True):
    """Tokens that are wrong in one way each."""

    expired: str | None = None
    without_scopes: str | None = None
    other_account: str | None = None


class Auth(Table, frozen=True):
    """How our token is had: as it is, from a command, or from the token endpoint."""

    token: str | None = None
    command: str | None = None
    client_id: str | None = None
    client_secret: str | None = None
    token_url: str | None = None
    audience: str | None = None
    others: Others = Others()


class LedgerTable(Table, frozen=True):
    """Which unsettled transactions are known to exist."""

    transactions: str | None = None
    command: str | None = None
    complete: bool = False
    quiet: bool = False
    other_account: str | None = None
    other_transactions: str | None = None
    other_command: str | None = None

    @property
    def lists(self) -> bool:
        """Whether transactions of the account are listed."""
        return bool(self.transactions or self.command)


class Server(Table, frozen=True):
    """How the suite starts the target, or resets one that runs already."""

    start: str | None = None
    ready: str | None = None
    reset: str | None = None
    timeout: float = 60.0


class Tls(Table, frozen=True):
    """Certificates: whom we trust, and who we are."""

    ca: str | None = None
    cert: str | None = None
    key: str | None = None


class Limits(Table, frozen=True):
    """How much may be sent, how fast, and how long an answer may take (seconds)."""

    requests_per_second: float | None = None
    requests: int | None = None
    timeout: float = TIMEOUT


class Deviation(Table, frozen=True):
    """A known and accepted breach: still run, must still break in the same way."""

    clause: str
    breaks: tuple[str, ...]
    reason: str
    ticket: str
    until: dt.date


class TargetFile(Table, frozen=True):
    """The whole file."""

    base_url: str
    account: str
    profile: Profile = "full"
    include: tuple[str, ...] = ()
    probe_production: bool | None = None
    consume: bool = True
    auth: Auth = Auth()
    ledger: LedgerTable = LedgerTable()
    server: Server | None = None
    headers: dict[str, str] = {}
    tls: Tls = Tls()
    limits: Limits = Limits()
    deviations: tuple[Deviation, ...] = ()


@dataclass(frozen=True)
class Target:
    """A target file, read and checked."""

    name: str
    path: Path
    file: TargetFile

    @property
    def endpoint(self) -> Endpoint:
        """Where requests go."""
        return Endpoint(self.file.base_url, self.file.limits.timeout, self.tls)

    @property
    def probe_production(self) -> bool:
        """Whether auth.test-only may be put: asked for, or the suite starts the target itself."""
        asked = self.file.probe_production
        return bool(self.file.server and self.file.server.start) if asked is None else asked

    @property
    def requests_per_second(self) -> float | None:
        """The rate: what the file says; else none on loopback, 5 elsewhere."""
        if self.file.limits.requests_per_second is not None:
            return self.file.limits.requests_per_second
        return None if self.endpoint.loopback else 5.0

    @property
    def authenticates(self) -> bool:
        """Whether an Authorization header is sent."""
        auth = self.file.auth
        return bool(auth.token or auth.command or auth.client_id)

    @cached_property
    def tls(self) -> ssl.SSLContext | None:
        """The context of TLS, where the file or the usual variables name certificates."""
        tls, here = self.file.tls, self.path.parent
        variables = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
        bundle = tls.ca or next(
            (os.environ[name] for name in variables if name in os.environ), None
        )
        if not self.file.base_url.lower().startswith("https"):
            return None
        try:
            context = ssl.create_default_context(cafile=here / bundle if bundle else None)
        except (OSError, ssl.SSLError) as error:
            raise UsageError(f"{self.path.name}: tls.ca: {error.strerror or error}") from None
        try:
            if tls.cert:
                context.load_cert_chain(here / tls.cert, here / tls.key if tls.key else None)
        except (OSError, ssl.SSLError) as error:
            raise UsageError(f"{self.path.name}: tls.cert: {error.strerror or error}") from None
        return context

    def secrets(self) -> set[str]:
        """Every value of the file that must stand in no report."""
        auth = self.file.auth
        values = [auth.token, auth.client_secret, *self.file.headers.values()]
        values += [auth.others.expired, auth.others.without_scopes, auth.others.other_account]
        password = urlsplit(self.file.base_url).password
        return {value for value in (*values, password) if value}


def load(name: str, document: Document, environ: Mapping[str, str] = os.environ) -> Target:
    """Read a target: the name of a file in `tests/targets`, or a path."""
    path = Path(name)
    if "/" not in name and not name.endswith(".toml"):
        path = FOLDER / f"{name}.toml"
        if not path.is_file():
            known = ", ".join(sorted(file.stem for file in FOLDER.glob("*.toml")))
            raise UsageError(f"no target {name!r}; there are {known}, or give the path of a file")
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{path}: not TOML: {str(error) or type(error).__name__}") from None
    values = {
        "port": str(free_port()),
        "document": str(document.files[0]),
        "corrected": str(corrected_file(document)),
        "here": str(path.resolve().parent),
        "python": sys.executable,
    }
    filled = _filled(raw, str(path), "", values, environ)
    file: TargetFile = convert(filled, TargetFile, str(path))
    _check(file, str(path), path.resolve().parent)
    return Target(path.stem, path.resolve(), file)


def is_address(text: str) -> bool:
    """Whether a text is an http(s) address that a connection can be made to."""
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").encode("idna")
        return parts.scheme in ("http", "https") and bool(host) and parts.port != 0
    except (ValueError, UnicodeError):
        return False


def free_port() -> int:
    """A port of loopback that was free just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _filled(
    value: Any, name: str, key: str, values: Mapping[str, str], environ: Mapping[str, str]
) -> Any:
    """Fill the placeholders in every string of the file."""
    if isinstance(value, dict):
        at = f"{key}." if key else ""
        return {k: _filled(sub, name, f"{at}{k}", values, environ) for k, sub in value.items()}
    if isinstance(value, list):
        return [_filled(item, name, f"{key}[{n}]", values, environ) for n, item in enumerate(value)]
    if not isinstance(value, str):
        return value
    if key in COMMANDS:
        words = split(value, f"{name}: {key}")
        return shlex.join(_text(word, name, key, values, environ) for word in words)
    return _text(value, name, key, values, environ)


def _text(
    value: str, name: str, key: str, values: Mapping[str, str], environ: Mapping[str, str]
) -> str:
    """Fill the placeholders in one string."""

    def fill(match: re.Match[str]) -> str:
        literal, variable, placeholder = match.groups()
        if literal:
            return {"$${": "${", "{{": "{", "}}": "}"}[literal]
        if variable is not None:
            if variable not in environ:
                raise UsageError(f"{name}: {key}: the environment variable {variable} is not set")
            if not environ[variable]:
                raise UsageError(f"{name}: {key}: the environment variable {variable} is empty")
            return environ[variable]
        if placeholder in values:
            return values[placeholder]
        known = ", ".join(f"{{{known}}}" for known in values)
        raise UsageError(f"{name}: {key}: {match.group()} is no placeholder; there are {known}")

    return re.sub(r"(\$\$\{|\{\{|\}\})|\$\{([^}]*)\}|\{(\w*)\}", fill, value)


def _check(file: TargetFile, name: str, here: Path) -> None:
    """What types cannot say."""

    def wrong(key: str, what: str) -> UsageError:
        return UsageError(f"{name}: {key}: {what}")

    server, table = file.server, file.ledger
    reset = server.reset.split() if server and server.reset is not None else None
    if server and server.start is None and (reset is None or server.ready):
        raise wrong("server", "give start; without it, reset alone: the server runs already")
    if reset is not None and len(reset) != 2:
        raise wrong("server.reset", 'a method and an address are wanted: "POST http://..."')
    addresses = {
        "base_url": file.base_url,
        "auth.token_url": file.auth.token_url,
        "server.ready": server.ready if server else None,
        "server.reset": reset[1] if reset else None,
    }
    for key, address in addresses.items():
        if address is not None and not is_address(address):
            shown = re.sub(r"//[^/@]*@", "//...@", address)
            raise wrong(key, f"{shown!r} is no http(s) address")
    parts = urlsplit(file.base_url)
    if parts.query or parts.fragment:
        raise wrong("base_url", "an address without `?` and `#` is wanted")
    try:
        accounts = frozenset(filter(None, (file.account, table.other_account)))
        interlock.check(Request("POST", f"{parts.path}/"), accounts)
    except interlock.Forbidden as forbidden:
        raise wrong("base_url", f"{forbidden}; nothing was sent") from None
    if table.other_account == file.account:
        raise wrong("ledger.other_account", "is the same as `account`")
    for key, account in (
        ("account", file.account),
        ("ledger.other_account", file.ledger.other_account),
    ):
        if account is None:
            continue
        if is_production(account):
            raise wrong(key, f"{account} is a production account; nothing was sent")
        if not is_well_formed(account):
            raise wrong(key, f"{account!r} is no account: T and eight digits are wanted")
    if file.tls.key and not file.tls.cert:
        raise wrong("tls.key", "needs tls.cert beside it")
    for key, name_of_file in msgspec.structs.asdict(file.tls).items():
        if name_of_file and not (here / name_of_file).is_file():
            raise wrong(f"tls.{key}", f"there is no file {name_of_file}")
    auth = file.auth
    ways = [bool(auth.token), bool(auth.command), bool(auth.client_id or auth.client_secret)]
    if sum(ways) > 1:
        raise wrong("auth", "give one of token, command, or client_id with client_secret")
    if bool(auth.client_id) != bool(auth.client_secret):
        raise wrong("auth", "client_id and client_secret go together")
    for key, value in {
        **msgspec.structs.asdict(auth),
        **msgspec.structs.asdict(auth.others),
    }.items():
        if value == "" or (isinstance(value, str) and re.search(r"[\r\n\0]", value)):
            raise wrong(f"auth.{key}", "is empty, or holds a line break")
    for number, key in enumerate(file.headers):
        if key.lower() in [other.lower() for other in list(file.headers)[:number]]:
            raise wrong(f"headers.{key}", "stands twice, in another case")
    for key, content in file.headers.items():
        if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", key):
            raise wrong(f"headers.{key}", "is no name of a header")
        if key.lower() in ("authorization", "content-type", "content-length", "host"):
            raise wrong(f"headers.{key}", "is set by the suite, which puts it to the test")
        if not re.fullmatch(r"[\t\x20-\x7e]*", content):
            raise wrong(f"headers.{key}", "its value holds characters that a header cannot")
    if file.ledger.transactions and file.ledger.command:
        raise wrong("ledger", "give transactions or command, not both")
    if file.ledger.other_transactions and file.ledger.other_command:
        raise wrong("ledger", "give other_transactions or other_command, not both")
    start = file.server.start if file.server else None
    commands = (auth.command, file.ledger.command, file.ledger.other_command, start)
    for key, command in zip(COMMANDS, commands, strict=True):
        if command is not None:
            _check_command(command, here, f"{name}: {key}")
    limits = file.limits
    for key in ("requests_per_second", "requests", "timeout"):
        value = getattr(limits, key)
        if value is not None and not 0 < value < 1e9:
            raise wrong(f"limits.{key}", f"{value} is not a number above zero")
    if file.server and not 0 < file.server.timeout < 1e6:
        raise wrong("server.timeout", f"{file.server.timeout} is not a number above zero")
    for number, deviation in enumerate(file.deviations):
        for key in ("reason", "ticket"):
            if not getattr(deviation, key).strip():
                raise wrong(f"deviations[{number}].{key}", "is empty; each deviation says why")
        if any(deviation.clause == other.clause for other in file.deviations[:number]):
            raise wrong(f"deviations[{number}].clause", f"{deviation.clause} stands twice")
        if not deviation.breaks or not all(": " in words for words in deviation.breaks):
            raise wrong(
                f"deviations[{number}].breaks",
                "says no class of case and what came; --propose-deviations writes it",
            )


def _check_command(command: str, here: Path, where: str) -> None:
    words = split(command, where)
    program = words[0]
    if shutil.which(program) is None and not os.access(here / program, os.X_OK):
        raise UsageError(f"{where}: there is no program {program!r}")


def split(command: str, where: str) -> list[str]:
    """A command in words, as a shell would split it."""
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise UsageError(f"{where}: {error}") from None
    if not words:
        raise UsageError(f"{where}: is empty")
    return words
