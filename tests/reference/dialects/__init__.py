"""All lawful dialects: importing this package declares them."""

from tests.reference.dialects import (  # noqa: F401
    access,
    answers,
    bodies,
    selection,
    transport,
)
