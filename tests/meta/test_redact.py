"""The redactor: no form of a secret that is worth stealing is left in a text."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..harness.redact import MASK, SHORTEST, Redactor
from ..harness.tokens import with_folded_signature, with_other_claims
from .helpers import TOKEN, examples, table

SECRET = 's3cr&t/=+ %Ü"x\\y'
HEADER, CLAIMS, SIGNATURE = TOKEN.split(".")


def embedded(before: str, secret: str, after: str = "tail") -> str:
    """A text in base64 that holds a secret somewhere."""
    return base64.b64encode((before + secret + after).encode()).decode()


@pytest.mark.parametrize(
    "echoed",
    [
        SECRET,
        f"before {SECRET} after",
        quote(SECRET, safe=""),
        quote_plus(SECRET),
        json.dumps(SECRET),
        json.dumps({"token": SECRET}),
        SECRET * 2,
    ],
)
def test_a_secret_is_masked_in_every_form(echoed: str) -> None:
    shown = Redactor([SECRET]).text(echoed)
    assert MASK in shown
    assert SECRET not in shown
    assert "s3cr" not in shown


@pytest.mark.parametrize("before", ["", "a", "ab", "abc", "user:", "id:x:"])
@pytest.mark.parametrize("urlsafe", [False, True])
def test_a_secret_in_base64_is_masked_at_each_alignment(before: str, urlsafe: bool) -> None:
    secret = "a-long-secret?>~of-many-bytes"
    text = embedded(before, secret)
    if urlsafe:
        text = text.replace("+", "-").replace("/", "_")
    redactor = Redactor([secret])
    assert redactor.hides(text)
    padded = redactor.text(text).split(MASK)[0]
    assert b"a-long" not in base64.b64decode(padded[: len(padded) // 4 * 4])


@pytest.mark.parametrize(
    "echoed",
    table(
        (text,)
        for text in (
            TOKEN,
            f"Bearer {TOKEN}",
            CLAIMS,
            SIGNATURE,
            f"{HEADER}.{CLAIMS}.",
            f"x.{CLAIMS}.y",
            f"{HEADER}.{CLAIMS}.{SIGNATURE[: len(SIGNATURE) // 2]}",
            f"{HEADER}.{CLAIMS}.A{SIGNATURE[1:]}",
        )
    ),
)
def test_the_pieces_of_a_jwt_are_secrets_too(echoed: str) -> None:
    shown = Redactor([TOKEN]).text(echoed)
    assert CLAIMS not in shown
    assert SIGNATURE[1:] not in shown


@pytest.mark.parametrize("text", ["", "nothing", "secret", "T12345678", MASK, "s3cr"])
def test_a_text_without_secrets_stays_as_it_is(text: str) -> None:
    redactor = Redactor([SECRET, TOKEN])
    assert redactor.text(text) == text
    assert not redactor.hides(text)


@pytest.mark.parametrize("secret", ["", "a", "abcde"])
def test_a_secret_too_short_to_tell_from_a_word_is_not_masked(secret: str) -> None:
    assert len(secret) < SHORTEST
    text = f"abcde {secret} words"
    assert Redactor([secret]).text(text) == text


def test_a_redactor_without_secrets_changes_nothing() -> None:
    assert Redactor().text("anything") == "anything"


def test_a_secret_that_is_learnt_later_is_masked_too() -> None:
    redactor = Redactor(["first-secret"])
    redactor.learn(["second-secret"])
    assert redactor.text("first-secret second-secret") == f"{MASK} {MASK}"


def test_a_secret_in_another_is_masked_as_the_longer_one() -> None:
    redactor = Redactor(["secret", "secret-and-more"])
    assert redactor.text("secret-and-more") == MASK


@pytest.mark.parametrize(
    ("changed", "left"),
    [
        (TOKEN.upper(), SIGNATURE[2:-2].upper()),
        (with_folded_signature(TOKEN), SIGNATURE[2:-2].swapcase()),
        (with_other_claims(TOKEN), with_other_claims(TOKEN).split(".")[1][2:-2]),
        ("live_4f9a81c2d7e6b305"[:-8], "4f9a"),
        ("live_4f9a81c2d7e6b305".upper(), "4F9A"),
    ],
)
def test_a_wrong_token_that_is_made_of_ours_shows_nothing_of_it(changed: str, left: str) -> None:
    shown = Redactor([TOKEN, "live_4f9a81c2d7e6b305"]).text(f"refused: {changed}.")
    assert MASK in shown
    assert left not in shown


def test_a_pattern_in_a_secret_is_no_pattern() -> None:
    redactor = Redactor(["a.c*d+e(f)"])
    assert redactor.text("abcccdddef a.c*d+e(f)") == f"abcccdddef {MASK}"


secrets = st.text(st.characters(exclude_categories=["Cs"]), min_size=SHORTEST, max_size=40)


@examples(200)
@given(secrets, st.text(max_size=10), st.text(max_size=10))
def test_no_text_shows_a_secret(secret: str, before: str, after: str) -> None:
    redactor = Redactor([secret])
    for form in (secret, quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]):
        shown = redactor.text(f"{before}\n{form}\n{after}")
        assert f"\n{form}\n" not in shown
        assert MASK in shown


@examples(100)
@given(st.lists(secrets, max_size=4), st.text(max_size=60))
def test_what_was_masked_hides_nothing_more(known: list[str], text: str) -> None:
    redactor = Redactor(known)
    shown = redactor.text(text)
    assert (shown == text) is not redactor.hides(text)
