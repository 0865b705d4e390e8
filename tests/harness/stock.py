"""The cases that schemathesis makes of the corrected document, as requests for our target.

The account is always the target's own (a generated one would reach nothing, or a stranger), and
so is the Authorization header; what a case puts there of its own is left to our own tests.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core import NOT_SET

from .document import Document
from .wire import Request

BASE = "http://target.invalid"


class Stock:
    """Generates cases for the one operation of the document."""

    def __init__(self, document: Document, account: str) -> None:
        """Take the corrected document, and the account that every case is pinned to."""
        self._account = account
        schema = schemathesis.openapi.from_dict(document.corrected)
        schema.config.update(base_url=BASE)
        schema.config.generation.update(with_security_parameters=False)
        schema.config.phases.coverage.unexpected_methods = set()
        self._schema = schema
        self._operation = schema[document.path]["POST"]

    def coverage(self) -> Iterator[dict[str, Any]]:
        """The deterministic cases: each keyword of the schema kept, and broken."""
        cases = self._schema.iter_coverage_cases(
            self._operation,
            # Both: with negative ones alone the account of all body cases is itself invalid.
            generation_modes=list(GenerationMode),
            generation_config=self._schema.config.generation_for(
                operation=self._operation, phase="coverage"
            ),
        )
        for case in cases:
            location = case.meta.phase.data.parameter_location if case.meta else None
            if location is None or location.value == "body":
                yield self.parts(case)

    def bodies(self, mode: str) -> st.SearchStrategy[dict[str, Any]]:
        """Random cases: `positive` ones agree with the schema, `negative` ones do not."""
        strategy = self._operation.as_strategy(
            generation_mode=GenerationMode(mode), path_parameters={"aid": self._account}
        )
        return strategy.map(self.parts)

    def parts(self, case: Any) -> dict[str, Any]:
        """A case as the keywords of `Builder.request`."""
        if case.body is NOT_SET:
            return {"raw": None, "media_type": None}
        sent = case.as_transport_kwargs(base_url=BASE)
        media_type = (case.headers or {}).get("Content-Type") or case.media_type
        data = sent.get("data")
        if "json" in sent:
            raw = json.dumps(sent["json"]).encode()
        elif isinstance(data, bytes):
            raw = data
        else:
            raw = json.dumps(data, default=str).encode()
        return {"raw": raw, "media_type": media_type}


def selects_at_random(request: Request) -> bool:
    """Whether a body might settle something: it names no ids, and no window long past."""
    try:
        body = json.loads(request.body or b"{}")
    except ValueError:
        return True
    if not isinstance(body, dict) or body.get("transaction_ids"):
        return False
    span = body.get("date_range")
    end = span.get("end_date") if isinstance(span, dict) else None
    return not (isinstance(end, str) and end < "2000")
