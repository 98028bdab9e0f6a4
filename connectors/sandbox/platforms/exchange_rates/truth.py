"""The reference rates that are published as of a clock."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.sandbox.business import Business
from connectors.sandbox.truth.question import Question, Row


def rates(business: Business, question: Question) -> Iterator[Row]:
    """Yields one row a date and currency, oldest first."""
    for one in reversed(business.rates.known(question.as_of)):
        for currency, rate in one.rates.items():
            yield {"date": str(one.day), "currency": currency, "rate": f"{rate:f}"}
