"""Faults on request: what goes wrong, how often, and never so that data would change.

Whether a request meets a fault depends on the seed, on the request itself and on how often it has
been made, not on what other workers do: the same run meets the same faults. After `max_in_a_row`
failures of one request it is served, so that a client with five retries always gets through.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import asdict, dataclass, field, fields
from typing import Any

KINDS = (
    "429",
    "429_retry_after",
    "500",
    "503",
    "reset",
    "truncated",
    "expired_token",
    "duplicate_page",
    "empty_page",
    "unknown_field",
    "slow",
)
PAGE_KINDS = ("duplicate_page", "empty_page")
# What becomes of asynchronous jobs. A job that hangs costs its client minutes, so these only come
# when they are named.
JOB_KINDS = ("job_failed", "job_skipped", "job_stuck", "job_slow")
FAILURES = frozenset((*KINDS[:7], *JOB_KINDS))
_MOST_REQUESTS_REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class FaultPlan:
    """What is to go wrong.

    Attributes:
        rate: Share of requests that meet a fault, 0 to 1.
        kinds: Which faults, of `KINDS` and `JOB_KINDS`; empty means all of `KINDS`.
        revoked_accounts: Ids of accounts to which access is refused.
        retired_fields: Names of fields that every platform has taken out of its API: as a query
            of Google's has them (`metrics.clicks`), a field of Meta's, or `Order.returnStatus`.
        heaviest_days: Reports of more days at once are refused as too heavy, in words that
            platforms also have for passing trouble; 0 for no limit.
        split_actions: Whether Meta reports one type of action in two entries of a list.
        sunset: Whether every version of the API has been switched off.
        seed: Decides which requests are met.
        retry_after: Seconds that a 429 with a delay asks for.
        slow_seconds: How long a slow answer takes.
        max_in_a_row: After so many failures of one request in a row it is served.
        token_grace: Requests that a token serves at least if its predecessor was ended early.
    """

    rate: float = 0.0
    kinds: tuple[str, ...] = ()
    revoked_accounts: frozenset[str] = frozenset()
    retired_fields: frozenset[str] = frozenset()
    heaviest_days: int = 0
    split_actions: bool = False
    sunset: bool = False
    seed: int = 1
    retry_after: float = 0.05
    slow_seconds: float = 0.05
    max_in_a_row: int = 3
    token_grace: int = 16

    @classmethod
    def read(cls, values: object) -> FaultPlan:
        """Reads a plan from JSON values; what is not given is off.

        Raises:
            ValueError: An unknown key or kind, or a value out of its range.
        """
        if not isinstance(values, dict):
            raise ValueError("faults must be a JSON object")
        known = {one.name for one in fields(cls)}
        unknown = sorted(set(values) - known)
        if unknown:
            raise ValueError(f"unknown {unknown}; known are {sorted(known)}")
        plan = cls(**{name: _read(name, value) for name, value in values.items()})
        if not 0 <= plan.rate <= 1:
            raise ValueError(f"rate must be between 0 and 1, got {plan.rate}")
        wrong = [kind for kind in plan.kinds if kind not in (*KINDS, *JOB_KINDS)]
        if wrong:
            raise ValueError(f"unknown kinds {wrong}; known are {[*KINDS, *JOB_KINDS]}")
        return plan

    def as_json(self) -> dict[str, Any]:
        """Returns the plan as JSON values that `read` takes."""
        values = asdict(self)
        values["kinds"] = list(self.kinds)
        values["revoked_accounts"] = sorted(self.revoked_accounts)
        values["retired_fields"] = sorted(self.retired_fields)
        return values


@dataclass(slots=True)
class _History:
    made: int = 0
    in_a_row: int = 0
    kinds: set[str] = field(default_factory=set)


class Faults:
    """Decides which request meets which fault."""

    def __init__(self) -> None:
        self.plan = FaultPlan()
        self._requests: OrderedDict[bytes, _History] = OrderedDict()

    def put(self, plan: FaultPlan) -> None:
        """Takes a new plan and forgets what has been."""
        self.plan = plan
        self._requests.clear()

    def meet(self, request: bytes, possible: frozenset[str]) -> str | None:
        """Returns the kind of fault that a request meets, None for most.

        Args:
            request: What makes the request this one: path, body, page.
            possible: The kinds that make sense for it.
        """
        plan = self.plan
        if plan.rate <= 0:
            return None
        history = self._remember(hashlib.sha256(request).digest())
        attempt = history.made
        history.made += 1
        kinds = [kind for kind in (plan.kinds or KINDS) if kind in possible]
        if "expired_token" in history.kinds:
            # A client refreshes a token once for one request; a second 401 would rightly end it.
            kinds = [kind for kind in kinds if kind != "expired_token"]
        chance, choice = self._draw(request, attempt)
        kind = kinds[int(choice * len(kinds))] if kinds and chance < plan.rate else None
        if kind in FAILURES and history.in_a_row < plan.max_in_a_row:
            history.in_a_row += 1
            history.kinds.add(kind)
            return kind
        history.in_a_row = 0
        history.kinds.clear()
        return None if kind in FAILURES else kind

    def inserted(self, place: bytes) -> str | None:
        """Returns the kind of page that is put in at a place of a list; it never changes."""
        kinds = [kind for kind in (self.plan.kinds or KINDS) if kind in PAGE_KINDS]
        chance, choice = self._draw(place, 0)
        return kinds[int(choice * len(kinds))] if kinds and chance < self.plan.rate else None

    def _draw(self, request: bytes, attempt: int) -> tuple[float, float]:
        digest = hashlib.sha256(b"%d %d " % (self.plan.seed, attempt) + request).digest()
        scale = float(2**64)
        return (
            int.from_bytes(digest[:8], "big") / scale,
            int.from_bytes(digest[8:16], "big") / scale,
        )

    def _remember(self, request: bytes) -> _History:
        history = self._requests.setdefault(request, _History())
        self._requests.move_to_end(request)
        if len(self._requests) > _MOST_REQUESTS_REMEMBERED:
            self._requests.popitem(last=False)
        return history


def _read(name: str, value: object) -> Any:
    if name in ("kinds", "revoked_accounts", "retired_fields"):
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise ValueError(f"{name} must be a list of texts")
        return tuple(value) if name == "kinds" else frozenset(value)
    if name in ("sunset", "split_actions"):
        if not isinstance(value, bool):
            raise ValueError(f"{name} must be true or false")
        return value
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ValueError(f"{name} must be a number that is not negative")
    if name in ("rate", "retry_after", "slow_seconds"):
        return float(value)
    if not isinstance(value, int):
        raise ValueError(f"{name} must be a whole number")
    return value
