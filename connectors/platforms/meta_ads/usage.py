"""Meta's usage headers: how much of an allowance is used up, and when it is whole again.

Four headers tell, each a JSON text; percentages of an app, an account or a business use case.
https://developers.facebook.com/docs/graph-api/overview/rate-limiting
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from connectors.core.replies import Reply, json_or_none

SLOW_FROM = 75.0
"""Percent. Below, Meta promises nothing and refuses nothing: full speed."""
SLOWEST_PAUSE = 30.0
"""Seconds before the next request at just under 100 %; shorter in proportion below."""
FULL_PAUSE = 60.0
"""Seconds at 100 % when Meta does not say for how long; allowances are sliding hours."""


@dataclass(frozen=True, slots=True)
class _Usage:
    """One allowance: percent used, and seconds until access or the whole allowance is back."""

    percent: float
    regain: float = 0.0
    reset: float = 0.0

    @property
    def pause(self) -> float:
        if self.regain > 0:
            return self.regain
        if self.percent >= 100:
            return self.reset or FULL_PAUSE
        if self.percent < SLOW_FROM:
            return 0.0
        pause = SLOWEST_PAUSE * (self.percent - SLOW_FROM) / (100 - SLOW_FROM)
        return min(pause, self.reset) if self.reset else pause


def read_usage(reply: Reply) -> float:
    """Returns for how many seconds the account's next request should wait."""
    return max((usage.pause for usage in _usages(reply.headers)), default=0.0)


def seconds_until_access(headers: Mapping[str, str]) -> float | None:
    """Returns when a refused request may be tried again; None when Meta does not say."""
    waits = [
        usage.regain or (usage.reset if usage.percent >= SLOW_FROM else 0.0)
        for usage in _usages(headers)
    ]
    return max(waits, default=0.0) or None


def _usages(headers: Mapping[str, str]) -> Iterator[_Usage]:
    cases = _parsed(headers, "X-Business-Use-Case-Usage")
    for listed in cases.values():
        for case in listed if isinstance(listed, list) else ():
            if isinstance(case, dict):
                minutes = _number(case.get("estimated_time_to_regain_access"))
                yield _Usage(_largest(case, _SHARES), regain=60 * minutes)
    yield _Usage(_largest(_parsed(headers, "X-App-Usage"), _SHARES))
    account = _parsed(headers, "X-Ad-Account-Usage")
    yield _Usage(
        _number(account.get("acc_id_util_pct")), reset=_number(account.get("reset_time_duration"))
    )
    insights = _parsed(headers, "x-fb-ads-insights-throttle")
    yield _Usage(_largest(insights, ("app_id_util_pct", "acc_id_util_pct")))


_SHARES = ("call_count", "total_cputime", "total_time")


def _parsed(headers: Mapping[str, str], name: str) -> dict[str, Any]:
    found = json_or_none(headers.get(name, "").encode())
    return found if isinstance(found, dict) else {}


def _largest(values: Mapping[str, Any], names: tuple[str, ...]) -> float:
    return max(_number(values.get(name)) for name in names)


def _number(value: object) -> float:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return 0.0
    return max(number, 0.0) if isfinite(number) else 0.0
