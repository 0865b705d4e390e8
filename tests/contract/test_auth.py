"""Chapter auth: bearer, JWT, scopes, the account of the token, test only."""

import base64

import pytest

from tests.harness import tokens
from tests.harness.cases import EMPTY, unknown_ids
from tests.harness.fixtures import Put
from tests.harness.run import Run

clause = pytest.mark.clause
BODY = {"date_range": EMPTY}
BASIC = "Basic " + base64.b64encode(b"somebody:something").decode()
SHAPES: dict[str, object] = {
    "a range": BODY,
    "no body": None,
    "no options": {},
    "no ids": {"transaction_ids": []},
    "ids": {"transaction_ids": unknown_ids(2, "T00000000", seed=5)},
    "a count": {**BODY, "number_of_transactions": 1},
}


@clause("auth.missing")
@pytest.mark.smoke
def test_no_authorization_header_gets_401(put: Put) -> None:
    put(BODY, authorization=None)


@clause("auth.scheme")
@pytest.mark.smoke
def test_basic_credentials_get_401(put: Put) -> None:
    put(BODY, authorization=BASIC)


@clause("auth.scheme")
def test_another_scheme_gets_401(put: Put, token: str) -> None:
    put(BODY, authorization=f"Token {token}")
    put(BODY, authorization=token)
    put(BODY, authorization="Bearer")
    put(BODY, authorization="")


@clause("auth.scheme")
def test_our_token_after_what_only_resembles_the_scheme_gets_401(put: Put, token: str) -> None:
    for before in ("Bearers ", "xBearer ", "Basic ", "Bearer"):
        put(BODY, authorization=f"{before}{token}")


@clause("auth.malformed")
def test_our_token_with_more_behind_it_gets_400_or_401(put: Put, token: str) -> None:
    put(BODY, authorization=f"Bearer {token}, x")
    put(BODY, authorization=f"Bearer {token}.x")


@clause("auth.malformed")
def test_a_bearer_beyond_ascii_gets_400_or_401(put: Put) -> None:
    put(BODY, authorization="Bearer tøken")


@clause("auth.scheme", "auth.malformed")
@pytest.mark.depth
def test_our_token_among_other_words_gets_401(put: Put, token: str) -> None:
    put(BODY, authorization=f"Basic Bearer {token}")
    put(BODY, authorization=f"Bearer {token} x")
    put(BODY, authorization=f"Bearer x {token}")


@clause("auth.missing", "auth.scheme")
@pytest.mark.depth
@pytest.mark.parametrize("body", SHAPES.values(), ids=SHAPES)
def test_no_body_is_served_without_a_good_token(put: Put, token: str, body: object) -> None:
    put(body, authorization=None)
    put(body, authorization="Bearer")
    put(body, authorization=f"Token {token}")
    put(body, authorization=BASIC)


@clause("auth.malformed")
@pytest.mark.parametrize(
    "token", [pytest.param("nonsense", marks=pytest.mark.smoke), "one.two.three"]
)
def test_a_bearer_that_is_no_jwt_gets_400_or_401(put: Put, token: str) -> None:
    put(BODY, authorization=f"Bearer {token}")


@clause("auth.tampered")
@pytest.mark.smoke
def test_our_token_with_other_claims_gets_401(put: Put, token: str) -> None:
    put(BODY, authorization=f"Bearer {tokens.with_other_claims(token)}")


@clause("auth.tampered")
def test_our_token_with_something_changed_gets_401(put: Put, token: str) -> None:
    put(BODY, authorization=f"Bearer {tokens.with_changed_signature(token)}")
    put(BODY, authorization=f"Bearer {tokens.with_folded_signature(token)}")
    put(BODY, authorization=f"Bearer {tokens.with_cut_signature(token)}")
    put(BODY, authorization=f"Bearer {tokens.without_signature(token)}")


@clause("auth.malformed", "auth.tampered")
@pytest.mark.depth
def test_no_near_miss_of_our_token_is_good(put: Put, token: str) -> None:
    for wrong in (
        f"{token}x",
        token[:-8],
        token.upper(),
        f'"{token}"',
        "null",
        "undefined",
        "..",
        "a.b",
    ):
        put(BODY, authorization=f"Bearer {wrong}")
    put({}, authorization=f"Bearer {tokens.with_changed_signature(token)}")
    put({}, authorization="Bearer nonsense")


@clause("auth.unsigned")
@pytest.mark.parametrize(
    "algorithm",
    [
        pytest.param("none", marks=pytest.mark.smoke),
        "None",
        pytest.param("NONE", marks=pytest.mark.depth),
        pytest.param("nOnE", marks=pytest.mark.depth),
    ],
)
def test_our_token_unsigned_gets_401(put: Put, token: str, algorithm: str) -> None:
    put(BODY, authorization=f"Bearer {tokens.unsigned(token, algorithm)}")


@clause("auth.expired")
@pytest.mark.smoke
def test_an_expired_token_gets_401(put: Put, run: Run) -> None:
    put(SHAPES["ids"], authorization=f"Bearer {run.target.file.auth.others.expired}")


@clause("auth.expired")
@pytest.mark.depth
def test_an_expired_token_is_not_good_the_next_time(put: Put, run: Run) -> None:
    for _ in range(3):
        put(BODY, authorization=f"Bearer {run.target.file.auth.others.expired}")


@clause("auth.scopes")
@pytest.mark.smoke
def test_a_token_without_the_scopes_gets_403(put: Put, run: Run) -> None:
    put(SHAPES["no body"], authorization=f"Bearer {run.target.file.auth.others.without_scopes}")


@clause("auth.account")
@pytest.mark.smoke
def test_a_token_of_another_account_gets_403_or_401(put: Put, run: Run) -> None:
    other = f"Bearer {run.target.file.auth.others.other_account}"
    put(BODY, authorization=other)
    put(BODY, authorization=other, account=run.target.file.ledger.other_account)


@pytest.mark.depth
@pytest.mark.parametrize("body", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize(
    "other",
    [
        pytest.param("expired", marks=clause("auth.expired")),
        pytest.param("without_scopes", marks=clause("auth.scopes")),
        pytest.param("other_account", marks=clause("auth.account")),
    ],
)
def test_no_body_makes_another_token_good(put: Put, run: Run, other: str, body: object) -> None:
    put(body, authorization=f"Bearer {getattr(run.target.file.auth.others, other)}")


@clause("auth.test-only")
@pytest.mark.smoke
def test_a_production_account_is_never_served(put: Put, run: Run) -> None:
    put(BODY, account=run.court.production)
