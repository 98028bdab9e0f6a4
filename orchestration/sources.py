"""The connected accounts of a platform, each with the client that reads it."""

import copy
import hashlib
import hmac
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from connectors.core.accounts import Account
from connectors.core.errors import (
    AccountGone,
    AccountSkipped,
    AuthRejected,
    ConnectorError,
    ShapeChanged,
)
from connectors.core.http import Client
from connectors.core.platform import Platform
from connectors.core.tokens import TokenStore
from orchestration.due.frequency import due_connections
from orchestration.first_days import ensure_feed
from orchestration.token_store import RegistryTokens, declared_fields
from orchestration.workspace import Workspace
from warehouse.durable_files import ensure_directory
from warehouse.home import SHARED_ORGANIZATION
from warehouse.registry_records import Connection, RegistryError

UPDATE_ZONES = "Update the tzdata package, which knows the world's time zones, and run again."


@dataclass(slots=True)
class Source:
    """One connected account, as a pull sees it.

    Attributes:
        credentials: what reaches it, the preferred one first; values are never logged.
        start_date: the first date to pull.
        tokens: where the access tokens of each credential live; empty for this process's memory.
    """

    platform: Platform
    organization_id: str
    connection_id: str
    account: Account
    start_date: date
    credentials: tuple[Mapping[str, str], ...] = field(repr=False)
    hash_pii: Callable[[str], str] | None = None
    remember: Callable[[Account], None] = lambda _: None
    tokens: tuple[TokenStore, ...] = ()
    _described: Account | ConnectorError | None = None
    _reported: ConnectorError | None = None
    _chosen: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def client(self) -> Client:
        """Returns a fresh client of the credential that reaches the account."""
        tokens = self.tokens[self._chosen] if self.tokens else None
        return Client(self.platform, self.credentials[self._chosen], self.account, tokens=tokens)

    def describe(self) -> Account:
        """Returns the account with the name, currency and zone that the platform reports now.

        Asked once per source; the answer, or the refusal, holds for all its streams. When a
        credential is refused, the next one that reaches the account is tried.

        Raises:
            ConnectorError: no credential reaches the account.
        """
        with self._lock:
            if self._described is None:
                self._described = self._ask()
            if isinstance(self._described, ConnectorError):
                raise copy.copy(self._described)
            return self._described

    def reported(self, refusal: ConnectorError) -> ConnectorError:
        """Returns what a stream says of the account's refusal: the first one says it in full.

        Args:
            refusal: what `describe` has raised, with the stream that met it.
        """
        with self._lock:
            if self._reported is not None:
                return AccountSkipped.because(self._reported)
            self._reported = refusal
            return refusal

    def confirm(self, refusal: ConnectorError) -> None:
        """Asks, when a stream was refused, whether the whole account is.

        If it is, the other streams are not asked any more; if not, the refusal was about that
        stream alone (a scope that is missing, say).

        Args:
            refusal: AccountGone or AuthRejected, which the stream has reported.
        """
        with self._lock:
            if isinstance(self._described, ConnectorError):
                return
            found = self._ask()
            if isinstance(found, AccountGone | AuthRejected):
                self._reported = refusal
            if not isinstance(found, ConnectorError) or self._reported is not None:
                self._described = found

    def _ask(self) -> Account | ConnectorError:
        try:
            self.platform.account_id(self.account.id)
        except ValueError as error:
            # Stored before such ids were refused: it would go into the path of every request.
            return AccountGone(str(error), remedy="Remove the connection, and add the right one.")
        refusal: ConnectorError | None = None
        for index in range(len(self.credentials)):
            self._chosen = index
            try:
                client = self.client()
                account = self.platform.describe_account(client, client.account or self.account)
                self.remember(account)
            except RegistryError as error:
                return ShapeChanged(str(error), remedy=UPDATE_ZONES)
            except (AuthRejected, AccountGone) as error:
                refusal = refusal or error
            except ConnectorError as error:
                return error
            else:
                return account
        self._chosen = 0
        return refusal or AuthRejected("no credential is stored for this account")


def select_sources(
    space: Workspace,
    platform: Platform,
    stream: str,
    *,
    run_id: str,
    organization: str | None = None,
    connection: str | None = None,
    scheduled: bool = False,
) -> list[Source]:
    """Returns the active accounts of a platform that a run concerns.

    Args:
        space: the workspace.
        platform: whose accounts.
        stream: the stream to be pulled.
        run_id: streams of one run share a source, so that an account is described once.
        organization: only this one's; a shared feed is always included.
        connection: only this one; a shared feed is always included.
        scheduled: only those whose ``sync_frequency`` makes them due.
    """
    if platform.shared:
        ensure_feed(space, platform)
        organization = SHARED_ORGANIZATION
    found = space.registry.connections(platform=platform.name, organization_id=organization)
    if connection is not None and not platform.shared:
        found = [c for c in found if c.connection_id == connection]
    if scheduled:
        found = due_connections(space.home, platform, stream, found)
    known = _sources_of_run(run_id)
    new = (c for c in found if c.connection_id not in known)
    known.update({c.connection_id: new_source(space, platform, c) for c in new})
    return [known[c.connection_id] for c in found]


@lru_cache(maxsize=2)
def _sources_of_run(_run_id: str) -> dict[str, Source]:
    return {}


def new_source(space: Workspace, platform: Platform, connection: Connection) -> Source:
    """Returns the source of one connection, its secrets decrypted in memory."""
    ids = [connection.credential_id, *connection.alternate_credential_ids]
    known = [i for i in ids if i]
    credentials = tuple(declared_fields(space.registry.secrets(i)) for i in known)
    return Source(
        platform,
        connection.organization_id,
        connection.connection_id,
        Account(
            connection.account_id,
            name=connection.account_name or "",
            currency=connection.account_currency or "",
            time_zone=connection.account_time_zone or "",
            settings=_settings(space, platform, connection),
        ),
        connection.start_date,
        credentials or ({},),
        tokens=tuple(RegistryTokens(space.registry, i) for i in known)
        if platform.auth.refreshable
        else (),
        hash_pii=_hasher(space, connection.organization_id),
        remember=lambda account: _remember(space, connection, account),
    )


def _settings(space: Workspace, platform: Platform, connection: Connection) -> dict[str, str]:
    """A connection's settings; of files also its landing folder and our own places."""
    if not platform.intake.is_local:
        return dict(connection.settings)
    landing = space.home.landing_dir(connection.organization_id, connection.account_id)
    ensure_directory(landing)
    return {**connection.settings, "landing": str(landing), **space.own_places()}


def _remember(space: Workspace, connection: Connection, account: Account) -> None:
    space.registry.record_account(
        connection.connection_id,
        account.name or None,
        account.currency or None,
        account.time_zone or None,
    )


def _hasher(space: Workspace, organization_id: str) -> Callable[[str], str]:
    key = space.registry.hmac_key(organization_id)
    return lambda value: hmac.digest(key, value.encode(), hashlib.sha256).hex()
