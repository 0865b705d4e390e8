"""What a body says, as JSON (RFC 8259), and how it is wrong where it is not JSON."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

DEEP = 100
"""Levels of nesting from which on readers differ (clause observe.odd-json)."""

TOKENS = re.compile(
    r"""(?P<string>"(?:[^"\\]|\\.)*")
      | (?P<single>'(?:[^'\\]|\\.)*')
      | (?P<comment>//[^\n]*|/\*.*?\*/|\#[^\n]*)
      | (?P<constant>[+-]?(?:NaN|Infinity)\b)
      | (?P<hex>(?<![\w.])[+-]?0[xX][0-9a-fA-F]+\b)
      | (?P<sign>(?<![\w.])[+-]?(?:\+|0+)(?=[0-9]))
      | (?P<key>[A-Za-z_$][\w$]*(?=\s*:))
      | (?P<comma>,(?=\s*[}\]]))
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
LENIENT = {
    "single": "single quotes",
    "comment": "comment in JSON",
    "constant": "NaN or Infinity",
    "comma": "trailing comma",
    "key": "other lenient JSON",
    "sign": "other lenient JSON",
    "hex": "other lenient JSON",
}

MENDED = {
    "single": '""',
    "comment": " ",
    "constant": "0",
    "comma": "",
    "key": '""',
    "sign": "",
    "hex": "0",
}
"""What a lenient reader's token stands for, as far as it matters whether it is one."""


@dataclass(frozen=True, slots=True)
class Text:
    """How a body reads.

    `json`: it is JSON, and `value` is what it says. `odd`: it may or may not be, the document
    does not say. `lenient`: only lenient readers take it. `broken`: no reader does. `case` names
    the class of an odd, lenient or broken one.
    """

    kind: Literal["json", "odd", "lenient", "broken"]
    case: str = ""
    value: Any = None


class NotFinite(ValueError):
    """NaN or Infinity stands where JSON wants a number."""


def read(raw: bytes) -> Text:
    """Read a body; never raises."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        if b"\x00" in raw[:4]:
            return Text("odd", "UTF-16")
        replaced = _strict(raw.decode("utf-8", errors="replace"))
        return Text("lenient", "invalid UTF-8") if replaced.kind == "json" else replaced
    if text.startswith("\ufeff"):
        return Text("odd", "byte order mark")
    if "\x00" in text[:4]:
        return Text("odd", "UTF-16")
    if not text.strip():
        # A reader that trims sees no body here, and the document says nothing of blank ones.
        return Text("odd", "zero bytes")
    if text.count("[") + text.count("{") > DEEP and depth(text) > DEEP:
        return Text("odd", "deep nesting")
    return _strict(text)


def _strict(text: str) -> Text:
    # Readers that guard their objects against a property of this name refuse it.
    duplicated = guarded = False

    def pairs(members: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal duplicated, guarded
        value = dict(members)
        duplicated = duplicated or len(value) < len(members)
        guarded = guarded or "__proto__" in value
        return value

    try:
        value = json.loads(
            text,
            parse_float=decimal,
            parse_int=integer,
            parse_constant=_refuse,
            object_pairs_hook=pairs,
        )
    except RecursionError:
        return Text("odd", "deep nesting")
    except NotFinite:
        return _lenient(text, "NaN or Infinity")
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":
            return Text("lenient", "trailing data")
        return _lenient(text, _broken(text, error))
    if "\\u" in text and lone_surrogate(value):
        return Text("odd", "lone surrogate")
    if duplicated:
        return Text("odd", "duplicate keys")
    if guarded:
        return Text("odd", "property named __proto__")
    return Text("json", value=value)


def _refuse(constant: str) -> None:
    raise NotFinite(constant)


def _lenient(text: str, otherwise: str) -> Text:
    """Read as lenient readers do: which leniency makes JSON of it, if any does."""
    used: list[str] = []

    def mend(match: re.Match[str]) -> str:
        kind = str(match.lastgroup)
        if kind in LENIENT:
            used.append(LENIENT[kind])
        return MENDED.get(kind, match.group())

    try:
        json.loads(TOKENS.sub(mend, text), strict=False)
    except (ValueError, RecursionError):
        case = "trailing data" if otherwise == "NaN or Infinity" else otherwise
        return Text("lenient" if case == "trailing data" else "broken", case)
    return Text("lenient", used[0] if used else "other lenient JSON")


def _broken(text: str, error: json.JSONDecodeError) -> str:
    first = text.strip(" \t\n\r")[0]
    if first.isspace():
        return "space that is none in JSON"
    if first not in '{["-0123456789tfn':
        return "plain words"
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
        return "JSON cut short"
    return "unbalanced JSON"


def decimal(literal: str) -> Decimal:
    """A number with a fraction or an exponent, exactly."""
    try:
        return Decimal(literal)
    except InvalidOperation:  # an exponent past what Decimal holds: its signs are what matters
        small = "e-" in literal.lower()
        huge = Decimal("0.1") if small else Decimal("1e999999")
        return -huge if literal.startswith("-") else huge


def integer(literal: str) -> int | Decimal:
    """A number without either; past Python's limit of digits it stays a Decimal."""
    return int(literal) if len(literal) < 4000 else Decimal(literal)


def depth(text: str) -> int:
    """How deep the brackets of a text are nested, strings left out."""
    level = deepest = 0
    for token in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', text):
        if token.group() in "[{":
            level += 1
            deepest = max(deepest, level)
        elif token.group() in "]}":
            level -= 1
    return deepest


def lone_surrogate(value: Any) -> bool:
    """True where some string of the value is not Unicode text."""
    if isinstance(value, str):
        return any("\ud800" <= character <= "\udfff" for character in value)
    if isinstance(value, dict):
        return any(lone_surrogate(key) or lone_surrogate(sub) for key, sub in value.items())
    return isinstance(value, list) and any(lone_surrogate(item) for item in value)
