"""Records of the registry, their validation, and the ids derived from them."""

from __future__ import annotations

import difflib
import hashlib
import re
import zoneinfo
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from warehouse.home import HomeError, check_organization_id

ConnectionStatus = Literal["active", "paused", "removed"]
Change = Literal["added", "changed", "unchanged"]

SYNC_FREQUENCIES = ("hourly", "daily", "weekly", "manual")
_CURRENCY_PATTERN = re.compile(r"^[A-Z]{3}$")
_CREDENTIAL_PATTERN = re.compile(r"^[a-z0-9][a-z0-9_.-]{0,62}$")
_ACCOUNT_PATTERN = re.compile(r"(?!.*\.\.)[^/?#%\\]{1,200}", re.DOTALL)

OLDEST_START = date(1999, 1, 1)
"""Earlier there is neither an exchange rate in euro nor a platform."""
_FARTHEST_START = timedelta(days=366)


class RegistryError(ValueError):
    """A request that the registry refuses; the message says what to do instead."""


@dataclass(frozen=True, slots=True)
class Organization:
    """One tenant. ``fiscal_year_start_month`` is 1 to 12."""

    organization_id: str
    name: str
    plan: str = "standard"
    reporting_currency: str = "USD"
    time_zone: str = "UTC"
    fiscal_year_start_month: int = 1
    status: str = "active"
    created_at: datetime | None = None

    def check(self) -> None:
        """Validates every field.

        Raises:
            RegistryError: a field is not usable.
        """
        try:
            check_organization_id(self.organization_id)
        except HomeError as error:
            raise RegistryError(str(error)) from error
        where = f"organization {self.organization_id}"
        check_currency(self.reporting_currency, where)
        check_time_zone(self.time_zone, where)
        if not 1 <= self.fiscal_year_start_month <= 12:
            raise RegistryError(
                f"{where}: fiscal_year_start_month is {self.fiscal_year_start_month}, "
                "use 1 (January) to 12"
            )


@dataclass(frozen=True, slots=True)
class Credential:
    """What reaches one or many accounts, without its secrets.

    ``organization_id`` is None for an agency's credential that serves several organizations.
    """

    credential_id: str
    platform: str
    organization_id: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Connection:
    """One account of one organization on one platform.

    Attributes:
        credential_id: the newest credential that reaches it.
        alternate_credential_ids: older ones, newest first.
        start_date: first day to pull.
        settings: what else its platform needs to know of it; never a secret.
    """

    connection_id: str
    organization_id: str
    platform: str
    account_id: str
    credential_id: str | None
    alternate_credential_ids: tuple[str, ...]
    account_name: str | None
    account_currency: str | None
    account_time_zone: str | None
    status: ConnectionStatus
    sync_frequency: str
    start_date: date
    created_at: datetime
    removed_at: datetime | None
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Member:
    """A person of an organization."""

    organization_id: str
    email: str
    role: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change of the registry: who did what to which record. Never holds a secret."""

    at: datetime
    actor: str
    action: str
    subject: str
    detail: dict[str, str]


@dataclass(frozen=True, slots=True)
class PlatformRecord:
    """A platform as exported for dbt; given by the orchestrator, not stored in control.db.

    `lookback_days` is for how many days it restates a reported day, the most of its streams.
    """

    platform: str
    display_name: str
    category: str
    api_version: str
    api_sunset: date | None
    requests_per_second: float
    is_active: bool
    shared: bool
    lookback_days: int = 0


def connection_id(organization_id: str, platform: str, account_id: str) -> str:
    """The id of an account's connection: the same after removing and adding it again."""
    text = f"{organization_id}\x1f{platform}\x1f{account_id}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def check_start_date(start: date, today: date, where: str) -> None:
    """Refuses a first day that no account can have: shared rates would be pulled from it on.

    Raises:
        RegistryError: it lies before OLDEST_START, or more than a year ahead.
    """
    if not OLDEST_START <= start <= today + _FARTHEST_START:
        raise RegistryError(
            f"{where}: start_date {start} is not between {OLDEST_START} and a year from now; give "
            f"the first day that the account has numbers of, such as {today.year}-01-01"
        )


def check_currency(code: str, where: str) -> None:
    """Raises ``RegistryError`` unless the code looks like ISO 4217."""
    if not _CURRENCY_PATTERN.fullmatch(code):
        raise RegistryError(
            f"{where}: {code!r} is not a currency; use an ISO 4217 code of three capital letters "
            "(USD, EUR, INR)"
        )


def check_time_zone(name: str, where: str) -> None:
    """Raises ``RegistryError`` unless the zone is in the IANA database."""
    zones = zoneinfo.available_timezones()
    if name not in zones:
        raise RegistryError(
            f"{where}: unknown time zone {name!r}{did_you_mean(name, zones)}; use an IANA name "
            "(Europe/Berlin)"
        )


def check_credential_id(credential: str) -> None:
    """Raises ``RegistryError`` unless the id is usable."""
    if not _CREDENTIAL_PATTERN.fullmatch(credential):
        raise RegistryError(
            f"credential id {credential!r} is not allowed: use 1 to 63 lower-case letters, "
            "digits, '-', '_' and '.', starting with a letter or digit (example: acme_google)"
        )


def check_account_id(account: str) -> None:
    """Raises ``RegistryError`` unless the id may stand in addresses and messages.

    What an id of its platform looks like is checked by who knows the platform.
    """
    fits = _ACCOUNT_PATTERN.fullmatch(account) and account.isprintable()
    if not fits or account != account.strip():
        raise RegistryError(
            f"account id {account!r} is not allowed: use the platform's own id, 1 to 200 "
            "printable characters without spaces around it, and none of '..', '/', '?', '#', '%'"
        )


def check_sync_frequency(frequency: str, where: str) -> None:
    """Raises ``RegistryError`` unless the frequency is known."""
    if frequency not in SYNC_FREQUENCIES:
        raise RegistryError(
            f"{where}: unknown sync_frequency {frequency!r}"
            f"{did_you_mean(frequency, SYNC_FREQUENCIES)}; use one of {', '.join(SYNC_FREQUENCIES)}"
        )


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """``" (did you mean 'x'?)"`` for a near match, else an empty string."""
    by_lower = {name.lower(): name for name in known}
    close = difflib.get_close_matches(given.lower(), by_lower, n=1, cutoff=0.6)
    return f" (did you mean {by_lower[close[0]]!r}?)" if close else ""
