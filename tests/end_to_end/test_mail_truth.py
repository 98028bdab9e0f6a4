"""Newsletters equal the simulated mail's truth at each clock, by message and by day."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from tests.end_to_end.conftest import Releases, each_release

COUNTS = ("sent", "delivered", "opens", "human_opens", "machine_opens", "clicks", "unsubscribes",
          "hard_bounces", "soft_bounces", "complaints", "orders", "revenue")  # fmt: skip
PEOPLE = ("unique_opens", "unique_human_opens", "unique_clicks")
BY_DAY = {"klaviyo"}
NOT_DATED = {"mailchimp": ("complaints", "orders", "revenue")}
"""What a platform dates by no event."""
Rows = dict[tuple[str, str, str], dict[str, Any]]


def facts(releases: Releases, index: int, meaning: str) -> Rows:
    columns = ("platform", "message_id", "date_day", *COUNTS, *PEOPLE)
    with releases.open(index) as release:
        rows = release.execute(
            f"select {', '.join(columns)} from fact_email_performance where day_meaning = ?",
            [meaning],
        ).fetchall()
    found = [dict(zip(columns, row, strict=True)) for row in rows]
    return {(one["platform"], one["message_id"], str(one["date_day"])): one for one in found}


def truth(releases: Releases, index: int, level: str) -> Rows:
    return by_message(releases.truth(level, index))


def by_message(rows: Iterable[dict[str, Any]]) -> Rows:
    return {(one["platform"], one["message_id"], str(one["date"])): one for one in rows}


def numbers(row: dict[str, Any], names: tuple[str, ...]) -> dict[str, Decimal | None]:
    return {
        name: None if row[name] is None else Decimal(str(row[name])).normalize() for name in names
    }


def unparted(row: dict[str, Any]) -> bool:
    """Whether the platform parts no opens of machines, as in its oldest reports."""
    return row["human_opens"] is None


@each_release
def test_a_message_comes_to_its_truth_on_the_day_that_it_was_sent(
    releases: Releases, index: int
) -> None:
    ours, true = facts(releases, index, "sent"), truth(releases, index, "mail_sent_day")
    first = min(row["date"] for row in releases.truth("demand", index))
    # Reports that are asked for by day have no days before the connection's first one.
    sent = {key: row for key, row in true.items() if key[2] >= first or key[0] not in BY_DAY}
    assert len(sent) >= 5
    assert sent.keys() <= ours.keys()
    parted = 0
    for key, row in sent.items():
        names = tuple(
            name
            for name in (*COUNTS, *PEOPLE)
            if not (unparted(ours[key]) and name in ("human_opens", "machine_opens", PEOPLE[1]))
        )
        assert numbers(ours[key], names) == numbers(row, names), key
        parted += not unparted(ours[key])
    assert 0 < parted < len(sent)
    # What is deleted is kept, and never more than one here.
    assert len(ours.keys() - sent.keys()) <= 1


@each_release
def test_what_happened_on_a_day_is_the_truth_of_the_day(releases: Releases, index: int) -> None:
    first = min(row["date"] for row in releases.truth("demand", index))
    there = {key[:2] for key in truth(releases, index, "mail_message")}
    ours = {
        key: row
        for key, row in facts(releases, index, "happened").items()
        if key[2] >= first and key[:2] in there
    }
    true = {
        key: row
        for key, row in truth(releases, index, "mail_message_day").items()
        if key[2] >= first and key[:2] in there
    }
    seen = 0
    for key, row in true.items():
        hidden = NOT_DATED.get(key[0], ())
        names = tuple(name for name in (*COUNTS, *PEOPLE) if name not in hidden)
        if any(numbers(row, names).values()):
            seen += 1
            assert numbers(ours[key], names) == numbers(row, names), key
            assert {ours[key][name] for name in hidden} <= {None}
    assert seen > 15
    assert {key for key in ours if key not in true} == set()


@each_release
def test_differences_of_reports_add_up_to_what_was_gained(releases: Releases, index: int) -> None:
    """What a report gained since the first reading stands on the days of the later ones."""
    ours, now = facts(releases, index, "difference"), truth(releases, index, "mail_message")
    before = by_message(releases.sandbox.truth("mail_message", releases.first_pull))
    if releases.clocks[index] == releases.first_pull:
        assert ours == {}
        return
    local = {str((one + timedelta(hours=13)).date()) for one in releases.clocks}
    # In Auckland a clock of the morning in UTC is the evening.
    assert {key[2] for key in ours} <= local
    gained: dict[tuple[str, str], Decimal] = {}
    orders: dict[tuple[str, str], Decimal] = {}
    for key, row in ours.items():
        gained[key[:2]] = gained.get(key[:2], Decimal(0)) + row["revenue"]
        orders[key[:2]] = orders.get(key[:2], Decimal(0)) + row["orders"]
    first = {key[:2]: row for key, row in before.items() if row["date"] is not None}
    for key, row in now.items():
        if row["date"] is None or not orders.get(key[:2]):
            continue
        earlier = first.get(key[:2], {"revenue": "0", "orders": 0})
        assert gained[key[:2]] == Decimal(row["revenue"]) - Decimal(earlier["revenue"]), key
        assert orders[key[:2]] == row["orders"] - earlier["orders"], key
    assert sum(orders.values()) > (20 if releases.is_demo else 0)


@each_release
def test_members_and_messages_are_named(releases: Releases, index: int) -> None:
    true = truth(releases, index, "mail_message")
    with releases.open(index) as release:
        rows = release.execute(
            "select platform, message_id, message_name, status, sent_at from dim_email_messages "
            "where not is_inferred and not is_deleted"
        ).fetchall()
        (orphans,) = release.execute(
            "select count(*) from fact_email_performance anti join dim_email_messages "
            "using (message_key)"
        ).fetchone()
    ours = {row[:2]: row for row in rows}
    assert orphans == 0
    assert ours.keys() == {key[:2] for key in true}
    for key, row in true.items():
        assert ours[key[:2]][2:4] == (row["name"], row["status"].upper())
        assert (ours[key[:2]][4] is None) == (row["sent_at"] is None)


@each_release
def test_the_marts_have_each_mail_once(releases: Releases, index: int) -> None:
    """A measure of a day is of what happened, or of differences where nothing dates it."""
    expected: dict[str, dict[str, Decimal]] = {}
    with releases.open(index) as release:
        for measure in ("sent", "clicks", "orders", "revenue_reporting"):
            rows = release.execute(
                f"select platform, day_meaning, sum({measure}) from fact_email_performance "
                f"where day_meaning <> 'sent' and {measure} is not null group by all"
            ).fetchall()
            found = {row[:2]: row[2] for row in rows}
            for platform, _ in found:
                happened = found.get((platform, "happened"))
                chosen = found[platform, "difference"] if happened is None else happened
                expected.setdefault(measure, {})[platform] = Decimal(chosen)
        names = {"sent": "emails_sent", "clicks": "email_clicks", "orders": "email_orders",
                 "revenue_reporting": "email_revenue_reporting"}  # fmt: skip
        for measure, column in names.items():
            ours = release.execute(
                f"select platform, sum({column}) from mart_platform_comparison "
                f"where {column} is not null group by all"
            ).fetchall()
            assert {name: Decimal(value) for name, value in ours} == expected.get(measure, {})
            total = sum(expected.get(measure, {}).values())
            for table, where in (
                (f"select sum({column}) from mart_organization_daily_metrics", ""),
                (
                    "select sum(value) from mart_daily_aggregates",
                    f" where metric = '{column.removesuffix('_reporting')}'",
                ),
            ):
                (value,) = release.execute(table + where).fetchone()
                assert Decimal(value or 0) == total, (table, measure)
        (differing,) = release.execute(
            "select count(*) from mart_email_performance as mart "
            "inner join fact_email_performance as fact using (message_key) "
            "where fact.day_meaning = 'sent' and mart.day_meaning = 'sent' "
            "and mart.message_type = 'campaign' and (mart.sent <> fact.sent "
            "or mart.opens is distinct from fact.opens or mart.revenue <> fact.revenue)"
        ).fetchone()
        (shown,) = release.execute("select count(*) from mart_email_performance").fetchone()
    assert (differing, shown > 5) == (0, True)
