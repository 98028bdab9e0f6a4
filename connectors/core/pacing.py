"""How fast and how often: the pace of one account, and the waits between attempts."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from math import isfinite

MAX_RETRIES = 5
"""Attempts after the first one; with 1, 2, 4, 8 and 16 s that is half a minute of patience."""

JITTER = 0.2
"""Waits differ by up to this share, so that many accounts do not come back at the same instant."""

LONGEST_WAIT = 300.0
"""Seconds. A platform may ask for hours; a sync does not sleep that long, the next one tries."""

SCALE_VARIABLE = "TRIBUTARY_RETRY_BASE"


def wait_scale() -> float:
    """Seconds of the first wait (default 1.0); every other wait is scaled with it.

    Raises:
        ValueError: TRIBUTARY_RETRY_BASE is not a number of seconds from 0 up.
    """
    text = os.environ.get(SCALE_VARIABLE, "").strip() or "1.0"
    try:
        scale = float(text)
    except ValueError:
        scale = -1.0
    if not isfinite(scale) or scale < 0:
        raise ValueError(f"{SCALE_VARIABLE}={text!r} is not a number of seconds such as 1.0 or 0")
    return scale


def wait_before_retry(
    retry: int, asked: float | None, *, chance: Callable[[], float] = random.random
) -> float:
    """Returns the seconds to wait before a retry, not yet scaled.

    Args:
        retry: 1 for the first retry.
        asked: seconds that the platform asked for, or None.
        chance: a source of numbers from 0 to 1.
    """
    if asked is not None and asked > 0:
        # Never earlier than asked: the jitter only adds, below the cap.
        return min(asked * (1 + JITTER * chance()), LONGEST_WAIT)
    return float(2 ** (retry - 1)) * (1 + JITTER * (2 * chance() - 1))


def retry_after_seconds(headers: Mapping[str, str]) -> float | None:
    """Reads a Retry-After header: seconds or an HTTP date. None when absent or unreadable."""
    text = headers.get("Retry-After", "").strip()
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        return _seconds_until(text, headers.get("Date", ""))
    return max(seconds, 0.0) if isfinite(seconds) else None


def window_seconds(headers: Mapping[str, str]) -> float:
    """Returns the seconds until a limit starts anew, when nothing is left of it; else 0.

    Read from `RateLimit-Remaining` and `RateLimit-Reset` (draft-ietf-httpapi-ratelimit-headers-03).
    """
    left, until = (headers.get(f"RateLimit-{one}", "").strip() for one in ("Remaining", "Reset"))
    return float(until) if left.isdecimal() and int(left) == 0 and until.isdecimal() else 0.0


def _seconds_until(date_text: str, server_date: str) -> float | None:
    try:
        until = parsedate_to_datetime(date_text).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    try:
        # The server's own clock, if it shows it: ours may be wrong or frozen.
        reference = parsedate_to_datetime(server_date).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        reference = time.time()
    return max(until - reference, 0.0)


class Bucket:
    """A token bucket: `rate` requests a second, bursts of twice that.

    A caller takes its place in the queue at once and learns how long to wait, so callers are
    served in order and none can overtake another.
    """

    def __init__(self, rate: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        if not rate > 0:
            raise ValueError(f"a rate of {rate} requests a second would never send one")
        self._rate = rate
        self._burst = max(2 * rate, 1.0)
        self._left = self._burst
        self._monotonic = monotonic
        self._seen = monotonic()
        self._lock = threading.Lock()

    def reserve(self) -> float:
        """Takes one token and returns the seconds to wait before using it."""
        with self._lock:
            self._refill()
            self._left -= 1
            return max(0.0, -self._left / self._rate)

    def hold(self, seconds: float) -> None:
        """Lets nobody pass for some seconds; whoever comes meanwhile goes out in order after."""
        with self._lock:
            self._refill()
            self._left = min(self._left, 1 - seconds * self._rate)

    def _refill(self) -> None:
        now = self._monotonic()
        self._left = min(self._burst, self._left + (now - self._seen) * self._rate)
        self._seen = now


class Buckets:
    """The buckets of this process: one per platform and account, shared by all its clients."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._buckets: dict[tuple[str, str, float], Bucket] = {}
        self._lock = threading.Lock()

    def of(self, platform: str, account: str, rate: float) -> Bucket:
        """Returns the bucket of one account, made on first use."""
        with self._lock:
            key = (platform, account, rate)
            if key not in self._buckets:
                self._buckets[key] = Bucket(rate, self._monotonic)
            return self._buckets[key]


SHARED_BUCKETS = Buckets()
