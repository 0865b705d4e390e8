"""Where requests go."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

TIMEOUT = 10.0
"""Seconds that an answer may take, from the first byte sent to the last received."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where requests go, and how a connection is made.

    The context of TLS is None for the usual authorities.
    """

    url: str
    timeout: float = TIMEOUT
    tls: ssl.SSLContext | None = None

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port."""
        parts = urlsplit(self.url)
        scheme = parts.scheme.lower()
        return scheme, parts.hostname or "", parts.port or (443 if scheme == "https" else 80)

    @property
    def path(self) -> str:
        """The path of the address, without a slash at its end."""
        return urlsplit(self.url).path.rstrip("/")

    @property
    def resource(self) -> str:
        """The path and the query of the address, as a request names them."""
        parts = urlsplit(self.url)
        return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    @property
    def host_header(self) -> str:
        """The value of the Host header."""
        scheme, host, port = self.origin
        shown = f"[{host}]" if ":" in host else host
        return shown if port == {"https": 443, "http": 80}[scheme] else f"{shown}:{port}"

    @property
    def loopback(self) -> bool:
        """Whether the host is this machine, by its name."""
        host = self.origin[1]
        return host in ("localhost", "::1") or host.startswith("127.")
