"""How a shell makes a wrong token out of ours: for curl lines, and to make it again in a replay."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from .tokens import parts, with_folded_signature, with_other_claims

OF_ANY: Mapping[str, Callable[[str], str]] = {
    "${TOKEN^^}": str.upper,
    "${TOKEN}": str,
    "$TOKEN": str,
}
OF_JWT: Mapping[str, Callable[[str], str]] = {
    "${TOKEN%.*}": lambda own: own.rpartition(".")[0],
    "${TOKEN##*.?}": lambda own: own.rpartition(".")[2][1:],
    "$(tr a-zA-Z A-Za-z <<<${TOKEN##*.})": lambda own: with_folded_signature(own).split(".")[-1],
    "$(cut -d. -f2 <<<$TOKEN)": lambda own: own.split(".")[1],
    # No short line of a shell does this.
    "$TOKEN_WITH_OTHER_CLAIMS": with_other_claims,
}
"""What bash makes of our token, which stands in `TOKEN`."""

PIECE = re.compile(
    rf"\$\{{TOKEN:0:-(?P<cut>[0-9]+)\}}|(?:{'|'.join(map(re.escape, [*OF_JWT, *OF_ANY]))})(?!\w)"
    r"|\$\{TOKEN\}"
)
SHORTEST = 4
"""Characters of a beginning of our token that is told as one."""


def around(text: str, own: str) -> str:
    """A text with the variable in the place of our token."""
    first, *others = text.split(own)
    # What goes on after a name would be read as part of it.
    named = ("${TOKEN}" if re.match(r"\w", after) else "$TOKEN" for after in others)
    return first + "".join(name + after for name, after in zip(named, others, strict=True))


def made(recipe: str, own: str) -> str | None:
    """What a recipe makes out of our token; None where it makes nothing of it."""
    jwt = parts(own) is not None
    if "$" in PIECE.sub("", recipe) or (not jwt and any(piece in recipe for piece in OF_JWT)):
        return None

    def piece(found: re.Match[str]) -> str:
        if found["cut"]:
            return own[: -int(found["cut"])]
        return (OF_JWT.get(found[0]) or OF_ANY[found[0]])(own)

    return PIECE.sub(piece, recipe)


def recipe_of(token: str, own: str) -> str | None:
    """The recipe of a token; None where none makes it out of ours."""
    recipes = [around(token, own), "${TOKEN^^}"]
    if parts(own) is not None:
        recipes += ["${TOKEN%.*}.", *(f"${{TOKEN%.*}}.{first}${{TOKEN##*.?}}" for first in "AB")]
        recipes.append("${TOKEN%.*}.$(tr a-zA-Z A-Za-z <<<${TOKEN##*.})")
        recipes.append(f"{token.partition('.')[0]}.$(cut -d. -f2 <<<$TOKEN).")
        recipes.append("$TOKEN_WITH_OTHER_CLAIMS")
    if SHORTEST <= len(token) < len(own):
        recipes.append(f"${{TOKEN:0:-{len(own) - len(token)}}}")
    return next((each for each in recipes if "$" in each and made(each, own) == token), None)
