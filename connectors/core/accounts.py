"""The accounts of a platform, and how it names them: one spelling each, whatever people write."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

PLAIN = r"[A-Za-z0-9](?:[A-Za-z0-9_:@-]|\.(?!\.)){0,126}"
"""Ids of which no more is known: what can stand in a path and changes nothing there."""

NUMBER = r"[0-9]{1,20}"


@dataclass(frozen=True, slots=True)
class AccountIds:
    """How the accounts of a platform are named.

    Attributes:
        pattern: what the one spelling of an id matches as a whole. It goes into addresses of
            requests, so `/`, `?`, `#`, `%` and control characters have no place in it.
        example: an id in that spelling, for messages.
        one_spelling: turns what people write or copy from their browser into that spelling. What
            it does not understand it returns as it came, to be refused by the pattern.
    """

    pattern: str = PLAIN
    example: str = "acme-1"
    one_spelling: Callable[[str], str] = str.strip

    def read(self, platform: str, given: str) -> str:
        """Returns the one spelling of an id.

        Args:
            platform: its name, for the message.
            given: the id as somebody wrote it.

        Raises:
            ValueError: it cannot be an id of that platform.
        """
        found = self.one_spelling(given)
        if re.fullmatch(self.pattern, found, re.ASCII) is None:
            raise ValueError(
                f"{given!r} is no account id of {platform}: write it like {self.example}"
            )
        return found


@dataclass(frozen=True, slots=True)
class Account:
    """One account of a platform.

    Attributes:
        id: the platform's id, as text.
        name, currency, time_zone: as the platform reports them; empty when not known.
        login_id: the manager account through which it is reached, or empty.
        settings: what else a platform needs to know; never a secret.
        granted: what the platform lets the credential do here; None when not known.
    """

    id: str
    name: str = ""
    currency: str = ""
    time_zone: str = ""
    login_id: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    granted: frozenset[str] | None = None

    def described(self, name: Any, currency: Any, time_zone: Any, **more: Any) -> Account:
        """Returns the account as the platform reports it now; what it leaves out stays as it was.

        Args:
            name, currency, time_zone: as they were reported; None or empty when they were not.
            more: other attributes, with their new values.
        """
        return replace(
            self,
            name=str(name or self.name),
            currency=str(currency or self.currency),
            time_zone=str(time_zone or self.time_zone),
            **more,
        )


def refuse_settings(
    platform: str, account_id: str, settings: Mapping[str, str], known: str
) -> str | None:
    """Returns the one setting that a connection may have; None if it has none.

    Raises:
        ValueError: it has another one.
    """
    for name in settings:
        if name != known:
            raise ValueError(f"{platform} {account_id} has no setting {name!r}, only {known}")
    return settings.get(known)
