"""What Salesforce must come to: sales as they are, but for what its records cannot say.

A lead has no company's record before it has a deal, and a stage goes by one name in all pipelines.
"""

from __future__ import annotations

from collections.abc import Iterator

from connectors.sandbox.business import Business
from connectors.sandbox.platforms.salesforce.system import SYSTEM
from connectors.sandbox.truth.crm import levels_of
from connectors.sandbox.truth.question import Answer, Question, Row


def _worded(answer: Answer) -> Answer:
    def answered(business: Business, question: Question) -> Iterator[Row]:
        for row in answer(business, question):
            if "stage_name" in row:
                row = {**row, "stage_name": row["stage_id"]}
            if "customer_at" in row and row["converted_at"] is None:
                row = {**row, "company_id": None}
            yield row

    return answered


LEVELS: dict[str, Answer] = {name: _worded(one) for name, one in levels_of(SYSTEM).items()}
