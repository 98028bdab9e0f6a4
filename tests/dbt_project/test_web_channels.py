"""GA4's default channel group: its rules as a table of cases, and the order in which they count."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence

import pytest
from built_home import PROJECT, DbtHome
from fixture_lake import FixtureLake

pytestmark = pytest.mark.xdist_group("dbt_project")
# Source, medium, campaign and GA4's own name of the channel.
# https://support.google.com/analytics/answer/9756891
CASES: tuple[tuple[str, str, str, str], ...] = (
    ("(direct)", "(none)", "(direct)", "Direct"),
    ("(DIRECT)", "(not set)", "(not set)", "Direct"),
    ("(direct)", "cpc", "x", "Paid Other"),
    ("google", "cpc", "Cross-network", "Cross-network"),
    ("google", "organic", "eu cross-network spring", "Cross-network"),
    ("chatgpt.com", "ai-assistant", "(ai-assistant)", "AI Assistant"),
    ("gemini.google.com", "AI-Assistant", "(ai-assistant)", "AI Assistant"),
    ("Google Shopping", "cpc", "x", "Paid Shopping"),
    ("ebay.de", "paid", "x", "Paid Shopping"),
    ("example.com", "cpc", "Shop now", "Paid Shopping"),
    ("google", "ppc", "spring shopping", "Paid Shopping"),
    ("google", "cpc", "x", "Paid Search"),
    ("de.search.yahoo.com", "retargeting", "x", "Paid Search"),
    ("bing", "paidsearch", "workshop", "Paid Search"),
    ("facebook", "cpm", "x", "Paid Social"),
    ("tiktok", "paid_social", "photoshop", "Paid Social"),
    ("l.instagram.com", "CPC", "x", "Paid Social"),
    ("youtube", "cpv", "x", "Paid Video"),
    ("vimeo.com", "paid", "x", "Paid Video"),
    ("news.example", "cpm", "x", "Display"),
    ("news.example", "banner", "x", "Display"),
    ("google", "display", "x", "Display"),
    ("news.example", "cpa", "x", "Paid Other"),
    ("news.example", "paidsocial", "x", "Paid Other"),
    ("amazon", "(none)", "x", "Organic Shopping"),
    ("google", "organic", "eshop", "Organic Shopping"),
    ("newsletter", "email", "shop", "Organic Shopping"),
    ("x", "referral", "my-shop", "Organic Shopping"),
    ("facebook", "social_paid", "x", "Organic Social"),
    ("t.co", "referral", "(referral)", "Organic Social"),
    ("x", "social network", "x", "Organic Social"),
    ("m.youtube.com", "referral", "(referral)", "Organic Video"),
    ("x", "webvideo", "x", "Organic Video"),
    ("google", "organic", "(organic)", "Organic Search"),
    ("unknown.example", "organic", "(organic)", "Organic Search"),
    ("duckduckgo", "referral", "(referral)", "Organic Search"),
    ("goodfinds.example", "referral", "(referral)", "Referral"),
    ("x", "link", "x", "Referral"),
    ("e-mail", "referral", "x", "Referral"),
    ("email", "letter", "x", "Email"),
    ("x", "E mail", "x", "Email"),
    ("klaviyo", "email", "welcome", "Email"),
    ("x", "affiliate", "x", "Affiliates"),
    ("coupons.example", "Affiliate", "x", "Affiliates"),
    ("podcast", "audio", "x", "Audio"),
    ("x", "AUDIO", "x", "Audio"),
    ("sms", "x", "x", "SMS"),
    ("x", "sms", "x", "SMS"),
    ("x", "web_push", "x", "Mobile Push Notifications"),
    ("x", "mobile", "x", "Mobile Push Notifications"),
    ("firebase", "x", "x", "Mobile Push Notifications"),
    ("x", "affiliates", "x", "Unassigned"),
    ("x", "remarketing", "x", "Unassigned"),
    ("(not set)", "(not set)", "(not set)", "Unassigned"),
    ("", "", "", "Unassigned"),
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> DbtHome:
    path = tmp_path_factory.mktemp("channels") / "home"
    path.mkdir()
    FixtureLake(path)
    built = DbtHome(path)
    built.build(models=["int_web_traffic_unioned", "dim_channels"])
    return built


def _named(home: DbtHome, visits: Sequence[tuple[str, str, str]]) -> dict[tuple[str, ...], str]:
    rows = ", ".join(str(visit) for visit in visits)
    home.execute(
        "create or replace view build.main.stg_ga4__traffic_hours as "
        f"select * from (values {rows}) as visits (source, medium, campaign_name)"
    )
    found = home.query(
        "select visits.source, visits.medium, visits.campaign_name, channels.platform_channel "
        "from build.main.int_web_traffic_unioned as visits "
        "left join serve.main.dim_channels as channels using (channel)"
    )
    assert len(found) == len(visits)
    return {row[:3]: row[3] for row in found}


def test_every_channel_has_two_cases_at_least() -> None:
    names = Counter(name for *_, name in CASES)
    with (PROJECT / "seeds/channels.csv").open() as file:
        group = {row["platform_channel"] for row in csv.DictReader(file)} - {""}
    assert set(names) == group
    assert len(group) == 20
    assert min(names.values()) >= 2


def test_the_rules_give_every_case_its_channel(home: DbtHome) -> None:
    found = _named(home, [case[:3] for case in CASES])
    wrong = {case: found[case[:3]] for case in CASES if found[case[:3]] != case[3]}
    assert wrong == {}


def test_rules_and_words_name_channels_that_are_there(home: DbtHome) -> None:
    listed = home.query("select channel, channel_name, sort_number from serve.main.dim_channels")
    channels = {row[0] for row in listed}
    for path in PROJECT.glob("seeds/**/*channel_rules*.csv"):
        with path.open() as file:
            assert {row["channel"] for row in csv.DictReader(file)} <= channels, path.name
    # What only a word names stands behind those of the seed.
    assert ("radio", "radio", 1000) in listed
