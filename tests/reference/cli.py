"""The command line. Everything heavy is imported only where it is needed."""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import TYPE_CHECKING

from tests.reference import ledger

if TYPE_CHECKING:
    from types import FrameType

    from tests.reference.service import Service


def main(arguments: list[str] | None = None) -> int:
    """Run the server, or print one of the lists; returns the exit status."""
    options = parser().parse_args(arguments)
    if options.list_transactions:
        return list_transactions(options)
    if options.list_faults or options.list_dialects:
        return list_variants(options)
    try:
        service = build(options)
    except KeyError as unknown:
        print(f"there is no fault or dialect named {unknown}", file=sys.stderr)
        return 2
    return serve(service, options)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(
        prog="tests/reference",
        description="A conforming server of generate-test-report, to be judged or developed with.",
    )
    add = made.add_argument
    add("--host", default="127.0.0.1", help="the address to listen on (default %(default)s)")
    add("--port", type=int, default=8080, help="the port, 0 for a free one (default %(default)s)")
    add("--fault", action="append", default=[], metavar="NAME", help="break it in one way")
    add("--dialect", action="append", default=[], metavar="NAME", help="vary it in a lawful way")
    add("--tls-cert", metavar="FILE", help="serve HTTPS with this certificate")
    add("--tls-key", metavar="FILE", help="the certificate's private key")
    add("--token-lifetime", type=float, metavar="SECONDS", help="of tokens given (default 3600)")
    add("--rate", type=float, metavar="N", help="answer 429 above N requests a second")
    add("--delay", type=float, metavar="SECONDS", help="wait before each answer, as networks do")
    add("--list-faults", action="store_true", help="print all faults as JSON and leave")
    add("--list-dialects", action="store_true", help="print all dialects as JSON and leave")
    add("--list-transactions", action="store_true", help="print the unsettled ones and leave")
    add("--account", default=ledger.MAIN_ACCOUNT, help="whose transactions to print")
    return made


def list_transactions(options: argparse.Namespace) -> int:
    """Print what is unsettled in an account when the server starts."""
    try:
        chosen = build(options).ledger if options.dialect else ledger.Ledger(ledger.seed())
    except KeyError as unknown:
        print(f"there is no fault or dialect named {unknown}", file=sys.stderr)
        return 2
    print(json.dumps(chosen.unsettled(options.account), indent=1))
    return 0


def list_variants(options: argparse.Namespace) -> int:
    """Print all faults or all dialects."""
    from tests.reference import variants

    found = variants.faults() if options.list_faults else variants.dialects()
    listed: list[dict[str, object]] = []
    for name, variant in found.items():
        entry: dict[str, object] = {"name": name, "description": variants.describe(variant)}
        if options.list_faults:
            entry |= {"breaks": variant.breaks, "also": list(variant.also)}
        else:
            entry |= {"gate": variant.gate}
        entry |= {"target": variant.target}
        listed.append(entry)
    print(json.dumps(listed, indent=1))
    return 0


def build(options: argparse.Namespace) -> Service:
    """Return the service with the faults and dialects asked for; raises KeyError."""
    from tests.reference.service import Service

    made: type[Service] = Service
    if options.fault or options.dialect:
        from tests.reference import variants

        chosen = [variants.faults()[name] for name in options.fault]
        chosen += [variants.dialects()[name] for name in options.dialect]
        made = variants.compose(chosen)
    service = made()
    if options.token_lifetime is not None:
        service.token_lifetime = options.token_lifetime
    if options.rate is not None:
        service.rate = options.rate
    if options.delay is not None:
        service.delay = options.delay
    return service


def serve(service: Service, options: argparse.Namespace) -> int:
    """Serve until a signal ends it."""
    import socket

    import uvicorn

    from tests.reference.app import App

    class Server(uvicorn.Server):
        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            # Nothing is kept, so there is nothing to wait for.
            os._exit(128 + sig)

    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    try:
        listener = socket.create_server((options.host, options.port), family=family, backlog=1024)
    except OSError as error:
        print(f"cannot listen on {options.host}:{options.port}: {error}", file=sys.stderr)
        return 1
    # asyncio leaves Nagle's algorithm on for a socket it did not open: 40 ms for each answer.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    config = uvicorn.Config(
        App(service),
        http=service.protocol,
        lifespan="off",
        ws="none",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=service.keep_alive,
        ssl_certfile=options.tls_cert,
        ssl_keyfile=options.tls_key,
    )
    announce(options, listener.getsockname()[1], service.token_lifetime)
    Server(config).run(sockets=[listener])
    return 0


def announce(options: argparse.Namespace, port: int, lifetime: float) -> None:
    """Print where the server listens, and a call that works."""
    from tests.reference import tokens

    account = ledger.MAIN_ACCOUNT
    host = f"[{options.host}]" if ":" in options.host else options.host
    base = f"{'https' if options.tls_cert else 'http'}://{host}:{port}/v1"
    print(f"listening on {base}, client {tokens.CLIENT_ID}:{tokens.CLIENT_SECRET}; try")
    print(
        f"curl -i {'-k ' if options.tls_cert else ''}-X POST"
        f" -H 'Authorization: Bearer {tokens.issue(account, lifetime)}'"
        " -H 'Content-Type: application/json' -d '{\"number_of_transactions\": 1}'"
        f" {base}/accounts/{account}/settlements/reports/generate-test-report",
        flush=True,
    )
