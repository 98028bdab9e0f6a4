"""One home with its registry, opened once per process."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from connectors import platforms
from connectors.core import clock
from connectors.core.platform import Platform
from orchestration.settings import database_url, home_path
from warehouse.account_union import unite_accounts
from warehouse.credentials import key_file
from warehouse.home import FORMAT_VERSION, SPELLINGS, Home, Migration
from warehouse.locks import LockHolder
from warehouse.registry import Registry
from warehouse.registry_guard import check_registry
from warehouse.registry_records import Connection, PlatformRecord
from warehouse.seeds import seed_empty

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Workspace:
    """What every command and asset needs."""

    home: Home
    registry: Registry
    platforms: dict[str, Platform]

    def prepare_lake(self) -> None:
        """Writes what dbt expects to find: a zero-row file per stream and the registry's export.

        Raises:
            RegistryLost: the lake has data of organizations that the registry does not know.
        """
        self.check_registry()
        for platform in self.platforms.values():
            for stream in platform.streams:
                seed_empty(self.home, platform.name, stream.name, stream.arrow_schema)
        self.registry.export(self.home, [_record(p) for p in self.platforms.values()])

    def check_registry(self) -> None:
        """Refuses a registry that is not the one the lake was filled with.

        Raises:
            RegistryLost: the lake has data of organizations that the registry does not know.
        """
        check_registry(self.home, self.registry)

    def check_settings(self, platform: str, account: str, settings: Mapping[str, str]) -> None:
        """Refuses settings of a connection that its platform cannot work with.

        Raises:
            ValueError: what is wrong, and what to write instead.
        """
        declared = platforms.get(platform)
        check = declared.check_settings
        if check is not None:
            check(account, {**settings, **(self.own_places() if declared.intake.is_local else {})})
        elif settings:
            raise ValueError(f"connections of {platform} take no settings")

    def own_places(self) -> dict[str, str]:
        """Returns where files of sources may not lie, as settings: our home and our key."""
        return {"home": str(self.home.path), "key_file": str(key_file())}

    def connection(self, label: str) -> Connection:
        """Returns a connection by its organization/platform/account, a removed one too.

        Raises:
            ValueError: there is none; the message lists those that exist.
        """
        found = self.registry.connections(statuses=("active", "paused", "removed"))
        by_label = {f"{c.organization_id}/{c.platform}/{c.account_id}": c for c in found}
        spelled = label if label in by_label else self._spelled(label)
        if spelled not in by_label:
            known = ", ".join(sorted(by_label)) or "you have no connections"
            raise ValueError(f"there is no connection {label!r}. Connections: {known}")
        return by_label[spelled]

    def _spelled(self, label: str) -> str:
        """The label with the account in its one spelling, where it can be an account."""
        organization, _, rest = label.partition("/")
        platform, _, account = rest.partition("/")
        try:
            return f"{organization}/{platform}/{self.account_id(platform, account)}"
        except ValueError:
            return label

    def account_id(self, platform: str, given: str) -> str:
        """Returns the one spelling of an account's id, whichever people write.

        Raises:
            ValueError: it cannot be an id of that platform; or there is no such platform.
        """
        return platforms.get(platform).account_id(given)

    def credential_fields(self) -> dict[str, dict[str, bool]]:
        """Returns platform -> credential field -> whether it is required."""
        return {
            platform.name: {field.name: field.required for field in platform.credential_fields}
            for platform in self.platforms.values()
        }


def open_workspace() -> Workspace:
    """Opens the home that ``TRIBUTARY_HOME`` names; the same object for the same home."""
    return _open(str(home_path()), database_url())


@cache
def _open(path: str, url: str | None) -> Workspace:
    home = Home.open(path)
    space = Workspace(home, Registry.open(home, clock.now, url=url), platforms.load())
    home.migrate(Migration(FORMAT_VERSION, SPELLINGS, lambda _: _unite(space)))
    return space


def _unite(space: Workspace) -> None:
    """Accounts that are stored under another spelling than their platform's get that one."""
    for one in unite_accounts(space.home, space.registry, space.account_id, _say_waiting):
        _log.warning("one account, one spelling: %s; its history was kept", one)


def _say_waiting(holder: LockHolder) -> None:
    _log.warning("waiting for %s, to give accounts their one spelling", holder)


def _record(platform: Platform) -> PlatformRecord:
    return PlatformRecord(
        platform=platform.name,
        display_name=platform.display_name,
        category=platform.category,
        api_version=platform.api_version,
        api_sunset=platform.api_sunset,
        requests_per_second=platform.requests_per_second,
        is_active=True,
        shared=platform.shared,
        lookback_days=max((one.lookback_days for one in platform.streams), default=0),
    )
