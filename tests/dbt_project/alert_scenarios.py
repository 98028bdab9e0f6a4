"""An alert from its first day until another one begins, by the rules as they are in the seed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from built_home import Query
from fixture_lake import Account, FixtureLake, campaign_row
from scenarios import Scenario, at, start

SOURCES = "organization_id = 'alerts' and rule_id = 'spend_jumped'"


def february(day: int) -> date:
    """A day that is past its lookback in the second half of March."""
    return date(2026, 2, day)


def _pull(lake: FixtureLake, account: Account, hour: int, spends: dict[int, int]) -> None:
    days = sorted(spends)
    rows = [campaign_row(february(day), "1", spend=str(spends[day])) for day in days]
    window = (february(days[0]), february(days[-1]) + timedelta(days=1))
    lake.pull(account, "campaign_stats", at(20, hour), rows, window)


def seen(lake: FixtureLake) -> Scenario:
    """Acknowledged once, an alert stays so through syncs; what breaks the rule later is new."""
    account = start(lake, "alerts", reporting_currency="EUR")
    _pull(lake, account, 1, dict.fromkeys(range(1, 9), 200) | {9: 400})
    built: Query = yield
    columns = "alert_key, first_day, last_day, state, value, compared_value, acknowledged_by"
    sql = f"select {columns} from mart_alerts where {SOURCES} order by first_day"
    ((key, *first),) = built(sql)
    assert first == [february(9), february(9), "new", 400, 200, None]

    acknowledged = {
        "organization_id": "alerts",
        "alert_key": key,
        "rule_id": "spend_jumped",
        "scope_type": "organization",
        "scope": "alerts",
        "first_day": february(9),
        "last_day": february(9),
        "acknowledged_at": datetime(2026, 3, 20, 2, tzinfo=UTC),
        "acknowledged_by": "ada",
        "note": "",
    }
    lake.acknowledge([acknowledged])
    built = yield
    assert [row[3] for row in built(sql)] == ["acknowledged"]

    _pull(lake, account, 3, {10: 400})
    built = yield
    ((again, *now),) = built(sql)
    assert again == key
    assert now == [february(9), february(10), "acknowledged", 400, 200, "ada"]

    _pull(lake, account, 4, {10: 200, 11: 500})
    built = yield
    one, two = built(sql)
    assert one[:4] == (key, february(9), february(9), "resolved")
    assert two[1:] == (february(11), february(11), "new", 500, 200, None)
    assert two[0] != key


SCENARIOS = (seen,)
