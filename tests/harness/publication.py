"""The published page: how it is fetched, and how the document is taken out of it.

What comes is a stranger's: its time, its length, its redirects, its fences and the size of what
its YAML unfolds to are all limited.
"""

from __future__ import annotations

import re
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from typing import Any

import yaml

from .document import Json
from .errors import UsageError

SECONDS = 10.0
MOST_BYTES = 5_000_000
MOST_VALUES = 50_000
"""More than any document of one operation has: aliases in YAML can make a few bytes huge."""
AGENT = "settlement-report-contract (drift)"


class NoPageError(Exception):
    """The page cannot be had, or holds no document; one line, exit 6."""


def fetch(page: str, seconds: float = SECONDS) -> bytes:
    """The bytes of a page at an address or in a file.

    Raises:
        UsageError: the address is neither http nor https.
        NoPageError: it cannot be had within the limits.
    """
    scheme, separator, _ = page.partition("://")
    if not separator:
        return _limited(_from_file(page), page)
    if scheme.lower() not in ("http", "https"):
        raise UsageError(f"--page {page}: only http and https are fetched")
    content: list[bytes] = []
    trouble: list[str] = ["no answer in time"]

    def work() -> None:
        try:
            content.append(_from_network(page, seconds))
        except (OSError, HTTPException, ValueError) as error:
            trouble[0] = _words(error)

    # The time limit of a socket is for each read: a page of one byte a second would never end.
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)
    if not content:
        raise NoPageError(f"{page}: cannot be fetched ({trouble[0]})")
    return _limited(content[0], page)


def _from_file(page: str) -> bytes:
    try:
        with Path(page).open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise NoPageError(f"{page}: cannot be read ({error.strerror})") from None


def _from_network(address: str, seconds: float) -> bytes:
    """What an address answers, up to the limit; redirects lead to http and https alone."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler,
        urllib.request.UnknownHandler,
        urllib.request.HTTPHandler,
        urllib.request.HTTPSHandler,
        urllib.request.HTTPDefaultErrorHandler,
        urllib.request.HTTPRedirectHandler,
        urllib.request.HTTPErrorProcessor,
    ):
        opener.add_handler(handler())
    request = urllib.request.Request(address, headers={"User-Agent": AGENT})
    with opener.open(request, timeout=seconds) as answer:
        content: bytes = answer.read(MOST_BYTES + 1)
        return content


def _words(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"status {error.code}"
    reason = getattr(error, "reason", None) or error
    return f"{type(error).__name__}: {reason}".rstrip(": ")[:200]


def _limited(content: bytes, page: str) -> bytes:
    if len(content) > MOST_BYTES:
        raise NoPageError(f"{page}: longer than {MOST_BYTES:,} bytes")
    return content


def extract(page: bytes) -> tuple[bytes, bytes]:
    """The document out of its fence, and the page around it.

    Raises:
        NoPageError: the page holds none.
    """
    for start, end in _fenced(page):
        if re.search(rb"^openapi:", page[start:end], re.MULTILINE):
            return page[start:end], page[:start] + page[end:]
    raise NoPageError("the page holds no OpenAPI document in a fenced block of YAML")


def _fenced(page: bytes) -> Iterator[tuple[int, int]]:
    """Where the content of each fenced block of YAML begins and ends."""
    fence, start, place = b"", 0, 0
    for line in page.splitlines(keepends=True):
        opened = re.match(rb"(`{3,}|~{3,})\s*([\w-]*)", line)
        if opened and not fence:
            fence, start = opened[1], place + len(line)
            yaml_inside = opened[2].lower() in (b"yaml", b"yml")
        elif fence and line.strip() and not line.strip().strip(fence[:1]) and fence in line:
            if yaml_inside:
                yield start, place
            fence = b""
        place += len(line)


def parse(content: bytes) -> Json:
    """The document that some bytes are.

    Raises:
        NoPageError: they are no OpenAPI document.
    """
    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        value = yaml.load(content, loader)
        if not isinstance(value, dict) or not isinstance(value.get("paths"), dict):
            raise NoPageError("what stands in the fence is no OpenAPI document")
        leaves(value)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise NoPageError(f"the document is not YAML ({type(error).__name__})") from None
    return value


def leaves(value: Json) -> dict[str, Json]:
    """Each value that holds no others, by its JSON Pointer (RFC 6901).

    Raises:
        NoPageError: there are too many.
    """
    found: dict[str, Json] = {}
    stack = [("", value)]
    seen = 0
    while stack:
        at, node = stack.pop()
        seen += 1
        inner: list[tuple[Any, Json]] = []
        if isinstance(node, dict):
            inner = list(node.items())
        elif isinstance(node, list):
            inner = list(enumerate(node))
        if not inner:
            found[at] = node
        stack += [(f"{at}/{_step(name)}", sub) for name, sub in reversed(inner)]
        if seen + len(stack) > MOST_VALUES:
            raise NoPageError(f"the document has more than {MOST_VALUES:,} values")
    return found


def _step(name: object) -> str:
    return str(name).replace("~", "~0").replace("/", "~1")
