"""The query language: what is read, and how what cannot be read is refused."""

from __future__ import annotations

from datetime import date

import pytest

from connectors.sandbox.platforms.google_ads.errors import GoogleAdsError
from connectors.sandbox.platforms.google_ads.filters import value_test
from connectors.sandbox.platforms.google_ads.gaql import Condition, parse
from connectors.sandbox.platforms.google_ads.validation import check

TODAY = date(2026, 11, 15)


def test_every_clause_is_read() -> None:
    query = parse(
        """SELECT campaign.id, metrics.clicks
        FROM campaign
        WHERE segments.date BETWEEN '2026-01-01' AND "2026-01-31" AND campaign.id IN (1, 2)
          AND campaign.name != 'it\\'s' AND metrics.clicks >= 5
        ORDER BY metrics.clicks DESC, campaign.id LIMIT 10
        PARAMETERS omit_unselected_resource_names = true"""
    )
    assert query.select == ("campaign.id", "metrics.clicks")
    assert query.resource == "campaign"
    assert query.where == (
        Condition("segments.date", "BETWEEN", ("2026-01-01", "2026-01-31")),
        Condition("campaign.id", "IN", ("1", "2")),
        Condition("campaign.name", "!=", ("it's",)),
        Condition("metrics.clicks", ">=", ("5",)),
    )
    assert query.order_by == (("metrics.clicks", True), ("campaign.id", False))
    assert query.limit == 10
    assert query.parameters == {"omit_unselected_resource_names"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "UNEXPECTED_END_OF_QUERY"),
        ("FETCH campaign.id FROM campaign", "EXPECTED_SELECT"),
        ("SELECT campaign.id", "EXPECTED_FROM"),
        ("SELECT campaign.id FROM campaign WHERE", "UNEXPECTED_END_OF_QUERY"),
        ("SELECT campaign.id FROM campaign WHERE campaign.id ~ 1", "BAD_SYMBOL"),
        ("SELECT campaign.id FROM campaign WHERE campaign.id NEAR 1", "BAD_OPERATOR"),
        ("SELECT campaign.id FROM campaign WHERE campaign.name LIKE 'x'", "BAD_OPERATOR"),
        ("SELECT campaign.id FROM campaign WHERE campaign.id IN 1", "EXPECTED_LIST"),
        (
            "SELECT campaign.id FROM campaign WHERE campaign.id IN ()",
            "PROHIBITED_EMPTY_LIST_IN_CONDITION",
        ),
        ("SELECT campaign.id FROM campaign WHERE campaign.name = 'x", "STRING_NOT_TERMINATED"),
        ("SELECT campaign.id FROM campaign LIMIT x", "BAD_LIMIT_VALUE"),
        ("SELECT campaign.id FROM campaign LIMIT 0", "LIMIT_VALUE_TOO_LOW"),
        ("SELECT campaign.id FROM campaign ORDER campaign.id", "EXPECTED_BY"),
        ("SELECT campaign.id FROM campaign campaign", "UNEXPECTED_INPUT"),
        ("SELECT campaign.id FROM campaign PARAMETERS x = true", "BAD_PARAMETER_NAME"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, code: str) -> None:
    with pytest.raises(GoogleAdsError) as refusal:
        parse(text or "SELECT")
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("SELECT campaign.id FROM nothing", "BAD_RESOURCE_TYPE_IN_FROM_CLAUSE"),
        ("SELECT campaign.start_date FROM campaign", "UNRECOGNIZED_FIELD"),
        ("SELECT metrics.video_views FROM campaign", "UNRECOGNIZED_FIELD"),
        ("SELECT ad_group.id FROM campaign", "PROHIBITED_RESOURCE_TYPE_IN_SELECT_CLAUSE"),
        ("SELECT metrics.clicks, segments.date FROM campaign", "EXPECTED_FILTERS_ON_DATE_RANGE"),
        (
            "SELECT metrics.clicks FROM campaign WHERE segments.date >= '2026-01-01'",
            "EXPECTED_FILTERS_ON_DATE_RANGE",
        ),
        (
            "SELECT metrics.clicks, segments.month FROM campaign",
            "EXPECTED_FILTERS_ON_DATE_RANGE",
        ),
        (
            "SELECT segments.hour, metrics.clicks FROM ad_group_ad "
            "WHERE segments.date = '2026-01-01'",
            "PROHIBITED_SEGMENT_WITH_METRIC_IN_SELECT_OR_WHERE_CLAUSE",
        ),
        (
            "SELECT metrics.clicks FROM customer_client",
            "PROHIBITED_METRIC_IN_SELECT_OR_WHERE_CLAUSE",
        ),
        ("SELECT campaign.id FROM campaign WHERE segments.date = '1 May'", "INVALID_DATE_FORMAT"),
        (
            "SELECT campaign.id FROM campaign "
            "WHERE segments.date BETWEEN '2026-02-01' AND '2026-01-01'",
            "START_DATE_AFTER_END_DATE",
        ),
        (
            "SELECT campaign.id FROM campaign WHERE segments.device = MOBILE",
            "EXPECTED_REFERENCED_FIELD_IN_SELECT_CLAUSE",
        ),
        (
            "SELECT campaign.id FROM campaign ORDER BY metrics.clicks",
            "EXPECTED_REFERENCED_FIELD_IN_SELECT_CLAUSE",
        ),
        (
            "SELECT campaign.id FROM campaign WHERE segments.date DURING LAST_9_DAYS",
            "INVALID_VALUE_WITH_DURING_OPERATOR",
        ),
    ],
)
def test_the_platforms_rules_are_kept(query: str, code: str) -> None:
    with pytest.raises(GoogleAdsError) as refusal:
        check(parse(query), TODAY)
    assert refusal.value.code == code
    assert refusal.value.http == 400


