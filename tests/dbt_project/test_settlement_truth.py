"""What settlement expects of days that it never saw, against what they came to in the sandbox."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from built_home import DbtHome
from fixture_lake import Account, FixtureLake, campaign_row
from settling import LOOKBACK, clock, days_from, pull_daily

from connectors.sandbox.business import Business, Parameters
from connectors.sandbox.business.entities import Account as Simulated
from connectors.sandbox.service import simulated

pytestmark = pytest.mark.xdist_group("dbt_settlement")

LEARNT = 180
HELD_OUT = 220
AGES = (1, 2, 3)
"""Later on most days have all of their conversions: the end of the interval is then what many days
have, and it covers more than it says."""


@pytest.mark.parametrize("accounts", [1, pytest.param(5, marks=pytest.mark.long)])
def test_nine_of_ten_days_come_to_what_their_interval_says(tmp_path: Path, accounts: int) -> None:
    business = simulated(Parameters(days=LEARNT + HELD_OUT + 2 * LOOKBACK, campaigns=12))
    simulated_accounts = business.people.accounts_on("google_ads")[:accounts]
    first = business.parameters.first_day
    last = first + timedelta(days=LEARNT + LOOKBACK)
    lake = FixtureLake(tmp_path)
    for one in simulated_accounts:
        # Each learns by itself, as one of an organization.
        account = Account(f"of-{one.id}", one.id, zone=one.time_zone)
        lake.organization(account.organization, "EUR")
        lake.connection(account)
        pull_daily(
            lake, account, first, last, lambda day, age, one=one: _row(business, one, day, age)
        )
    home = DbtHome(tmp_path)
    home.build(models=["mart_settlement"])
    factors = {
        (organization, age): (days, low, high)
        for organization, age, days, low, high in home.query(
            "select organization_id, age_days, days, final_factor_low, final_factor_high "
            "from mart_settlement where metric = 'conversion_value'"
        )
    }
    within = []
    for one in simulated_accounts:
        for age in AGES:
            days, low, high = factors[f"of-{one.id}", age]
            assert LEARNT - 10 <= days <= LEARNT
            for day in days_from(last + timedelta(days=1), HELD_OUT):
                known, final = (_value(business, one, day, at) for at in (age, LOOKBACK + 1))
                if final:
                    within.append(known * low <= final <= known * high)
    assert len(within) > 0.95 * HELD_OUT * len(AGES) * accounts
    assert 0.87 <= sum(within) / len(within) <= 0.93


def _row(business: Business, account: Simulated, day: date, age: int) -> dict[str, Any]:
    value = _value(business, account, day, age)
    return campaign_row(day, "1", spend="1.00", conversions=1.0, value=float(value))


def _value(business: Business, account: Simulated, day: date, age: int) -> Decimal:
    """What the platform claims of a day, as it shows it when the schedule runs at an age."""
    measures = business.portfolio(account).measures
    figures = business.shown(account, day, clock(day + timedelta(days=age)))
    if figures is None:
        return Decimal(0)
    return Decimal(int(figures[measures.index("value_cents")].sum())) / 100
