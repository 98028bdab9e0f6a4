"""Alerts: which days break a rule, where a run of them begins and ends, and its state."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import orjson
import pytest
from alerting import DAY, Alerts, alerts_over, compiled, day_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

RUN = "first_day, last_day, state"
ACKNOWLEDGED = {
    "organization_id": "acme",
    "rule_id": "rule",
    "scope_type": "organization",
    "scope": "acme",
    "acknowledged_at": "2026-03-05 08:00:00+00",
    "acknowledged_by": "ada",
    "alert_key": "any",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return compiled(tmp_path_factory.mktemp("alerts"))


@pytest.fixture
def alerts(made: Any) -> Iterator[Alerts]:
    with alerts_over(*made) as found:
        yield found


def day(step: int) -> date:
    return DAY + timedelta(days=step)


def test_a_run_of_days_is_one_alert_and_a_new_breach_after_it_is_a_new_one(alerts: Alerts) -> None:
    alerts.rule()
    alerts.spends([50, 150, 160, 100, 101])
    assert alerts.rows(RUN) == [(day(1), day(2), "resolved"), (day(4), day(4), "new")]
    (first, second) = alerts.rows("alert_key")
    assert first != second
    alerts.spends([120], first=day(5))
    assert alerts.rows(RUN)[1] == (day(4), day(5), "active")
    assert alerts.rows("alert_key") == [first, second], "a run that goes on is the same alert"


@pytest.mark.parametrize("amount", [None, 0.0])
def test_a_day_that_is_not_known_raises_nothing_and_ends_nothing(
    alerts: Alerts, amount: float | None
) -> None:
    alerts.rule()
    alerts.spends([150, amount, 150])
    if amount is None:
        assert alerts.rows(RUN) == [(day(0), day(2), "active")]
        assert alerts.rows("breaching_days") == [(2,)]
    else:
        assert [state for *_, state in alerts.rows(RUN)] == ["resolved", "new"]


def test_an_unsettled_or_unfinished_day_raises_none(alerts: Alerts) -> None:
    alerts.rule()
    alerts.spends([150, 150, 150])
    settling = {"organization_id": "acme", "platform": "google_ads", "connection_id": "one"}
    learnt = {"is_spend_settled": True, "is_conversions_settled": False}
    alerts.insert(
        "int_settling_days",
        [settling | {"date_day": day(1)} | learnt, settling | {"date_day": day(2)}],
    )
    # Nothing was learnt of the last day's age: it counts when its lookback is over.
    assert alerts.rows(RUN) == [(day(0), day(1), "active")]
    alerts.rule("cpa", metric="cpa", condition="above", threshold=1)
    alerts.connection.execute(
        "update serve.main.mart_organization_daily_metrics set cpa_reporting = 2"
    )
    assert alerts.rows(RUN, "rule_id = 'cpa'") == [(day(0), day(0), "new")]
    alerts.connection.execute(
        f"update serve.main.mart_organization_daily_metrics set is_complete = date_day > '{day(0)}'"
    )
    assert alerts.rows(RUN) == [(day(1), day(1), "new")]


@pytest.mark.parametrize(
    ("condition", "threshold", "compared_with", "steps"),
    [
        ("above", 130, None, {1}),
        ("below", 60, None, {3, 7}),
        ("change_above", 0.3, "previous_day", {1, 4}),
        ("change_below", -0.5, "previous_day", {2, 3, 7}),
        ("change_below", -0.5, "same_weekday", {7}),
    ],
)
def test_each_condition(
    alerts: Alerts, condition: str, threshold: float, compared_with: str | None, steps: set[int]
) -> None:
    alerts.rule(condition=condition, threshold=threshold, compared_with=compared_with)
    alerts.spends([100, 140, 69, 30, 110, 120, 110, 40])
    found = {
        (first + timedelta(days=step) - DAY).days
        for first, last in alerts.rows("first_day, last_day")
        for step in range((last - first).days + 1)
    }
    assert found == steps


def test_a_change_against_nothing_or_an_unknown_day_is_not_known(alerts: Alerts) -> None:
    alerts.rule(condition="change_above", threshold=0.5, compared_with="previous_day")
    alerts.spends([0, 100, None, 500, -10, 90])
    assert alerts.rows(RUN) == []


def test_a_minimum_is_of_the_day_or_the_day_that_it_is_compared_with(alerts: Alerts) -> None:
    minimum = {"minimum_metric": "spend", "minimum_amount": 100}
    change = {"condition": "change_below", "threshold": -0.9, "compared_with": "previous_day"}
    alerts.rule(**change, **minimum)
    alerts.spends([99, 0, 100, 0])
    assert alerts.rows(RUN) == [(day(3), day(3), "new")]


def test_rules_are_of_an_organization_a_scope_and_enabled(alerts: Alerts) -> None:
    alerts.rule("all", scope_type="platform")
    alerts.rule("one", scope_type="platform", scope="google_ads", organization_id="acme")
    alerts.rule("off", scope_type="platform", is_enabled=False)
    alerts.rule("channel", scope_type="channel", scope="email", metric="email_orders")
    rows = [
        day_of(organization, DAY)
        | {"platform": platform, "spend_reporting": 500, "is_settled": False}
        for organization in ("acme", "other")
        for platform in ("google_ads", "meta_ads")
    ]
    alerts.insert("mart_platform_comparison", rows)
    of_channel = {"channel": "email", "metric": "email_orders", "value": 101}
    alerts.insert("mart_daily_aggregates", [day_of("acme", DAY) | of_channel])
    assert alerts.rows("organization_id, rule_id, scope") == [
        ("acme", "all", "google_ads"),
        ("acme", "all", "meta_ads"),
        ("acme", "channel", "email"),
        ("acme", "one", "google_ads"),
        ("other", "all", "google_ads"),
        ("other", "all", "meta_ads"),
    ]


def test_what_a_partner_program_costs_is_never_known_to_be_settled(alerts: Alerts) -> None:
    alerts.rule(scope_type="platform")
    paid = day_of("acme", DAY) | {"platform": "everflow", "spend_reporting": 500}
    alerts.insert("mart_platform_comparison", [paid])
    assert alerts.rows(RUN) == []


def test_a_platform_that_was_asked_and_has_no_campaign_left_spent_nothing(alerts: Alerts) -> None:
    alerts.rule(
        scope_type="platform",
        condition="change_below",
        threshold=-0.9,
        compared_with="previous_day",
    )
    paid = day_of("acme", DAY) | {
        "platform": "google_ads",
        "spend_reporting": 500,
        "is_settled": True,
    }
    alerts.insert("mart_platform_comparison", [paid])
    asked = {"platform": "google_ads", "connection_id": "one", "is_shop": False}
    alerts.insert("int_complete_days", [day_of("acme", day(step)) | asked for step in (0, 1)])
    assert alerts.rows("first_day, value, compared_value") == [(day(1), 0, 500)]


def test_a_sum_that_lacks_what_no_rate_converts_is_not_known(alerts: Alerts) -> None:
    alerts.rule(condition="below")
    partial = {"spend_reporting": 5, "unconverted_spend": "AED 100.000000"}
    alerts.insert("mart_organization_daily_metrics", [day_of("acme", DAY) | partial])
    assert alerts.rows(RUN) == []


def test_an_acknowledged_run_stays_so_while_late_numbers_move_its_ends(alerts: Alerts) -> None:
    alerts.rule()
    alerts.insert(
        "stg_registry__alert_acknowledgements",
        [ACKNOWLEDGED | {"first_day": day(1), "last_day": day(2)}],
    )
    columns = "first_day, state, acknowledged_by"
    alerts.spends([50, 150, 160])
    assert alerts.rows(columns) == [(day(1), "acknowledged", "ada")]
    alerts.clear_days()
    alerts.spends([150, 50, 160, 150])
    assert alerts.rows(columns) == [(day(0), "resolved", None), (day(2), "acknowledged", "ada")]
    alerts.clear_days()
    alerts.spends([150, 150, 160, 50, 150])
    assert alerts.rows(columns) == [(day(0), "resolved", "ada"), (day(4), "new", None)]


@pytest.mark.parametrize("other", [{"organization_id": "other"}, {"rule_id": "x"}, {"scope": "x"}])
def test_an_acknowledgement_is_of_its_own_organization_rule_and_scope(
    alerts: Alerts, other: dict[str, str]
) -> None:
    alerts.rule()
    days = {"first_day": day(0), "last_day": day(9)}
    alerts.insert("stg_registry__alert_acknowledgements", [ACKNOWLEDGED | days | other])
    alerts.spends([150, 150])
    assert alerts.rows("state, acknowledged_at") == [("active", None)]


def test_the_evidence_is_where_the_numbers_are(alerts: Alerts) -> None:
    alerts.rule(condition="change_above", threshold=0.25, compared_with="same_weekday")
    alerts.spends([100, *[None] * 6, 140])
    ((text, change),) = alerts.rows("evidence, change")
    assert change == pytest.approx(0.4)
    evidence = orjson.loads(text)
    for number, when in (("value", "date_day"), ("compared_value", "compared_day")):
        found = alerts.connection.execute(
            f"select {evidence['column']} from serve.main.{evidence['mart']} "
            f"where date_day = '{evidence[when]}' and organization_id = '{evidence['scope']}'"
        ).fetchall()
        assert found == [(Decimal(evidence[number]),)]


def test_a_goal_is_at_risk_at_the_pace_of_its_month(alerts: Alerts) -> None:
    """Of March: 31 days at 100 a day are 3,100; from the seventh day on, every day known."""
    goal = {
        "goal_id": "budget",
        "goal_name": "budget",
        "organization_id": "acme",
        "scope_type": "organization",
        "scope": "acme",
        "metric": "spend",
        "direction": "at_most",
        "target": 3_000,
        "minimum_days": 7,
        "severity": "warning",
        "is_enabled": True,
    }
    alerts.insert("alert_goals", [goal, goal | {"goal_id": "least", "direction": "at_least"}])
    march = date(2026, 3, 1)
    alerts.spends([100] * 8, first=march)
    assert alerts.rows("rule_id, first_day, state, value, compared_value, threshold") == [
        ("budget", march + timedelta(days=6), "active", 3_100, 800, 3_000)
    ]
    alerts.spends([50], first=march + timedelta(days=8))
    assert alerts.rows("rule_id, state") == [("budget", "resolved"), ("least", "new")]
    alerts.spends([None, 900], first=march + timedelta(days=9))
    assert alerts.rows("last_judged_day", "rule_id = 'least'") == [(march + timedelta(days=8),)]


def expected_runs(amounts: Sequence[float | None]) -> list[tuple[int, int, int]]:
    """First day, last day and breaching days of each run, worked out day by day."""
    runs: list[tuple[int, int, int]] = []
    is_open = False
    for step, amount in enumerate(amounts):
        if amount is None:
            continue
        if amount > 100 and is_open:
            first, _, days = runs[-1]
            runs[-1] = (first, step, days + 1)
        elif amount > 100:
            runs.append((step, step, 1))
        is_open = amount > 100
    return runs


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(amounts=some.lists(some.sampled_from([None, 50.0, 150.0]), min_size=1, max_size=24))
def test_intervals_of_alerts_tile_the_broken_days_without_overlap(
    alerts: Alerts, amounts: list[float | None]
) -> None:
    alerts.clear()
    alerts.rule()
    alerts.spends(amounts)
    found = alerts.rows("first_day, last_day, breaching_days, state")
    steps = [((one - DAY).days, (two - DAY).days, days) for one, two, days, _ in found]
    assert steps == expected_runs(amounts)
    assert all(state == "resolved" for *_, state in found[:-1])
    for (_, ended, _), (begun, _, _) in pairwise(steps):
        assert any(amounts[step] == 50 for step in range(ended + 1, begun))
