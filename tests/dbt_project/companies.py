"""Organizations that keep records of people, and what is asked about these."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from built_home import Query
from commerce_rows import shop_customer
from fixture_lake import Account, FixtureLake
from scenarios import at

SHOP, MAIL, SALES, SITE = "shopify", "klaviyo", "hubspot", "events"


def key_of(account: Account, id_: str) -> str:
    """The key of a record of an account."""
    natural = f"{account.organization}|{account.platform}|{account.id}|{id_}"
    return hashlib.md5(natural.encode()).hexdigest()


class Company:
    """An organization with a shop, mail, a system for sales and a site."""

    def __init__(self, lake: FixtureLake, name: str) -> None:
        self.lake, self.name = lake, name
        lake.organization(name, "EUR")
        self.accounts = {
            one: Account(name, f"{name}-{one}", "EUR", "UTC", one)
            for one in (SHOP, MAIL, SALES, SITE)
        }
        for account in self.accounts.values():
            lake.connection(account)

    def key(self, platform: str, id_: str) -> str:
        """The key of a record."""
        return key_of(self.accounts[platform], id_)

    def pull(self, platform: str, stream: str, rows: Sequence[Any], day: int = 20) -> None:
        """Pulls changes of a stream."""
        self.lake.pull(self.accounts[platform], stream, at(day), rows, kind="changes")

    def customers(self, *rows: tuple[str, int, str | None], **more: Any) -> None:
        """Pulls customers of the shop, by id, day and e-mail."""
        self.pull(SHOP, "customers", [shop_customer(i, at(d), email=e, **more) for i, d, e in rows])

    def profiles(self, *rows: tuple[str, int, str | None], **more: Any) -> None:
        """Pulls profiles of the mail platform, by id, day and e-mail."""
        said = {"updated_at": at(19), **more}
        rows_ = [{"profile_id": i, "created_at": at(d), "email": e, **said} for i, d, e in rows]
        self.pull(MAIL, "profiles", rows_)

    def contacts(self, *rows: tuple[str, int, str | None], **more: Any) -> None:
        """Pulls contacts of the system for sales, by id, day and e-mail; each is a lead."""
        said = {"updated_at": at(19), "is_archived": False, **more}
        rows_ = [
            {"record_id": i, "created_at": at(d), "lead_at": at(d), "email": e, **said}
            for i, d, e in rows
        ]
        self.pull(SALES, "contacts", rows_)

    def people(self, built: Query) -> dict[str, str]:
        """The person of each record, by key."""
        return dict(
            built(
                "select record_key, person_key from dim_customer_records "
                f"where organization_id = '{self.name}'"
            )
        )

    def person(self, built: Query, columns: str, **who: str) -> Any:
        """Columns of the person that a record is of."""
        ((platform, id_),) = who.items()
        (row,) = built(
            f"select {columns} from dim_persons where person_key = "
            "(select person_key from dim_customer_records "
            f"where record_key = '{self.key(platform, id_)}')"
        )
        return row
