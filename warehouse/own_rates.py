"""Exchange rates of a user's own: they fill what the reference rates of the feed lack.

One rate holds for every day of its range. Of two rates of a currency the one that begins later
counts on the days that both hold. Where the feed has a rate, that one is used.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

import sqlalchemy as sa

from warehouse.registry_records import OLDEST_START, Change, RegistryError, check_currency
from warehouse.registry_rows import AuditedRows
from warehouse.registry_tables import own_rates

EURO = "EUR"
"""What the feed counts all currencies in."""
_NUMBER = re.compile(r"^[0-9]{1,9}(\.[0-9]{1,8})?$")
_PROVIDER = re.compile(r"^[^\x00-\x1f\x7f-\x9f]{1,100}$")
_FARTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class OwnRate:
    """So many units of a currency for one of another, on every day of a range.

    Attributes:
        currency: ISO 4217 code of what the feed lacks.
        base_currency: the currency that one unit of is counted, the euro or one of the feed.
        units_per_base: units of ``currency`` for one of ``base_currency``.
        valid_from: first day.
        valid_to: last day, included; None for no end.
        provider: who states it.
    """

    currency: str
    base_currency: str
    units_per_base: Decimal
    valid_from: date
    valid_to: date | None
    provider: str

    @property
    def rate_id(self) -> str:
        """Its name in the registry: one rate of a currency begins on a day."""
        return f"{self.currency}/{self.valid_from}"

    def check(self, today: date) -> None:
        """Validates every field.

        Raises:
            RegistryError: a field is not usable; the message says what to write instead.
        """
        where = f"rate {self.rate_id}"
        check_currency(self.currency, where)
        check_currency(self.base_currency, where)
        if self.currency == EURO:
            raise RegistryError(
                f"{where}: all rates are counted in euro, so it has none of its own; state the "
                f"other currency: tributary rates add {self.base_currency} UNITS --per {EURO} …"
            )
        if self.currency == self.base_currency:
            raise RegistryError(
                f"{where}: it is counted in itself; give --per a currency of the feed, such as "
                "EUR or USD"
            )
        if not OLDEST_START <= self.valid_from <= today + _FARTHEST:
            raise RegistryError(
                f"{where}: its first day is not between {OLDEST_START} and a year from now; give "
                f"the first day that it holds on, such as {today.year}-01-01"
            )
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise RegistryError(
                f"{where}: its last day {self.valid_to} lies before its first; swap them, or leave "
                "the last day out for a rate without an end"
            )
        if not _PROVIDER.fullmatch(self.provider) or self.provider != self.provider.strip():
            raise RegistryError(
                f"{where}: the provider {self.provider!r} is not usable; name who states the rate "
                "in 1 to 100 printable characters, such as 'central bank'"
            )


def units(text: str) -> Decimal:
    """Reads the units of a rate, exactly.

    Raises:
        RegistryError: it is no plain positive number of at most 9 digits before and 8 after the
            point.
    """
    found = Decimal(text) if _NUMBER.fullmatch(text) else Decimal(0)
    if found == 0:
        raise RegistryError(
            f"{text!r} is not a rate; write a number above 0 with a point and without thousands "
            "separators, at most 9 digits before the point and 8 after it, such as 3.6725; a rate "
            "that does not fit is stated per another currency"
        )
    return found


class OwnRates:
    """Changes own rates in one transaction.

    Args:
        connection: the open transaction.
        now: the pipeline's clock.
        actor: who makes changes, for the audit log.
    """

    def __init__(self, connection: sa.Connection, now: Callable[[], datetime], actor: str) -> None:
        self._db, self._now = connection, now
        self._rows = AuditedRows(connection, now, actor)

    def add(self, rate: OwnRate) -> Change:
        """Adds a rate, or changes the one of that currency and first day.

        Raises:
            RegistryError: a field is not usable, or the rate would be counted in a currency that
                has own rates itself.
        """
        rate.check(self._now().date())
        table = own_rates.c
        self._refuse_chain(table.currency == rate.base_currency, rate, rate.base_currency)
        self._refuse_chain(table.base_currency == rate.currency, rate, rate.currency)
        found = self._rows.row(own_rates, table.rate_id == rate.rate_id)
        values = {
            "currency": rate.currency,
            "base_currency": rate.base_currency,
            "units_per_base": f"{rate.units_per_base:.8f}",
            "valid_from": rate.valid_from,
            "valid_to": rate.valid_to,
            "provider": rate.provider,
        }
        detail = {name: str(value) for name, value in values.items()}
        key = {"rate_id": rate.rate_id}
        return self._rows.put(own_rates, key, values, found, detail, created="added_at")

    def remove(self, currency: str, valid_from: date | None = None) -> list[OwnRate]:
        """Removes the rates of a currency, or the one that begins on a day; returns them.

        Raises:
            RegistryError: there is none.
        """
        where = own_rates.c.currency == currency
        if valid_from is not None:
            where &= own_rates.c.valid_from == valid_from
        gone = read(self._db, where)
        if not gone:
            since = f" from {valid_from}" if valid_from else ""
            raise RegistryError(
                f"there is no own rate of {currency}{since}; `tributary rates list` shows all"
            )
        self._db.execute(own_rates.delete().where(where))
        for rate in gone:
            self._rows.audit("own_rates removed", rate.rate_id, {"provider": rate.provider})
        return gone

    def _refuse_chain(self, where: sa.ColumnElement[bool], rate: OwnRate, shared: str) -> None:
        if found := read(self._db, where):
            raise RegistryError(
                f"rate {rate.rate_id}: own rates are not chained, and {found[0].rate_id} (per "
                f"{found[0].base_currency}) has {shared} in it as well; state each per EUR or per "
                "a currency of the feed, or remove the other: "
                f"tributary rates remove {found[0].currency} --from {found[0].valid_from}"
            )


def read(connection: sa.Connection, where: sa.ColumnElement[bool] | None = None) -> list[OwnRate]:
    """Own rates by currency and first day."""
    query = sa.select(own_rates).order_by(own_rates.c.currency, own_rates.c.valid_from)
    if where is not None:
        query = query.where(where)
    return [
        OwnRate(
            currency=row["currency"],
            base_currency=row["base_currency"],
            units_per_base=Decimal(row["units_per_base"]),
            valid_from=row["valid_from"],
            valid_to=row["valid_to"],
            provider=row["provider"],
        )
        for row in connection.execute(query).mappings()
    ]
