"""An organization of its own with one account, so that several share a build."""

from __future__ import annotations

from typing import Any

from built_home import Query
from fixture_lake import Account, FixtureLake


class Tenant:
    """An organization in the currency of its one account.

    Args:
        lake: where it is pulled into.
        name: its id, and part of its connection's.
        account: the id, the currency, the zone and the platform of its account.
    """

    order = "all"
    """By what rows are sorted, where a test does not say."""

    def __init__(self, lake: FixtureLake, name: str, *account: str) -> None:
        self.lake, self.name = lake, name
        self.account = Account(name, *account)
        lake.organization(name, self.account.currency)
        lake.connection(self.account)

    def rows(
        self, built: Query, table: str, columns: str, by: str = "", **where: str
    ) -> list[tuple[Any, ...]]:
        """Returns what a table has of it."""
        asked = {"organization_id": self.name, **where}
        condition = " and ".join(f"{name} = '{value}'" for name, value in asked.items())
        return list(
            built(f"select {columns} from {table} where {condition} order by {by or self.order}")
        )
