"""Access tokens: who holds them, how long they live, and how a fault ends them early."""

from __future__ import annotations

import base64
import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from connectors.sandbox.wire.faults import FaultPlan

Holder = TypeVar("Holder")
_MOST_TOKENS = 10_000


@dataclass(slots=True)
class Token(Generic[Holder]):
    """One access token.

    Attributes:
        holder: Whose it is.
        ends: When it is over; None for one that lives until it is taken back.
        family: What it was issued for: a token of the same family replaces it.
    """

    holder: Holder
    ends: datetime | None
    family: str
    spared_under: FaultPlan | None = None
    ended_under: FaultPlan | None = None
    served: int = 0

    def is_over(self, now: datetime, plan: FaultPlan) -> bool:
        """Says whether it has ended; a lasting one that a fault ended comes back with the next."""
        if self.ends is None:
            return self.ended_under is plan
        return self.ended_under is not None or now >= self.ends


class Tokens(Generic[Holder]):
    """The access tokens of one platform.

    Args:
        prefix: What every issued one begins with.
        lasting_can_end: Whether a fault may end a token that nobody can renew: only if it is the
            only kind that is asked for.
    """

    def __init__(self, prefix: str = "", *, lasting_can_end: bool = False) -> None:
        self._prefix, self._lasting_can_end = prefix, lasting_can_end
        self._lasting: dict[str, Token[Holder]] = {}
        self._issued: OrderedDict[str, Token[Holder]] = OrderedDict()
        self._count = 0

    def keep(self, text: str, holder: Holder) -> None:
        """Adds a token that lasts."""
        self._lasting[text] = Token(holder, None, text)

    def issue(self, holder: Holder, family: str, ends: datetime, plan: FaultPlan) -> str:
        """Returns a new token.

        Args:
            holder: Whose it is.
            family: What it is issued for.
            ends: When it is over.
            plan: The faults of the moment: what replaces a token that they ended is spared a while.
        """
        self._count += 1
        digest = hashlib.sha256(f"{self._prefix} {family} {self._count}".encode()).hexdigest()
        replaces = any(
            one.ended_under is plan and one.family == family for one in self._issued.values()
        )
        text = f"{self._prefix}{digest[:40]}"
        self._issued[text] = Token(holder, ends, family, plan if replaces else None)
        if len(self._issued) > _MOST_TOKENS:
            self._issued.popitem(last=False)
        return text

    def find(self, text: str | None) -> Token[Holder] | None:
        """Returns a token; None for one that was never issued."""
        return self._lasting.get(text or "") or self._issued.get(text or "")

    def can_end(self, text: str | None, plan: FaultPlan) -> bool:
        """Says whether a fault may end a token.

        The successor of one that was ended like this first serves `plan.token_grace` requests, so
        that several workers who share it are not kept renewing for ever.
        """
        token = self.find(text)
        if token is None:
            return False
        if token.ends is None:
            return self._lasting_can_end and plan.kinds == ("expired_token",)
        return token.spared_under is not plan or token.served >= plan.token_grace

    def end(self, text: str | None, plan: FaultPlan) -> None:
        """Ends a token before its time, as a fault."""
        token = self.find(text)
        if token is not None:
            token.ended_under = plan


def bearer(authorization: str | None) -> str | None:
    """Returns the token of an `Authorization: Bearer` header."""
    scheme, _, token = (authorization or "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def basic_pair(authorization: str | None) -> tuple[str, str] | None:
    """Returns name and secret of an `Authorization: Basic` header; None when it is none."""
    scheme, _, text = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(text).decode().partition(":")
    except ValueError:
        return None
    return name, secret
