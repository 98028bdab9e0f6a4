"""How much of the limits is used: percentages that rise with calls and fall with time."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import orjson

from connectors.sandbox.platforms.meta_ads.errors import throttled

_CALLS_AN_HOUR = 60_000.0
_SECONDS = 3_600.0
_TIER = "standard_access"


class Usage:
    """The calls of the app and of each account over about an hour.

    Args:
        seconds: A clock that only runs forward: limits know nothing of the simulated time.
    """

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._used: dict[str, tuple[float, float]] = {}

    def count(self, account_id: str, *, insights: bool) -> None:
        """Counts a call of an account.

        Raises:
            GraphError: The account has used up its limit.
        """
        used = self._add(account_id)
        self._add("")
        if used > _CALLS_AN_HOUR:
            over = (used - _CALLS_AN_HOUR) * _SECONDS / _CALLS_AN_HOUR
            refusal = throttled(account_id, insights, seconds=over)
            refusal.headers.update(self.headers(account_id, insights=insights, regain=over))
            raise refusal

    def headers(
        self, account_id: str | None, *, insights: bool, regain: float = 0.0
    ) -> dict[str, str]:
        """Returns the usage headers of a response.

        Args:
            account_id: The account that the call was about; None for none.
            insights: Whether it was for insights.
            regain: Seconds until a throttled account may come back.
        """
        app = self._percent("")
        shown = {"X-App-Usage": _text(call_count=app, total_time=app, total_cputime=app)}
        if account_id is None:
            return shown
        percent = self._percent(account_id)
        of_account = {
            "type": "ads_insights" if insights else "ads_management",
            "call_count": percent,
            "total_cputime": percent,
            "total_time": percent,
            # Whole minutes: what is over in seconds is no time at all.
            "estimated_time_to_regain_access": math.ceil(regain / 60) if regain >= 30 else 0,
            "ads_api_access_tier": _TIER,
        }
        shown["X-Business-Use-Case-Usage"] = orjson.dumps({account_id: [of_account]}).decode()
        shown["X-Ad-Account-Usage"] = _text(
            acc_id_util_pct=round(self._share(account_id), 2),
            reset_time_duration=round(regain),
            ads_api_access_tier=_TIER,
        )
        if insights:
            shown["x-fb-ads-insights-throttle"] = _text(
                app_id_util_pct=round(self._share(""), 2),
                acc_id_util_pct=round(self._share(account_id), 2),
                ads_api_access_tier=_TIER,
            )
        return shown

    def _add(self, key: str) -> float:
        now = self._seconds()
        used, since = self._used.get(key, (0.0, now))
        used = max(0.0, used - (now - since) * _CALLS_AN_HOUR / _SECONDS) + 1
        self._used[key] = (used, now)
        return used

    def _share(self, key: str) -> float:
        return 100 * self._used.get(key, (0.0, 0.0))[0] / _CALLS_AN_HOUR

    def _percent(self, key: str) -> int:
        return math.ceil(self._share(key))


def _text(**values: object) -> str:
    return orjson.dumps(values).decode()
