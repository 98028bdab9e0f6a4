"""Meta's insights on the wire: strings, absences, overlapping types, periods, splits, jobs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import orjson
import pytest

from connectors.sandbox.business import Parameters
from connectors.sandbox.platforms.meta_ads.access import Access
from connectors.sandbox.platforms.meta_ads.graph import Asking, Graph
from connectors.sandbox.server import SandboxClient
from connectors.sandbox.service import simulated
from connectors.sandbox.world import World
from tests.connectors.sandbox.meta_client import ACME, HOURLY, KIWI, TOKENS, MetaClient, days

PATH = f"act_{ACME}/insights"
WEEK = days("2026-11-02", "2026-11-08")
PURCHASES = {
    "purchase",
    "omni_purchase",
    "offsite_conversion.fb_pixel_purchase",
    "onsite_web_purchase",
    "web_in_store_purchase",
}


def test_everything_is_a_string_and_nothing_is_zero(meta: MetaClient) -> None:
    fields = (
        "account_id,account_currency,campaign_name,adset_name,ad_id,ad_name,objective,impressions,"
        "clicks,inline_link_clicks,spend,reach,frequency,ctr,cpc,cpm,cpp,unique_clicks,actions,"
        "action_values,purchase_roas,cost_per_action_type,attribution_setting,auction_bid"
    )
    rows = meta.rows(PATH, level="ad", time_range=WEEK, time_increment=1, fields=fields, limit=300)
    assert len(rows) > 100
    assert {"actions" in row for row in rows} == {True}
    assert {"action_values" in row for row in rows} == {True, False}, "absent, not empty"
    for row in rows:
        assert row["date_start"] == row["date_stop"], "there, though not asked for"
        flat = [value for value in row.values() if not isinstance(value, list)]
        for entries in (row[name] for name in row if isinstance(row[name], list)):
            assert entries
            flat.extend(value for entry in entries for value in entry.values())
        assert all(isinstance(value, str) for value in flat)
        assert not {"0", "0.00", "", "0.000000"} & set(flat)
    assert "auction_bid" not in rows[0], "known to the platform, empty here"
    assert rows[0]["account_currency"] == "USD"
    assert rows[0]["attribution_setting"] == "7d_click_1d_view"


def test_fewer_watch_on_and_rankings_are_an_ads(meta: MetaClient) -> None:
    parts = [f"video_p{part}_watched_actions" for part in (25, 50, 75, 95, 100)]
    lists = ["video_play_actions", *parts, "video_thruplay_watched_actions"]
    people = ["outbound_clicks", "unique_outbound_clicks"]
    rankings = ["quality_ranking", "engagement_rate_ranking", "conversion_rate_ranking"]
    fields = ",".join((*lists, *people, *rankings))
    rows = meta.rows(PATH, level="ad", time_range=WEEK, fields=fields, limit=300)
    assert all(row.keys() >= {*rankings, *people} for row in rows)
    assert len({tuple(row[name] for name in rankings) for row in rows}) > 3
    told = [
        {name: int(row.get(name, [{"value": 0}])[0]["value"]) for name in lists} for row in rows
    ]
    assert any(row[parts[-1]] for row in told)
    for row in told:
        watched = [row["video_play_actions"], *(row[name] for name in parts)]
        assert watched == sorted(watched, reverse=True)
        assert row[parts[-1]] <= row["video_thruplay_watched_actions"] <= row["video_play_actions"]
    for row in rows:
        clicks, clickers = (int(row[name][0]["value"]) for name in people)
        assert 0 < clickers <= clicks
    [campaign, *_] = meta.rows(PATH, level="campaign", time_range=WEEK, fields=fields)
    assert not {*rankings} & campaign.keys(), "rankings are of ads"


def test_types_of_actions_overlap(meta: MetaClient) -> None:
    [row] = meta.rows(PATH, time_range=WEEK, fields="spend,actions,action_values,purchase_roas")
    counts = {one["action_type"]: int(one["value"]) for one in row["actions"]}
    assert len({counts[name] for name in PURCHASES}) == 1
    assert counts["link_click"] < counts["post_engagement"]
    assert sum(counts.values()) > 4 * counts["purchase"] + counts["link_click"], "double counting"
    values = {one["action_type"]: Decimal(one["value"]) for one in row["action_values"]}
    assert set(values) == PURCHASES
    [roas] = row["purchase_roas"]
    assert roas["action_type"] == "omni_purchase"
    assert abs(Decimal(roas["value"]) - values["purchase"] / Decimal(row["spend"])) < 1e-6


def test_an_account_without_omni_types(sandbox: SandboxClient) -> None:
    client = MetaClient(sandbox.url, TOKENS[KIWI])
    [row] = client.rows(f"act_{KIWI}/insights", time_range=WEEK, fields="actions,action_values")
    types = {one["action_type"] for one in row["actions"]}
    assert "purchase" in types
    assert not any(name.startswith("omni_") for name in types)


def test_attribution_windows_stand_beside_the_default(meta: MetaClient) -> None:
    windows = ["1d_click", "7d_click", "28d_click", "1d_view", "1d_ev"]
    month = days("2026-10-01", "2026-10-31")
    [row] = meta.rows(PATH, time_range=month, fields="actions", action_attribution_windows=windows)
    actions = {
        one.pop("action_type"): {k: int(v) for k, v in one.items()} for one in row["actions"]
    }
    purchase = actions["omni_purchase"]
    assert purchase["value"] == purchase["7d_click"] + purchase["1d_view"]
    assert purchase["1d_click"] < purchase["7d_click"] < purchase["28d_click"]
    assert "1d_ev" not in purchase, "nothing of it"
    assert set(actions["link_click"]) == {"value", "1d_click", "7d_click", "28d_click"}
    refused = meta.refusal(PATH, time_range=WEEK, action_attribution_windows=["28d_view"])
    assert refused[:2] == (400, 100), "retired on 12 January 2026"


def test_periods(sandbox: SandboxClient, meta: MetaClient) -> None:
    def spans(**asked: Any) -> list[tuple[str, str]]:
        rows = meta.rows(PATH, fields="impressions", limit=100, **asked)
        return [(row["date_start"], row["date_stop"]) for row in rows]

    month = days("2026-09-20", "2026-10-04")
    assert spans(time_range=month) == [("2026-09-20", "2026-10-04")]
    assert len(spans(time_range=month, time_increment=1)) == 15
    assert spans(time_range=month, time_increment=7) == [
        ("2026-09-20", "2026-09-26"),
        ("2026-09-27", "2026-10-03"),
        ("2026-10-04", "2026-10-04"),
    ]
    assert spans(time_range=month, time_increment="monthly") == [
        ("2026-09-20", "2026-09-30"),
        ("2026-10-01", "2026-10-04"),
    ]
    # At 06:00 UTC on the 15th it is still the 14th in Los Angeles.
    assert spans(date_preset="today") == [("2026-11-14", "2026-11-14")]
    assert spans(date_preset="last_7d") == [("2026-11-07", "2026-11-13")]
    assert spans() == [("2026-10-15", "2026-11-13")], "the last 30 days by default"
    assert spans(date_preset="last_month") == [("2026-10-01", "2026-10-31")]
    sandbox.set_clock("2026-11-15T09:00:00Z")
    assert spans(date_preset="today") == [("2026-11-15", "2026-11-15")]


def test_totals_do_not_depend_on_how_they_are_cut(meta: MetaClient) -> None:
    def total(**asked: Any) -> tuple[int, Decimal, int]:
        fields = "impressions,spend,actions"
        rows = meta.rows(PATH, fields=fields, time_range=WEEK, limit=500, **asked)
        purchases = sum(
            int(one["value"])
            for row in rows
            for one in row.get("actions", [])
            if one["action_type"] == "omni_purchase"
        )
        spend = sum(Decimal(row.get("spend", "0")) for row in rows)
        return sum(int(row.get("impressions", "0")) for row in rows), spend, purchases

    whole = total()
    assert whole[2] > 20
    for asked in (
        {"level": "campaign"},
        {"level": "adset", "time_increment": 1},
        {"level": "ad", "time_increment": 2},
        {"breakdowns": "age"},
        {"breakdowns": ["gender"], "level": "campaign"},
        {"breakdowns": ["age", "gender"], "time_increment": 1},
        {"breakdowns": [HOURLY], "level": "campaign", "time_increment": 1},
        {"breakdowns": [HOURLY]},
        {"breakdowns": ["country"], "level": "adset"},
        {"breakdowns": ["publisher_platform"], "time_increment": 1},
        {"breakdowns": ["publisher_platform", "impression_device"], "level": "ad"},
    ):
        assert total(**asked) == whole, asked


def test_hours(meta: MetaClient) -> None:
    asked = {"level": "campaign", "time_increment": 1, "fields": "campaign_id,impressions,actions"}
    span = days("2026-08-15", "2026-11-10")
    rows = meta.report(PATH, breakdowns=[HOURLY], time_range=span, limit=5000, **asked)
    labels = {row[HOURLY] for row in rows if HOURLY in row}
    assert labels == {f"{hour:02d}:00:00 - {hour:02d}:59:59" for hour in range(24)}
    late = [row for row in rows if HOURLY not in row]
    assert 2 <= len(late) <= 40
    for row in late:
        assert "impressions" not in row
        assert row["actions"], "conversions of a day without an impression have no hour"
    for name in ("reach", "frequency", "unique_clicks", "unique_actions", "video_play_actions"):
        refused = meta.refusal(PATH, breakdowns=[HOURLY], time_range=WEEK, fields=name)
        assert refused[:2] == (400, 100), name
    assert meta.refusal(PATH, breakdowns=[HOURLY, "age"], time_range=WEEK)[:2] == (400, 100)


def test_clock_changes_show_in_the_hours(meta: MetaClient) -> None:
    asked = {"fields": "impressions", "breakdowns": [HOURLY], "limit": 50}
    autumn = meta.rows(PATH, time_range=days("2026-11-01", "2026-11-01"), **asked)
    by_hour = [int(row["impressions"]) for row in autumn]
    assert len(by_hour) == 24, "the hour that comes twice is one row"
    assert by_hour[1] > 1.3 * by_hour[2]


def test_filters(meta: MetaClient) -> None:
    asked = {"level": "campaign", "time_range": WEEK, "fields": "campaign_id,campaign_name,spend"}
    every = meta.rows(PATH, **asked)
    first = every[0]["campaign_id"]

    def kept(field: str, operator: str, value: Any) -> list[str]:
        condition = [{"field": field, "operator": operator, "value": value}]
        return [row["campaign_id"] for row in meta.rows(PATH, filtering=condition, **asked)]

    assert kept("campaign.id", "IN", [first]) == [first]
    assert kept("campaign.name", "CONTAIN", "retarget") == [every[1]["campaign_id"]]
    assert first not in kept("campaign.effective_status", "NOT_IN", ["ACTIVE"])
    rich = kept("spend", "GREATER_THAN", 100)
    assert rich == [row["campaign_id"] for row in every if Decimal(row.get("spend", 0)) > 100] != []
    only = [{"field": "action_type", "operator": "IN", "value": ["purchase"]}]
    [row] = meta.rows(PATH, time_range=WEEK, fields="actions", filtering=only)
    assert [one["action_type"] for one in row["actions"]] == ["purchase"]


def test_insights_of_nodes_below_the_account(meta: MetaClient) -> None:
    [ad, *_] = meta.rows(
        PATH, level="ad", time_range=WEEK, fields="campaign_id,adset_id,ad_id,spend"
    )
    for level, id_ in (
        ("ad", ad["ad_id"]),
        ("adset", ad["adset_id"]),
        ("campaign", ad["campaign_id"]),
    ):
        [own] = meta.rows(f"{id_}/insights", time_range=WEEK, fields=f"{level}_id,spend")
        assert own[f"{level}_id"] == id_
        among = meta.rows(f"{id_}/insights", level="ad", time_range=WEEK, fields="ad_id,spend")
        assert {one["ad_id"]: one["spend"] for one in among}[ad["ad_id"]] == ad["spend"]
    assert meta.refusal(f"{ad['ad_id']}/insights", level="campaign")[:2] == (400, 100)


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"fields": "impressions,nothing"}, 100),
        ({"fields": "impressions,age", "breakdowns": ["age"]}, 100),
        ({"level": "keyword"}, 100),
        ({"breakdowns": ["region"]}, 100),
        ({"breakdowns": ["country", "age"]}, 100),
        ({"breakdowns": ["impression_device"]}, 100),
        ({"breakdowns": ["country", "publisher_platform"]}, 100),
        ({"nothing": "1"}, 100),
        ({"time_range": days("2026-11-02", "2026-11-01")}, 100),
        ({"time_range": {"since": "2026-11-02"}}, 100),
        ({"time_range": days("2026-11-2", "2026-11-03")}, 100),
        ({"time_range": "yesterday"}, 100),
        ({"time_ranges": [WEEK]}, 100),
        ({"time_increment": "0"}, 100),
        ({"time_increment": "91"}, 100),
        ({"date_preset": "last_decade"}, 100),
        ({"sort": ["spend_descending"]}, 100),
        ({"action_breakdowns": ["action_colour"]}, 100),
        ({"filtering": [{"field": "ad.id", "operator": "IN", "value": ["1"]}]}, 100),
        ({"time_range": days("2023-10-13", "2023-11-01")}, 3018),
    ],
)
def test_rules(meta: MetaClient, params: dict[str, Any], code: int) -> None:
    assert meta.refusal(PATH, **params)[:2] == (400, code)
    assert meta.post(PATH, **params)[2]["error"]["code"] == code


def test_reach_by_group_is_left_out_after_13_months(
    sandbox: SandboxClient, meta: MetaClient
) -> None:
    sandbox.set_clock("2027-12-05T12:00:00Z")
    asked = {"fields": "impressions,reach,unique_clicks", "time_increment": 1}
    span = days("2026-11-04", "2026-11-06")
    rows = meta.rows(PATH, time_range=span, breakdowns=["age"], limit=100, **asked)
    assert len(rows) == 18
    assert {row["date_start"] for row in rows if "reach" in row} == {"2026-11-05", "2026-11-06"}
    assert all("impressions" in row for row in rows)
    assert all("reach" in row for row in meta.rows(PATH, time_range=span, **asked))


def test_37_months_are_kept(meta: MetaClient) -> None:
    assert meta.rows(PATH, time_range=days("2023-10-14", "2023-11-01")) == []


def test_too_much_at_once_is_refused_and_a_job_does_it(meta: MetaClient) -> None:
    much = {
        "level": "campaign",
        "time_range": days("2026-07-19", "2026-11-14"),
        "time_increment": 1,
        "breakdowns": [HOURLY],
        "fields": "campaign_id,impressions",
    }
    assert meta.refusal(PATH, **much) == (400, 100, 1487534)
    rows = meta.report(PATH, limit=5000, **much)
    assert len(rows) > 15_000
    assert len({(r["campaign_id"], r["date_start"], r.get(HOURLY)) for r in rows}) == len(rows)


def test_a_job_goes_through_its_states(sandbox: SandboxClient, meta: MetaClient) -> None:
    much = {"level": "ad", "time_range": days("2026-07-19", "2026-11-14"), "time_increment": 1}
    _, _, started = meta.post(PATH, breakdowns=["gender"], **much)
    assert list(started) == ["report_run_id"]
    run = started["report_run_id"]
    assert meta.refusal(f"{run}/insights")[1] == 2601
    seen = [meta.get(run)[2] for _ in range(7)]
    assert [(one["async_status"], one["async_percent_completion"]) for one in seen] == [
        ("Job Not Started", 0),
        ("Job Started", 0),
        ("Job Running", 35),
        ("Job Running", 80),
        ("Job Completed", 98),
        ("Job Completed", 100),
        ("Job Completed", 100),
    ]
    assert [one["is_running"] for one in seen] == [True] * 5 + [False] * 2
    assert (seen[0]["date_start"], seen[0]["date_stop"]) == ("2026-07-19", "2026-11-14")
    assert meta.get(run, fields="async_status")[2] == {"id": run, "async_status": "Job Completed"}
    sandbox.set_clock("2026-11-20T06:00:00Z")
    rows = meta.rows(f"{run}/insights", limit=400)
    assert {row["date_start"] for row in rows} >= {"2026-11-14"}
    other = MetaClient(sandbox.url, TOKENS[KIWI])
    assert other.refusal(run)[1] == 200
    sandbox.set_clock("2026-12-20T06:00:00Z")
    assert meta.refusal(f"{run}/insights") == (400, 100, 33), "runs are forgotten after 30 days"


def test_a_report_and_a_call_say_the_same(meta: MetaClient) -> None:
    asked = {
        "level": "ad",
        "time_range": WEEK,
        "time_increment": 1,
        "fields": "ad_id,spend,actions",
    }
    assert meta.report(PATH, limit=7, **asked) == meta.rows(PATH, limit=100, **asked)


def test_the_request_log_knows_the_window(sandbox: SandboxClient, meta: MetaClient) -> None:
    meta.get(PATH, time_range=WEEK)
    [entry] = sandbox.requests()["requests"]
    assert (entry["platform"], entry["account"], entry["status"]) == ("meta_ads", ACME, 200)
    assert (entry["first_date"], entry["last_date"]) == ("2026-11-02", "2026-11-08")
    assert TOKENS[ACME] not in str(entry)


def test_a_report_of_many_pages_comes_whole() -> None:
    size = {"organizations": 1, "accounts": 1, "campaigns": 14, "ad_groups": 10, "ads": 20}
    world = World(simulated(Parameters(**size, end=date(2026, 11, 15))))
    world.clock.set(datetime(2027, 1, 1, tzinfo=UTC))
    graph = Graph(world, Access(world.business.people))
    token = {"access_token": TOKENS[ACME]}
    fields = (
        "account_id,campaign_id,adset_id,ad_id,impressions,clicks,spend,reach,actions,action_values"
    )
    asked = {
        **token,
        "level": "ad",
        "time_increment": "1",
        "time_range": '{"since":"2026-08-01","until":"2026-09-30"}',
        "fields": fields,
    }
    run = graph.answer(Asking("POST", "v26.0", (f"act_{ACME}", "insights"), asked, "x"))[
        "report_run_id"
    ]
    while graph.answer(Asking("GET", "v26.0", (run,), dict(token), "x"))["is_running"]:
        continue
    rows, after = 0, {}
    while True:
        params = {**token, "limit": "500", **after}
        page = graph.answer(Asking("GET", "v26.0", (run, "insights"), params, "x"))
        rows += orjson.dumps(page).count(b'"date_start"')
        if "next" not in page["paging"]:
            break
        after = {"after": page["paging"]["cursors"]["after"]}
    assert rows > 100_000
