"""Keywords, search terms and places: what is asked, and what becomes of the answers."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from connectors.core.accounts import Account
from connectors.core.extraction import extract
from connectors.core.window import Window
from connectors.platforms import get
from connectors.platforms.google_ads import geography

_PLATFORM = get("google_ads")
_WINDOW = Window(date(2026, 1, 5), date(2026, 1, 7))
_CREDENTIAL = {"client_id": "c", "client_secret": "secret-1", "refresh_token": "refresh-1"}


def _page(name: str) -> Any:
    return json.loads((Path(__file__).parent / "pages" / f"{name}.json").read_text("utf-8"))


def _hashed(value: str) -> str:
    return f"token of {value}"


def _extract(kit: Any, handler: Any, stream: str) -> tuple[list[dict[str, Any]], list[str]]:
    """Returns the typed rows and the queries that were asked."""
    server = kit.server(lambda a: dict(kit.token) if a.path == "/token" else handler(a))
    account = Account("1234567890", time_zone="Pacific/Auckland")
    client = kit.client(server, platform=_PLATFORM, account=account, credential=_CREDENTIAL)
    declared = _PLATFORM.stream(stream)
    window = _WINDOW if declared.kind == "report" else None
    pages = list(extract(_PLATFORM, declared, account, window, client, _hashed))
    assert not any(page.rejected or page.unknown_fields for page in pages)
    queries = [asked.json["query"] for asked in server.asked if asked.path != "/token"]
    return [row for page in pages for row in page.batch.to_pylist()], queries


def test_a_keyword_brings_its_words_and_the_days_score(kit: Any) -> None:
    rows, _ = _extract(kit, lambda _: _page("keyword_stats"), "keyword_stats")
    assert rows == [
        {
            "customer_id": "1234567890",
            "date": date(2026, 1, 5),
            "campaign_id": "111",
            "ad_group_id": "222",
            "criterion_id": "444",
            "text": "trail shoes",
            "match_type": "PHRASE",
            "impressions": 60,
            "clicks": 2,
            "cost_micros": 7_000_000,
            "conversions": 0.5,
            "conversions_value": 5.0,
            "historical_quality_score": 7,
            "_extra": None,
        }
    ]


def test_only_keywords_are_listed_removed_ones_too(kit: Any) -> None:
    _, (asked,) = _extract(kit, lambda _: {}, "keywords")
    assert asked.endswith("FROM ad_group_criterion WHERE ad_group_criterion.type = 'KEYWORD'")
    assert "REMOVED" not in asked


def test_countries_then_their_regions(kit: Any) -> None:
    def answer(asked: Any) -> Any:
        by_region = "geo_target_region" in asked.json["query"]
        return _page("geo_regions" if by_region else "geo_countries")

    rows, (countries, regions) = _extract(kit, answer, "geo_stats")
    places = [
        (row["country_criterion_id"], row["location_type"], row["geo_target_region"])
        for row in rows
    ]
    assert places == [
        ("2276", "LOCATION_OF_PRESENCE", ""),
        ("", "UNSPECIFIED", ""),
        ("2276", "LOCATION_OF_PRESENCE", "geoTargetConstants/20226"),
    ]
    assert [row["impressions"] for row in rows] == [100, 2, 60], "40 were in no region"
    assert "FROM geographic_view" in countries
    assert "segments.geo_target_region" not in countries
    assert regions.count("segments.geo_target_region") == 2, "selected and ordered by"


def _answers(**views: str) -> Any:
    """Answers each query with the page of what it selects from; with nothing where there is none.

    Args:
        views: From the resource of parts to its page.
    """
    names = {"ad_group": "ad_groups", "campaign": "campaigns", **views}
    pages = _page("search_terms")

    def answer(asked: Any) -> Any:
        resource = asked.json["query"].partition(" FROM ")[2].partition(" ")[0]
        return pages[names[resource]] if resource in names else {}

    return answer


def test_wholes_then_their_search_terms(kit: Any) -> None:
    answer = _answers(search_term_view="terms", campaign_search_term_view="campaign_terms")
    rows, (wholes, terms, campaigns, theirs) = _extract(kit, answer, "search_term_stats")
    named = ("campaign_id", "ad_group_id", "search_term", "status", "impressions", "cost_micros")
    assert [tuple(row[one] for one in named) for row in rows] == [
        ("111", "222", "", None, 100, 900),
        ("111", "222", "trail shoes", "ADDED", 60, 500),
        ("111", "222", "Größe 42 laufschuhe", "NONE", 1, 0),
        ("112", "", "", None, 200, 700),
        ("112", "", "trail shoes", None, 80, 400),
    ]
    assert (
        "FROM ad_group WHERE segments.date BETWEEN '2026-01-05' AND '2026-01-06' "
        "AND campaign.advertising_channel_type IN ('SEARCH', 'SHOPPING') ORDER BY segments.date"
    ) in wholes
    assert "search_term_view" not in wholes
    assert terms.endswith("campaign.id, ad_group.id, search_term_view.search_term")
    for text in (campaigns, theirs):
        assert "campaign.advertising_channel_type IN ('PERFORMANCE_MAX')" in text
        assert "ad_group.id" not in text
    # Search campaigns have rows in that view too.
    assert "campaign_search_term_view.search_term" in theirs
    assert "status" not in theirs


def test_a_label_is_on_one_of_three_things(kit: Any) -> None:
    on_all = {"label": {"id": "5", "name": "Brand"}, "campaign": {"id": "111"}}
    on_group = on_all | {"adGroup": {"id": "222"}}
    on_ad = on_group | {"adGroupAd": {"ad": {"id": "333"}}}
    answers = {"campaign_label": on_all, "ad_group_label": on_group, "ad_group_ad_label": on_ad}

    def answer(asked: Any) -> Any:
        resource = asked.json["query"].rpartition(" FROM ")[2]
        customer = {"customer": {"id": "1234567890"}}
        return {"results": [answers[resource] | customer]}

    rows, asked = _extract(kit, answer, "labels")
    keys = ("label_id", "name", "campaign_id", "ad_group_id", "ad_id")
    assert [tuple(row[key] for key in keys) for row in rows] == [
        ("5", "Brand", "111", "", ""),
        ("5", "Brand", "111", "222", ""),
        ("5", "Brand", "111", "222", "333"),
    ]
    assert ["ad_group.id" in text for text in asked] == [False, True, True]


def test_wholes_then_their_placements(kit: Any) -> None:
    answer = _answers(performance_max_placement_view="campaign_placements")
    rows, (wholes, _, _, theirs) = _extract(kit, answer, "placement_stats")
    named = ("ad_group_id", "placement", "placement_type", "impressions", "clicks", "cost_micros")
    assert [tuple(row[one] for one in named) for row in rows] == [
        ("222", "", None, 100, 9, 900),
        ("", "", None, 200, 7, 700),
        # Google has no other numbers of it: unknown, and not 0.
        ("", "news.example", "WEBSITE", 150, None, None),
    ]
    assert "IN ('DISPLAY', 'VIDEO', 'DEMAND_GEN')" in wholes
    assert "performance_max_placement_view.target_url" in theirs
    assert theirs.count("metrics.") == theirs.count("metrics.impressions") == 1


def test_clicks_day_by_day_under_tokens(kit: Any) -> None:
    def answer(asked: Any) -> Any:
        return _page("clicks") if "= '2026-01-05'" in asked.json["query"] else {}

    rows, asked = _extract(kit, answer, "clicks")
    (row,) = rows
    assert row == {
        "customer_id": "1234567890",
        "date": date(2026, 1, 5),
        "click_id": "token of EAIaIQob-a_1",
        "campaign_id": "111",
        "ad_group_ad": "customers/1234567890/adGroupAds/222~333",
        "keyword": "customers/1234567890/adGroupCriteria/222~444",
        "device": "MOBILE",
        "clicks": 1,
        "_extra": None,
    }, "a click without an id can be joined to nothing"
    conditions = [text.partition(" FROM click_view WHERE ")[2] for text in asked]
    assert conditions == ["segments.date = '2026-01-05'", "segments.date = '2026-01-06'"]


def test_no_click_id_reaches_quarantine(kit: Any) -> None:
    page = _page("clicks")
    page["results"][0]["metrics"]["clicks"] = "many"
    page["results"].append("odd")
    account = Account("1234567890")
    client = kit.client(
        kit.server(lambda a: dict(kit.token) if a.path == "/token" else page),
        platform=_PLATFORM,
        account=account,
        credential=_CREDENTIAL,
    )
    stream = _PLATFORM.stream("clicks")
    pages = extract(_PLATFORM, stream, account, _WINDOW, client, _hashed)
    rejected = [one.payload_json for page in pages for one in page.rejected]
    assert len(rejected) >= 2
    assert not any("~EAIaIQob" in text or '"EAIaIQob' in text for text in rejected)
    assert any("token of EAIaIQob-a_1" in text for text in rejected)


def test_an_odd_record_goes_on_to_quarantine(kit: Any) -> None:
    client = kit.client(
        kit.server(
            lambda a: (
                dict(kit.token) if a.path == "/token" else {"results": ["odd", {"segments": 1}]}
            )
        ),
        platform=_PLATFORM,
        account=Account("1234567890"),
        credential=_CREDENTIAL,
    )
    pages = extract(
        _PLATFORM, _PLATFORM.stream("geo_stats"), Account("1234567890"), _WINDOW, client
    )
    rejected = [one for page in pages for one in page.rejected]
    assert len(rejected) == 2


def test_names_of_the_places_in_use(kit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIBUTARY_NOW", "2026-01-06T20:00:00Z")
    monkeypatch.setattr(geography, "_TARGETS_AT_ONCE", 2)
    listed: list[str] = []

    def answer(asked: Any) -> Any:
        query = asked.json["query"]
        if "FROM geo_target_constant" in query:
            listed.append(query.partition("IN ")[2])
            return {"results": [{"geoTargetConstant": {"id": "2276", "name": "Germany"}}]}
        if "segments.geo_target_region" in query:
            return _page("geo_regions")
        return _page("geo_countries")

    rows, queries = _extract(kit, answer, "geo_targets")
    assert listed == ["(2276, 20226)"]
    assert rows[0]["name"] == "Germany"
    assert all("AND '2026-01-07'" in query for query in queries[:2]), "Auckland's today"
    assert "BETWEEN '2022-12-11'" in queries[0], "no further than daily rows reach"


def test_no_numbers_name_no_places(kit: Any) -> None:
    rows, queries = _extract(kit, lambda _: {}, "geo_targets")
    assert rows == []
    assert len(queries) == 2
