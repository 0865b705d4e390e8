"""All faults: importing this package declares them. One module for each chapter of the contract."""

from tests.reference.faults import (  # noqa: F401
    account,
    answer,
    auth,
    body,
    count,
    crash,
    date,
    exclusion,
    habits,
    ids,
    isolation,
    limits,
    outcome,
    ranges,
    rights,
    selection,
    status,
    together,
)
