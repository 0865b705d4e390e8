"""Target files that tests write, whole ones and pieces."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ..harness import target
from ..harness.target import Target
from .helpers import DOCUMENT

Load = Callable[..., Target]

TOP = 'base_url = "http://127.0.0.1:9/v1"\naccount = "T12345678"\n'
DEVIATION = """
[[deviations]]
clause = "exclusion.ids-count"
breaks = ["ids with a count: 201"]
reason = "known"
ticket = "ABC-1"
until = 2027-03-31
"""
WHOLE = (
    TOP
    + """
profile = "rules"
include = ["auth.missing", "outcome.*"]
probe_production = false
consume = false
[auth]
client_id = "id"
client_secret = "a-secret"
token_url = "http://127.0.0.1:9/token"
audience = "http://127.0.0.1:9/v1/accounts/T12345678"
[auth.others]
expired = "a-token"
without_scopes = "another-token"
other_account = "a-third-token"
[ledger]
transactions = "transactions.json"
complete = true
quiet = true
other_account = "T87654321"
other_transactions = "other.json"
[server]
start = "{python} -m http.server {port}"
ready = "http://127.0.0.1:{port}/"
reset = "POST http://127.0.0.1:{port}/reset"
timeout = 60
[headers]
X-Key = "value"
[tls]
ca = "ca.pem"
cert = "client.pem"
key = "client.key"
[limits]
requests_per_second = 10
requests = 5000
timeout = 10
"""
    + DEVIATION
)


def without(key: str, text: str = WHOLE) -> str:
    """The file without the line of a key."""
    lines = text.splitlines()
    assert any(line.startswith(f"{key} =") for line in lines)
    return "\n".join(line for line in lines if not line.startswith(f"{key} ="))


AUTH, SERVER = TOP + "[auth]\n", TOP + '[server]\nstart = "sh"\n'
LEDGER, LIMITS, HEADERS = TOP + "[ledger]\n", TOP + "[limits]\n", TOP + "[headers]\n"


def based(url: str) -> str:
    return f'base_url = "{url}"\naccount = "T12345678"\n'


def of(account: str) -> str:
    return f'base_url = "http://127.0.0.1:9"\naccount = "{account}"\n'


def deviating(key: str, value: str) -> str:
    return without(key, TOP + DEVIATION) + f"\n{key} = {value}\n"


def loading(folder: Path) -> Load:
    """What writes a target file into a folder and loads it."""

    def written(text: str | bytes, name: str = "here.toml", **environ: str) -> Target:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        for certificate in ("ca.pem", "client.pem", "client.key"):
            (path.parent / certificate).touch()
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return target.load(str(path), DOCUMENT, environ)

    return written
