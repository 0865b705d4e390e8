"""Hypothesis strategies for bodies: valid in most places, wrong in some; the oracle tells which.

`builds` and `sampled_from` rather than `from_regex`, `filter` and `flatmap`: those are slow, and
shrink badly.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from .cases import ALPHANUMERIC

Strategy = st.SearchStrategy[Any]

SCALARS: Strategy = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, width=32),
    st.text(max_size=8),
)
VALUES: Strategy = st.one_of(
    SCALARS,
    st.lists(SCALARS, max_size=3),
    st.dictionaries(st.text(max_size=5), SCALARS, max_size=3),
)

PAST = dt.date(1995, 1, 1)
MONTHS = "January", "Feb", "13", "00"


@st.composite
def mostly(draw: st.DrawFn, good: Strategy, bad: Strategy) -> Any:
    """`good` in five of six draws; a `one_of` would weigh the branches inside of each."""
    return draw(bad if draw(st.integers(0, 5)) == 5 else good)


def counts() -> Strategy:
    """number_of_transactions."""
    good = st.one_of(st.integers(1, 10000), st.sampled_from([1, 2, 9999, 10000]))
    bad = st.one_of(st.integers(max_value=0), st.integers(min_value=10001), VALUES)
    return mostly(good, bad)


def ids(account: str) -> Strategy:
    """transaction_ids: shaped like the example, other strings, and what is no string."""
    shaped = st.text(ALPHANUMERIC, min_size=22, max_size=26).map(lambda tail: f"{account}.{tail}")
    good = st.lists(st.one_of(shaped, shaped, st.text(max_size=30)), max_size=12)
    bad = st.one_of(st.lists(st.one_of(shaped, VALUES), min_size=1, max_size=6), VALUES)
    return mostly(good, bad)


def dates() -> Strategy:
    """A full-date long past, and its near misses."""
    day = st.integers(0, (PAST - dt.date.min).days - 1).map(lambda n: dt.date.min + dt.timedelta(n))
    iso = day.map(str)
    parts = st.tuples(st.integers(1, 1994), st.integers(0, 13), st.integers(0, 32))
    loose = st.builds(
        lambda ymd, shape: shape.format(*ymd),
        parts,
        st.sampled_from(
            [
                "{0:04}-{1:02}-{2:02}",
                "{0:04}-{1}-{2}",
                "{0:04}{1:02}{2:02}",
                "{0:04}/{1:02}/{2:02}",
                "{2:02}-{1:02}-{0:04}",
                "{0:04}-{1:02}-{2:02}T00:00:00Z",
                "{0:04}-{1:02}-{2:02} ",
                "{0}-{1:02}-{2:02}",
                "{0:04}-{1:02}",
            ]
        ),
    )
    edited = st.builds(
        lambda text, place, letter: text[:place] + letter + text[place + 1 :],
        iso,
        st.integers(0, 9),
        st.one_of(st.characters(), st.sampled_from("0123456789- /T٣")),
    )
    return mostly(iso, st.one_of(loose, edited, VALUES))


def ranges() -> Strategy:
    """date_range, long past or far ahead, so that a server that keeps the contract settles none."""
    start = st.integers(0, (PAST - dt.date.min).days - 40000)
    ordered = st.builds(
        lambda n, more: {
            "start_date": str(dt.date.min + dt.timedelta(n)),
            "end_date": str(dt.date.min + dt.timedelta(n + more)),
        },
        start,
        st.one_of(st.integers(1, 40), st.integers(1, 39000)),
    )
    free = st.fixed_dictionaries(
        {}, optional={"start_date": dates(), "end_date": dates(), "zone": SCALARS}
    )
    return mostly(ordered, st.one_of(free, VALUES))


def bodies(account: str) -> Strategy:
    """Whole bodies, with every combination of options."""
    options = st.fixed_dictionaries(
        {},
        optional={
            "transaction_ids": ids(account),
            "number_of_transactions": counts(),
            "date_range": ranges(),
            "comment": VALUES,
        },
    )
    return mostly(options, st.one_of(options, VALUES))


def broken_json(account: str) -> Strategy:
    """JSON text with something cut, doubled or put in between; often no longer JSON."""
    from .cases import encode

    raw = bodies(account).map(encode)
    inserts = [b"", b",", b"}", b"]", b'"', b"'", b"NaN", b"//", b"\xff", b"\0", b"{", b" "]
    return st.builds(
        lambda text, place, cut, more: (
            text[: (at := place % (len(text) + 1))] + more + text[at + cut :]
        ),
        raw,
        st.integers(0, 400),
        st.integers(0, 3),
        st.sampled_from(inserts),
    )
