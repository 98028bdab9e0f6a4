"""Tokens of a property: what an answer costs, and what is left of the hour and of the day."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from connectors.sandbox.platforms.ga4.questions import Question

_PACIFIC = ZoneInfo("America/Los_Angeles")
PER_DAY, PER_HOUR, PER_PROJECT_HOUR = 200_000, 40_000, 14_000


class Quota:
    """What every property has used. An hour is one of the clock, a day ends at midnight Pacific."""

    def __init__(self) -> None:
        self._used: Counter[tuple[str, str]] = Counter()

    def spend(self, property_id: str, question: Question, now: datetime) -> dict[str, Any]:
        """Takes what a report costs, and returns the property's quota as an answer shows it."""
        days = (question.last - question.first).days + 1
        fields = len(question.dimensions) + len(question.metrics)
        cost = 1 + fields * days // 64
        here = now.astimezone(_PACIFIC)
        periods = [(property_id, f"{here:%Y-%m-%d}"), (property_id, f"{here:%Y-%m-%dT%H}")]
        self._used.update(dict.fromkeys(periods, cost))
        of_day, of_hour = (self._used[one] for one in periods)
        return {
            "tokensPerDay": _bucket(cost, PER_DAY - of_day),
            "tokensPerHour": _bucket(cost, PER_HOUR - of_hour),
            "concurrentRequests": _bucket(0, 10),
            "serverErrorsPerProjectPerHour": _bucket(0, 10),
            "potentiallyThresholdedRequestsPerHour": _bucket(0, 120),
            "tokensPerProjectPerHour": _bucket(cost, PER_PROJECT_HOUR - of_hour),
        }


def _bucket(consumed: int, remaining: int) -> dict[str, int]:
    return {"consumed": consumed, "remaining": max(remaining, 0)}