@pytest.mark.parametrize(
    ("where", "first", "last"),
    [
        (
            "segments.date BETWEEN '2026-11-01' AND '2026-11-03'",
            date(2026, 11, 1),
            date(2026, 11, 3),
        ),
        ("segments.date = '2026-11-01'", date(2026, 11, 1), date(2026, 11, 1)),
        (
            "segments.date >= '2026-11-01' AND segments.date < '2026-11-03'",
            date(2026, 11, 1),
            date(2026, 11, 2),
        ),
        ("segments.date DURING YESTERDAY", date(2026, 11, 14), date(2026, 11, 14)),
        ("segments.date DURING LAST_7_DAYS", date(2026, 11, 8), date(2026, 11, 14)),
    ],
)
def test_date_ranges(where: str, first: date, last: date) -> None:
    asked = check(parse(f"SELECT campaign.id, segments.date FROM campaign WHERE {where}"), TODAY)
    assert (asked.first, asked.last) == (first, last)


@pytest.mark.parametrize(
    ("condition", "yes", "no"),
    [
        (Condition("campaign.id", "=", ("7",)), 7, 8),
        (Condition("campaign.id", "NOT IN", ("7", "8")), 9, 8),
        (Condition("campaign.status", "!=", ("REMOVED",)), "ENABLED", "REMOVED"),
        (Condition("campaign.end_date_time", "!=", ("2026-01-01",)), None, "2026-01-01"),
        (Condition("metrics.clicks", ">=", ("3",)), 3, None),
        (Condition("metrics.clicks", "BETWEEN", ("2", "4")), 3, 5),
        (Condition("customer.manager", "=", ("TRUE",)), True, False),
    ],
)
def test_conditions(condition: Condition, yes: object, no: object) -> None:
    test = value_test(condition)
    assert test(yes)
    assert not test(no)


def test_a_value_of_another_type_is_refused() -> None:
    with pytest.raises(GoogleAdsError) as refusal:
        value_test(Condition("campaign.id", "=", ("seven",)))
    assert refusal.value.code == "BAD_NUMBER"
