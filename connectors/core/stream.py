"""What a platform declares: its columns, streams, windows, accounts and itself. All frozen."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal

import pyarrow as pa

from connectors.core.accounts import AccountIds
from connectors.core.columns import Column, essential
from connectors.core.credentials import CredentialField
from connectors.core.reach import Reach, Shortfall
from connectors.core.set_aside import SetAside
from connectors.core.window import Window

if TYPE_CHECKING:
    from connectors.core.auth import Auth
    from connectors.core.consent import Consent
    from connectors.core.errors import ConnectorError
    from connectors.core.http import Client, Reply
    from connectors.core.objects import ObjectSource

__all__ = [
    "Account",
    "Column",
    "CredentialField",
    "Page",
    "Pages",
    "Platform",
    "Stream",
    "Window",
    "essential",
]

Kind = Literal["report", "changes", "snapshot"]


@dataclass(frozen=True, slots=True)
class Page:
    """Records as the platform sent them, the size of their body, and parts for quarantine."""

    records: list[dict[str, Any]]
    bytes: int
    set_aside: tuple[SetAside, ...] = ()


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


Pages = Callable[["Client", Account, "Window | None"], Iterator[Page]]
"""Fetches the pages of one account and window (None for a snapshot)."""


@dataclass(frozen=True, slots=True)
class Stream:
    """One table that a platform offers.

    Attributes:
        name: plural noun of the platform's own.
        kind: `report`, `changes` or `snapshot` (there is no fourth).
        description: what one row is.
        columns: the typed columns, in the order of the raw file.
        pages: fetches the pages of one account and window (None for a snapshot).
        lookback_days: how many days back the platform still restates.
        lookback_reason: why that many.
        max_window_days: longest window of one chunk, None for no limit.
        retention_days: how many days back the platform keeps a report; None for no limit. Older
            dates are not asked for, so an empty answer never wins over what it once said.
        cursor_overlap: of changes: how far before the cursor the next window starts, for what
            the platform shows late.
        version_column: of changes: the platform's own time of modification; the newest version
            of a key is the one with the largest, then the one fetched last.
        grain: of a report: one row per `day` or per `hour`.
        publication: of a report that is published once a day: between which instants a date's
            numbers appear, None for a date that never has any. It is then asked for only when
            something can have appeared. None: at any time.
        date_column: the column that holds the account's own date of a report row.
        key_columns: the key of a snapshot or of changes; a report's key are its dimensions.
        ignored: JSON key names that are known and dropped, at any depth.
        reach: of changes: which records an account may not be shown; None when all are.
    """

    name: str
    kind: Kind
    description: str
    columns: tuple[Column, ...]
    pages: Pages
    lookback_days: int = 0
    lookback_reason: str = ""
    max_window_days: int | None = None
    retention_days: int | None = None
    cursor_overlap: timedelta = timedelta(0)
    version_column: str = ""
    grain: Literal["day", "hour"] | None = None
    publication: Callable[[date], Window | None] | None = None
    date_column: str = "date"
    key_columns: tuple[str, ...] = ()
    ignored: frozenset[str] = frozenset()
    reach: Reach | None = None

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if len(set(names)) != len(names):
            raise ValueError(f"stream {self.name}: a column name is used twice")
        if not set(self.key) <= set(names) or not self.key:
            raise ValueError(f"stream {self.name}: its key {self.key} is not among its columns")
        if (self.kind == "report") != (self.grain is not None):
            raise ValueError(f"stream {self.name}: a report, and only a report, has a grain")
        if self.kind == "report" and (self.key_columns or self.date_column not in self.key):
            raise ValueError(f"stream {self.name}: a report's key are its dimensions, with a date")
        if self.version_column and (self.kind != "changes" or self.version_column not in names):
            raise ValueError(
                f"stream {self.name}: a version column is a column of a changes stream"
            )
        if self.lookback_days and not self.lookback_reason:
            raise ValueError(f"stream {self.name}: a lookback needs its reason")

    @property
    def key(self) -> tuple[str, ...]:
        """Names of the columns that tell rows of one account apart."""
        if self.kind != "report":
            return self.key_columns
        return tuple(column.name for column in self.columns if column.role == "dimension")

    def dispensable(self, fields: Iterable[str]) -> dict[str, str]:
        """Returns the columns that are read from refused fields, if all of them can be spared.

        A field is named whole (`metrics.clicks`), by what it lies in (`customerJourneySummary`)
        or by its last part alone; the first of these that fits decides.

        Args:
            fields: names of a platform's error; one that no column is read from counts for nothing.

        Returns:
            Names of columns, each with its field; empty when one of them cannot be spared.
        """
        found = {column: name for name in fields for column in self._read_from(name)}
        if any(c.required or c.essential or c.name in self.key for c in found):
            return {}
        return {column.name: name for column, name in found.items()}

    def _read_from(self, field: str) -> list[Column]:
        names = {column: (column.asked_as, column.source) for column in self.columns}
        for fits in (
            lambda name: name == field,
            lambda name: name.startswith(f"{field}."),
            lambda name: name.endswith(f".{field}"),
        ):
            found = [column for column, known in names.items() if any(map(fits, known))]
            if found:
                return found
        return []

    @property
    def arrow_schema(self) -> pa.Schema:
        """The schema of the stream's own columns in the raw file, without the `_` columns."""
        return pa.schema([pa.field(column.name, column.type) for column in self.columns])

    def column(self, name: str) -> Column:
        """Returns one column by its name; KeyError if the stream has none of that name."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"stream {self.name} has no column {name!r}")


@dataclass(frozen=True, slots=True)
class Platform:
    """One platform: how to reach it, how to sign in, and what it offers.

    Attributes:
        name: snake_case product name, the same word everywhere.
        api_sunset: the day on which this API version is switched off, if it is known.
        base_url: scheme and host, without a path that depends on the version.
        requests_per_second: pace of one account; bursts of twice that are allowed.
        headers: what every signed request carries beside its signature, e.g. the API's version.
        discover: lists the accounts that a credential reaches.
        describe_account: refreshes name, currency and time zone of an account.
        read_error: reads a platform's error body; None when the reply is no error it knows.
        read_usage: reads how much of the account's allowance is used up, and returns for how many
            seconds its next request should wait; None when the platform does not tell.
        shared: a feed that nobody owns (it belongs to the organization `_shared`).
        unreachable_retries: how often it is tried again when there is no way to it at all; None
            for as often as after any other trouble.
        objects: of a platform whose data lands whole, in files: how they are found and read.
        account_ids: how its accounts are named, and what else people write for that.
        check_settings: refuses settings of a connection that cannot work, with a ValueError that
            names the fix; None when the platform takes no settings.
        shortfalls: what an account, as described, was not granted; None when it cannot be known.
        consent: how access is allowed in a browser that comes back to this machine; None when the
            platform offers no such way, for the reason that `no_consent` gives.
    """

    name: str
    display_name: str
    category: Literal["ads", "analytics", "commerce", "email", "crm", "affiliate", "file"]
    api_version: str
    api_sunset: date | None
    base_url: str
    auth: Auth
    requests_per_second: float
    streams: tuple[Stream, ...]
    credential_fields: tuple[CredentialField, ...]
    discover: Callable[[Client], Iterator[Account]]
    describe_account: Callable[[Client, Account], Account]
    read_error: Callable[[Reply], ConnectorError | None]
    headers: Mapping[str, str] = field(default_factory=dict)
    shared: bool = False
    unreachable_retries: int | None = None
    docs_url: str = ""
    read_usage: Callable[[Reply], float] | None = None
    objects: ObjectSource | None = None
    account_ids: AccountIds = field(default_factory=AccountIds)
    check_settings: Callable[[str, Mapping[str, str]], None] | None = None
    shortfalls: Callable[[Account], Sequence[Shortfall]] | None = None
    consent: Consent | None = None
    no_consent: str = ""

    def account_id(self, given: str) -> str:
        """Returns the one spelling of an account's id.

        Raises:
            ValueError: it cannot be an id of this platform.
        """
        return self.account_ids.read(self.name, given)

    def stream(self, name: str) -> Stream:
        """Returns one stream by its name.

        Raises:
            ValueError: there is none; the message lists those that exist.
        """
        for stream in self.streams:
            if stream.name == name:
                return stream
        names = [stream.name for stream in self.streams]
        near = difflib.get_close_matches(name, names, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"{self.name} has no stream {name!r}{hint} It has: {', '.join(names)}")
