"""What a credential reaches, held against what is connected, and ways to connect the rest."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import yaml

from connectors.core import addresses
from connectors.core.accounts import Account
from connectors.core.errors import ConnectorError
from connectors.core.http import Client
from connectors.core.platform import Platform
from orchestration.token_store import RegistryTokens, declared_fields
from orchestration.workspace import Workspace
from warehouse.registry_records import Connection

LOGIN = "login_customer_id"
_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Reached:
    """One account that a credential reaches, or what of it cannot be reached.

    Attributes:
        status: the platform's own word; empty when it says none.
        path: the managers above it, topmost first, as `A (1) > B (2)`; empty for a direct one.
        connected: the organizations that have it, each with its connection's status.
        trouble, remedy: why it cannot be read and what to do; empty when nothing is known.
        is_checked: whether the account itself was asked.
    """

    account: Account
    status: str
    path: str
    connected: Mapping[str, str]
    trouble: str = ""
    remedy: str = ""
    is_checked: bool = False

    @property
    def is_new(self) -> bool:
        """Whether it can be connected and no organization pulls it."""
        return not self.trouble and not set(self.connected.values()) & {"active", "paused"}

    def as_row(self) -> dict[str, Any]:
        """Returns the account as JSON values."""
        account = self.account
        return {
            "account": account.id,
            "name": account.name,
            "currency": account.currency,
            "time_zone": account.time_zone,
            "status": self.status,
            "path": self.path,
            "through": account.login_id,
            "connected": dict(self.connected),
            "reachable": False if self.trouble else (True if self.is_checked else None),
            "trouble": self.trouble,
            "remedy": self.remedy,
        }


class Discovery:
    """The accounts of one stored credential."""

    def __init__(self, space: Workspace, credential_id: str) -> None:
        registry = space.registry
        self._registry, self._credential_id = registry, credential_id
        self._fields = declared_fields(registry.secrets(credential_id))
        stored = {one.credential_id: one for one in registry.credentials()}[credential_id]
        self.organization_id = stored.organization_id
        self.platform: Platform = space.platforms[stored.platform]

    @property
    def is_by_account(self) -> bool:
        """Whether the platform has no list to ask: every account has a host of its own."""
        return addresses.has_account(self.platform.base_url)

    def reached(self) -> list[Reached]:
        """Lists what the credential reaches, as the platform lists it.

        Where every account has a host of its own, the accounts that are connected with this
        credential are asked one by one; a credential alone does not say where to ask.

        Raises:
            ConnectorError: the credential itself is refused.
            ValueError: no account says where to ask; the message says how to connect one.
        """
        connections = self._registry.connections(
            platform=self.platform.name, statuses=("active", "paused", "removed")
        )
        connected = _connected(connections)
        if self.is_by_account:
            mine = self._named(connections)
            return list(self.check([_reached(one, connected[one.id]) for one in mine]))
        return [
            _reached(account, connected.get(account.id, {}))
            for account in self.platform.discover(self._client())
        ]

    def check(self, found: Sequence[Reached]) -> Iterator[Reached]:
        """Asks every account itself, several at once, and yields them in their order."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            yield from pool.map(self._checked, found)

    def connect(
        self, chosen: Iterable[Reached], organization_id: str, start_date: date | None
    ) -> list[tuple[Reached, str]]:
        """Connects accounts to an organization, all or none; returns what changed for each."""
        changes: list[tuple[Reached, str]] = []
        with self._registry.transaction() as transaction:
            for one in chosen:
                change = transaction.add_connection(
                    organization_id,
                    self.platform.name,
                    one.account.id,
                    self._credential_id,
                    start_date=start_date,
                    settings=self._settings(one),
                )
                changes.append((one, change))
        return changes

    def as_yaml(
        self,
        chosen: Iterable[Reached],
        organization_id: str | None,
        known: Iterable[str],
        start_date: date | None,
    ) -> str:
        """Writes the file for `connections apply`, to be looked over.

        Without an organization each account becomes one of its own, named after it.
        """
        taken = set(known)
        organizations: dict[str, dict[str, Any]] = {}
        connections = []
        for one in chosen:
            owner = organization_id or _slug(one.account)
            if owner not in taken:
                organizations.setdefault(owner, _organization(owner, one.account))
            entry: dict[str, Any] = {
                "organization": owner,
                "platform": self.platform.name,
                "account": one.account.id,
                "credential": self._credential_id,
            }
            if start_date is not None:
                entry["start_date"] = start_date.isoformat()
            if settings := self._settings(one):
                entry["settings"] = settings
            connections.append(entry)
        document: dict[str, Any] = {"connections": connections}
        if organizations:
            document = {"organizations": list(organizations.values()), **document}
        return str(yaml.safe_dump(document, sort_keys=False, allow_unicode=True))

    def how_to_connect(self) -> str:
        """Says how to connect an account that no platform lists."""
        owner = self.organization_id or "ORGANIZATION"
        host = self.platform.base_url.removeprefix("https://").format(account="acme")
        return (
            f"tributary connections add --organization {owner} --platform {self.platform.name} "
            f"--account ACCOUNT --credential {self._credential_id}   "
            f"(ACCOUNT: `acme` of {host}, or the whole host)"
        )

    def _named(self, connections: Iterable[Connection]) -> list[Account]:
        """The accounts whose connections use the credential."""
        found = {
            one.account_id: Account(
                one.account_id,
                one.account_name or "",
                one.account_currency or "",
                one.account_time_zone or "",
            )
            for one in connections
            if self._credential_id in (one.credential_id, *one.alternate_credential_ids)
        }
        if not found:
            raise ValueError(
                f"{self.platform.display_name} lists no accounts: credential "
                f"{self._credential_id} does not say which one it is good for, and no connection "
                f"uses it yet. Connect its account by name:\n  {self.how_to_connect()}"
            )
        return list(found.values())

    def _settings(self, one: Reached) -> dict[str, str]:
        """The way to an account, where it is another than the credential's own."""
        through = one.account.login_id
        usual = self._fields.get(LOGIN, "").replace("-", "")
        return {LOGIN: through} if through and through != usual else {}

    def _checked(self, one: Reached) -> Reached:
        if one.trouble or one.is_checked:
            return one
        try:
            account = self.platform.describe_account(self._client(one.account), one.account)
        except ConnectorError as error:
            trouble = f"{error.error_class}: {error.message}"
            return replace(one, trouble=trouble, remedy=error.remedy, is_checked=True)
        return replace(one, account=account, is_checked=True)

    def _client(self, account: Account | None = None) -> Client:
        tokens = RegistryTokens(self._registry, self._credential_id)
        return Client(self.platform, self._fields, account, tokens=tokens)


def _reached(account: Account, connected: Mapping[str, str]) -> Reached:
    found = account.settings
    return Reached(
        account,
        status=found.get("status", ""),
        path=found.get("path", ""),
        connected=connected,
        trouble=found.get("trouble", ""),
        remedy=found.get("remedy", ""),
    )


def _connected(connections: Iterable[Connection]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for one in connections:
        found.setdefault(one.account_id, {})[one.organization_id] = one.status
    return found


def _organization(organization_id: str, account: Account) -> dict[str, Any]:
    about = {
        "id": organization_id,
        "name": account.name,
        "reporting_currency": account.currency,
        "time_zone": account.time_zone,
    }
    return {name: value for name, value in about.items() if value}


def _slug(account: Account) -> str:
    words = re.sub(r"[^a-z0-9]+", "_", account.name.lower()).strip("_")
    return words if words and not words[0].isdigit() else f"account_{account.id}"
