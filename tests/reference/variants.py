"""Faults and dialects: how they are declared, found by name, and put together to one server."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from tests.reference.service import Service

S = TypeVar("S", bound=Service)

FAULTS: dict[str, type[Service]] = {}
DIALECTS: dict[str, type[Service]] = {}


def fault(
    breaks: str, *, also: tuple[str, ...] = (), target: dict[str, Any] | None = None
) -> Callable[[type[S]], type[S]]:
    """Declare a class as a fault: the clause it breaks, and others that may be named for it.

    `target` has the target settings that it needs to show; None stands for a key that is left out.
    """

    def declare(variant: type[S]) -> type[S]:
        variant.breaks, variant.also, variant.target = breaks, also, target or {}
        return _enter(FAULTS, variant)

    return declare


def dialect(
    *, gate: str = "all", target: dict[str, Any] | None = None
) -> Callable[[type[S]], type[S]]:
    """Declare a class as a lawful dialect: at which gate, and which target settings it needs."""

    def declare(variant: type[S]) -> type[S]:
        variant.gate, variant.target = gate, target or {}
        return _enter(DIALECTS, variant)

    return declare


def faults() -> dict[str, type[Service]]:
    """Return all faults by name."""
    import tests.reference.faults  # noqa: F401

    return FAULTS


def dialects() -> dict[str, type[Service]]:
    """Return all dialects by name."""
    import tests.reference.dialects  # noqa: F401

    return DIALECTS


def compose(variants: Iterable[type[Service]]) -> type[Service]:
    """Return one service that has all the given faults and dialects."""
    chosen = tuple(dict.fromkeys(variants))
    if not chosen:
        return Service
    return type("Server", (*chosen, Service), {})


def describe(variant: type[Service]) -> str:
    """Return a variant's description: the first line of its docstring."""
    return (variant.__doc__ or "").strip().partition("\n")[0]


def _enter(registry: dict[str, type[Service]], variant: type[S]) -> type[S]:
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[a-z])(?=[0-9])", "-", variant.__name__).lower()
    if name in registry:
        raise ValueError(f"{name} is declared twice")
    variant.name = name
    registry[name] = variant
    return variant
