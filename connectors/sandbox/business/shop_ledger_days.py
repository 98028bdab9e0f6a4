"""The ledger of a shop, drawn day by day: who orders when, and what becomes of each order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from connectors.sandbox.business.calendar import HOURS, local_day, local_instant
from connectors.sandbox.business.demand import hour_weights
from connectors.sandbox.business.parameters import Parameters
from connectors.sandbox.business.shop_cases import deal
from connectors.sandbox.business.shop_entities import NEVER, Shop
from connectors.sandbox.business.shop_ledger import (
    FULL,
    LINES,
    NO_CUSTOMER,
    REFUNDS,
    SHIPPING,
    UNMADE,
    Columns,
    Flags,
    Integers,
    Ledger,
)
from connectors.sandbox.business.shop_script import script_of

OLD_CUSTOMERS = 300
_LEDGER_STREAM, _CASE_STREAM = 62, 63
_DAY = 86_400
_HOUR = 3_600
_TESTS_A_DAY = 0.5
_REFUND_KINDS = np.array([0.22, 0.46, 0.10, 0.13, 0.09])
_WAVE_REACH, _WAVE_SHARE = 7, 0.25


def ledger_of(parameters: Parameters, shop: Shop, orders_on: Callable[[date], int]) -> Ledger:
    """Draws the ledger of a shop over all business days.

    Args:
        parameters: The business.
        shop: Whose.
        orders_on: How many orders are placed on a day; test orders come on top.
    """
    drawn = _Days(parameters, shop)
    for offset in range(parameters.days):
        day = parameters.first_day + timedelta(days=offset)
        drawn.add(offset, day, orders_on(day))
    return drawn.ledger()


class _Days:
    """The days drawn so far, as lists of columns."""

    def __init__(self, parameters: Parameters, shop: Shop) -> None:
        self._parameters, self._shop = parameters, shop
        self._script = script_of(parameters)
        self._columns: dict[str, list[npt.NDArray[Any]]] = {}
        self._counts: list[int] = []
        self._newcomers: list[range] = []
        self._customer_created: list[Integers] = [self._old_customers()]
        self._customers = OLD_CUSTOMERS

    def add(self, offset: int, day: date, orders: int) -> None:
        random = np.random.default_rng(
            [self._parameters.seed, _LEDGER_STREAM, self._shop.number, day.toordinal()]
        )
        tests = int(random.poisson(_TESTS_A_DAY)) if orders else 0
        count = orders + tests
        processed = self._instants(random, day, count)
        test = np.zeros(count, dtype=np.bool_)
        test[random.choice(count, tests, replace=False)] = True
        imported = (random.random(count) < 0.015) & ~test
        delay = np.where(imported, random.integers(_DAY, 10 * _DAY, count), 0)
        columns: Columns = {
            "day": np.full(count, offset, dtype=np.int64),
            "processed": processed,
            "created": processed + delay,
            "test": test,
            "customer": self._customers_of(random, offset, test, imported, processed),
        }
        columns |= self._lives(random, day, columns["created"], test, imported)
        reserved = self._play(day, columns)
        own = np.random.default_rng(
            [self._parameters.seed, _CASE_STREAM, self._shop.number, day.toordinal()]
        )
        deal(own, self._parameters.days, offset, columns, reserved)
        self._counts.append(count)
        for name, column in columns.items():
            self._columns.setdefault(name, []).append(column)

    def ledger(self) -> Ledger:
        columns = {name: np.concatenate(parts) for name, parts in self._columns.items()}
        customer: Integers = columns["customer"]
        order = np.lexsort((np.arange(len(customer)), columns["created"], customer))
        grouped = customer[order]
        first = np.searchsorted(grouped, grouped)
        place = np.empty(len(customer), dtype=np.int64)
        place[order] = np.arange(len(customer)) - first + 1
        # Who is older than the business bought before its first day, one to four times.
        earlier = np.zeros(self._customers, dtype=np.int64)
        earlier[:OLD_CUSTOMERS] = 1 + np.arange(OLD_CUSTOMERS) % 4
        return Ledger(
            **columns,
            starts=np.concatenate([[0], np.cumsum(self._counts)]).astype(np.int64),
            customer_order=np.where(customer == NO_CUSTOMER, 0, place + earlier[customer]),
            customer_created=np.concatenate(self._customer_created),
            customer_earlier=earlier,
        )

    def _instants(self, random: np.random.Generator, day: date, count: int) -> Integers:
        calendar = local_day(self._shop.time_zone, day)
        weights = hour_weights(day.weekday() >= 5) * (calendar.lengths / _HOUR)
        hour = random.choice(HOURS, count, p=weights / weights.sum())
        within = (random.random(count) * calendar.lengths[hour]).astype(np.int64)
        return np.asarray(np.sort(calendar.starts[hour] + within))

    def _old_customers(self) -> Integers:
        random = np.random.default_rng(
            [self._parameters.seed, _LEDGER_STREAM, self._shop.number, 0]
        )
        opened = int(self._shop.created.timestamp())
        return np.sort(opened + random.integers(0, 300 * _DAY, OLD_CUSTOMERS))

    def _customers_of(
        self,
        random: np.random.Generator,
        offset: int,
        test: Flags,
        imported: Flags,
        processed: Integers,
    ) -> Integers:
        count = len(test)
        chance = random.random(count)
        lags = 1 + random.exponential(25.0, count).astype(np.int64)
        picks = random.random(count)
        new = (chance < 0.60) & ~test & ~imported
        newcomers = range(self._customers, self._customers + int(new.sum()))
        customer = np.full(count, NO_CUSTOMER, dtype=np.int64)
        customer[new] = np.arange(newcomers.start, newcomers.stop)
        for place in np.flatnonzero(~new & ~test & (chance < 0.92)).tolist():
            back = offset - int(lags[place])
            pool = range(OLD_CUSTOMERS)
            if back >= 0 and not imported[place] and len(self._newcomers[back]):
                pool = self._newcomers[back]
            customer[place] = pool[int(picks[place] * len(pool))]
        self._newcomers.append(newcomers)
        self._customers = newcomers.stop
        self._customer_created.append(processed[new] - 45)
        return customer

    def _lives(
        self,
        random: np.random.Generator,
        day: date,
        created: Integers,
        test: Flags,
        imported: Flags,
    ) -> Columns:
        count = len(created)

        def after(start: Integers, least: float, most: float) -> Integers:
            delay = random.integers(int(least * _HOUR), int(most * _HOUR) + 1, count)
            return np.asarray(start + delay)

        def only(happens: npt.NDArray[np.bool_], instant: Integers) -> Integers:
            return np.where(happens, instant, NEVER)

        method, fate = random.random(count), random.random(count)
        plain = test | imported
        authorized = (method < 0.08) & ~plain
        by_bank = (method >= 0.08) & (method < 0.15) & ~plain
        later = authorized | by_bank
        voided = later & (fate < 0.14)
        expired = authorized & (fate >= 0.14) & (fate < 0.20)
        unpaid = by_bank & (fate >= 0.14) & (fate < 0.22)
        taken = ~(voided | expired | unpaid)
        paid = np.where(later, after(created, 4, 60), created)
        called_off = taken & ~plain & (random.random(count) < 0.012)
        cancelled = np.where(called_off, after(paid, 1, 20), after(created, 2, 30))
        sent = taken & ~called_off & (random.random(count) < 0.97)
        fulfilled = only(sent, np.where(imported, created, after(paid, 10, 72)))
        edits = sent & ~plain & (random.random(count) < 0.018)
        edited = only(edits, (paid + np.minimum(fulfilled, paid + 72 * _HOUR)) // 2)
        refunds, kinds = self._refunds(random, day, taken & ~test, called_off, paid, fulfilled)
        # What is given back whole is neither sent nor edited any more.
        fulfilled = only(fulfilled < refunds[:, 0], fulfilled)
        edited = only(edited < refunds[:, 0], edited)
        refunds[:, 0] = np.where(called_off | voided, cancelled, refunds[:, 0])
        kinds = np.where(called_off[:, None], FULL, np.where(voided[:, None], UNMADE, kinds))
        return {
            "authorized": authorized,
            "journey": only(~plain & (random.random(count) < 0.96), after(created, 0.1, 1.5)),
            "paid": only(taken, paid),
            "expired": only(expired, created + 7 * _DAY),
            "cancelled": only(called_off | voided, cancelled),
            "fulfilled": fulfilled,
            "edited": edited,
            "tagged": only(random.random(count) < 0.05, after(created, 24, 960)),
            "refunds": refunds,
            "refund_kinds": kinds,
            "deleted": np.full(count, NEVER, dtype=np.int64),
        }

    def _refunds(
        self,
        random: np.random.Generator,
        day: date,
        taken: Flags,
        called_off: Flags,
        paid: Integers,
        fulfilled: Integers,
    ) -> tuple[Integers, Integers]:
        count = len(taken)
        refunds = np.full((count, REFUNDS), NEVER, dtype=np.int64)
        kinds = random.choice(len(_REFUND_KINDS), (count, REFUNDS), p=_REFUND_KINDS)
        sent = taken & (fulfilled < NEVER)
        asked = sent & (random.random(count) < 0.075)
        delays = random.integers(2 * _DAY, 46 * _DAY, count)
        again = asked & (kinds[:, 0] != FULL) & (random.random(count) < 0.16)
        refunds[asked, 0] = (fulfilled + delays)[asked]
        refunds[again, 1] = (fulfilled + delays + random.integers(_DAY, 20 * _DAY, count))[again]
        wave = self._script.wave
        hit = taken & ~called_off & ~asked & (random.random(count) < _WAVE_SHARE)
        spread = random.integers(0, 2 * _HOUR, count)
        if timedelta(0) < wave - day <= timedelta(days=_WAVE_REACH):
            start = int(local_instant(self._shop.time_zone, wave, time(10)).timestamp())
            # A bank transfer that is still awaited on the day of the wave is not given back.
            hit &= paid < start
            refunds[hit, 0] = (start + spread)[hit]
            kinds[hit, 0] = FULL
        return refunds, kinds

    def _play(self, day: date, columns: Columns) -> set[int]:
        """Lets the scripted orders of a day live as the script says; returns their places."""
        script, count = self._script, len(columns["day"])
        played: set[int] = set()

        def due(scripted: tuple[date, int]) -> bool:
            on, place = scripted
            if on != day or place >= count:
                return False
            self._plain(columns, place)
            played.add(place)
            return True

        due(script.very_long)
        if due(script.long):
            place = script.long[1]
            columns["refunds"][place, 0] = int(columns["paid"][place]) + 6 * _DAY
            columns["refund_kinds"][place, 0] = FULL
        if due(script.several_refunds):
            place = script.several_refunds[1]
            paid = int(columns["paid"][place])
            columns["refunds"][place] = [paid + days * _DAY for days in (5, 9, 16)]
            columns["refund_kinds"][place] = [LINES, SHIPPING, LINES]
        for scripted, gone in (
            (script.deleted, script.deletion),
            (script.deleted_late, script.late_deletion),
        ):
            if not due(scripted):
                continue
            place = scripted[1]
            created = int(columns["created"][place])
            # A guest's: whether a deleted order still counts among its customer's is not known.
            columns["customer"][place] = NO_CUSTOMER
            for name in ("paid", "fulfilled", "journey"):
                columns[name][place] = NEVER
            columns["cancelled"][place] = created + 6 * _HOUR
            self._delete(columns, place, gone)
        return played

    def _delete(self, columns: Columns, place: int, day: date) -> None:
        gone = local_instant(self._shop.time_zone, day, time(3))
        created = int(columns["created"][place])
        columns["deleted"][place] = max(int(gone.timestamp()), created + 12 * _HOUR)

    def _plain(self, columns: Columns, place: int) -> None:
        """Makes an order an ordinary one, paid by card at once and sent two days later."""
        placed = int(columns["processed"][place])
        columns["created"][place] = columns["paid"][place] = placed
        columns["fulfilled"][place] = placed + 2 * _DAY
        columns["test"][place] = columns["authorized"][place] = False
        columns["refunds"][place] = NEVER
        for name in ("expired", "cancelled", "edited", "tagged"):
            columns[name][place] = NEVER
