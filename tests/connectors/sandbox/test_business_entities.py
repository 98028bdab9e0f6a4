"""What accounts hold, its histories, and sizes that are refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from connectors.sandbox.business import Business, Parameters
from connectors.sandbox.business.calendar import midnight
from connectors.sandbox.business.entities import History
from connectors.sandbox.platforms.google_ads.managers import Manager, agency
from connectors.sandbox.platforms.tiktok_ads.network import NETWORK
from connectors.sandbox.service import simulated

END = datetime(2026, 11, 15, 6, tzinfo=UTC)
START = datetime(2026, 7, 20, tzinfo=UTC)


def test_campaigns_are_renamed_paused_removed_started_late_and_ended(business: Business) -> None:
    campaigns = business.portfolio(business.people.accounts_on("google_ads")[0]).campaigns
    assert campaigns[0].name.at(START) != campaigns[0].name.at(END)
    assert {status for _, status in campaigns[1].status.changes} == {"ENABLED", "PAUSED"}
    assert campaigns[2].status.at(END) == "REMOVED"
    assert campaigns[3].start > date(2026, 8, 1)
    assert campaigns[3].name.created > START
    assert campaigns[4].end is not None
    assert campaigns[6].status.at(END) == "PAUSED"


def test_what_does_not_run_has_no_figures(business: Business) -> None:
    account = business.people.accounts_on("google_ads")[0]
    portfolio = business.portfolio(account)
    paused_from = portfolio.campaigns[1].status.changes[1][0]
    for day in (paused_from.date() + timedelta(days=2), date(2026, 7, 25), date(2026, 11, 14)):
        shown = business.shown(account, day, datetime(2027, 1, 1, tzinfo=UTC))
        assert shown is not None
        by_campaign = {
            number: int(shown[0][portfolio.campaign_of == number].sum()) for number in range(7)
        }
        if day == date(2026, 7, 25):
            assert by_campaign[3] == 0, "has not started"
            assert by_campaign[2] > 0
        elif day == date(2026, 11, 14):
            assert [by_campaign[number] for number in (2, 4, 6)] == [0, 0, 0]
            assert by_campaign[1] > 0, "was resumed"
        else:
            assert by_campaign[1] == 0, "is paused"


def test_performance_max_has_neither_ad_groups_nor_ads(business: Business) -> None:
    for account in business.people.accounts_on("google_ads"):
        held = business.portfolio(account).campaigns
        assert [one.ad_groups for one in held if one.channel == "PERFORMANCE_MAX"] == [()]
        assert all(one.ad_groups for one in held if one.channel != "PERFORMANCE_MAX")


@pytest.mark.parametrize("campaigns", [2, 3, 5, 7, 20])
def test_every_account_of_two_campaigns_has_performance_max(campaigns: int) -> None:
    business = simulated(Parameters(campaigns=campaigns, organizations=1, accounts=1))
    held = business.portfolio(business.people.accounts_on("google_ads")[0]).campaigns
    assert any(one.channel == "PERFORMANCE_MAX" for one in held)
    assert any(one.ad_groups for one in held)


def test_ids_are_unique_but_for_ads_of_two_ad_groups(business: Business) -> None:
    campaigns, groups, ads, pairs = [], [], [], []
    for account in business.people.accounts_on("google_ads"):
        for campaign in business.portfolio(account).campaigns:
            campaigns.append(campaign.id)
            for group in campaign.ad_groups:
                groups.append(group.id)
                ads.extend(ad.id for ad in group.ads)
                pairs.extend((group.id, ad.id) for ad in group.ads)
    assert len(set(campaigns)) == len(campaigns)
    assert len(set(groups)) == len(groups)
    assert len(set(pairs)) == len(pairs)
    assert len(set(ads)) < len(ads), "an ad id is unique inside its ad group only"


def test_the_agency_stands_above_the_first_organization(business: Business) -> None:
    walked = agency(business.people).walk()
    assert [level for level, _ in walked] == [0, 1, 1, 2]
    accounts = {one.id for _, one in walked if not isinstance(one, Manager)}
    assert accounts == {one.id for one in business.people.accounts_of("acme_outdoor", "google_ads")}


def test_a_history_knows_what_was_when() -> None:
    later = START + timedelta(days=10)
    history = History.of(START, "a", (later + timedelta(days=1), "c"), (later, "b"))
    clocks = [START - timedelta(days=1), START, later, later + timedelta(hours=25)]
    assert [history.at(clock) for clock in clocks] == ["a", "a", "b", "c"]


def test_sizes_are_free(business: Business) -> None:
    size = Parameters(organizations=5, accounts=3, campaigns=4, ad_groups=3, ads=4, days=10)
    large = simulated(size)
    assert len(large.people.accounts_on("google_ads")) == 15
    assert len({one.id for one in large.people.accounts_on("google_ads")}) == 15
    assert len(large.portfolio(large.people.accounts_on("google_ads")[14]).units) == 3 * 3 * 4 + 1
    assert len(business.people.accounts_on("google_ads")) == 5


@pytest.mark.parametrize("days", [1, 2, 10, 45, 60, 61])
def test_short_businesses_keep_their_script(days: int) -> None:
    business = simulated(Parameters(days=days))
    for event in business.events:
        assert business.parameters.first_day <= event.first <= business.parameters.end


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"campaigns": 0}, "campaigns must be between"),
        ({"days": 5000}, "days must be between"),
        ({"seed": -1}, "seed"),
        ({"campaigns": 2000, "ad_groups": 100, "ads": 100}, "ads at most"),
    ],
)
def test_sizes_out_of_bounds_are_refused(wrong: dict[str, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Parameters(**wrong)  # type: ignore[arg-type]


def test_accounts_of_two_networks_may_have_one_id() -> None:
    other = replace(
        NETWORK, platform="other", accounts=replace(NETWORK.accounts, first_serial=None)
    )
    business = Business(Parameters(days=30), [NETWORK, other])
    ours, theirs = (business.people.accounts_on(one)[0] for one in ("tiktok_ads", "other"))
    assert ours.id == theirs.id
    day = business.parameters.end
    clock = midnight(ours.time_zone, day) + timedelta(days=2)
    shown = [business.shown(one, day, clock) for one in (ours, theirs)]
    assert [business.portfolio(one).account for one in (ours, theirs)] == [ours, theirs]
    assert shown[0] is not None
    assert shown[1] is not None
    assert (shown[0] != shown[1]).any()


def test_account_ids_are_made_up_for_all_to_see() -> None:
    people = simulated(Parameters(organizations=20, accounts=3)).people
    google = [int(one.id) for one in people.accounts_on("google_ads")]
    meta = [int(one.id) for one in people.accounts_on("meta_ads")]
    # Steps from a first id that no platform deals out: long runs of zeros.
    assert all((id_ - 4_100_000_037) % 1_000_003 == 0 for id_ in google)
    assert all((id_ - 990_000_000_000_037) % 7_000_019 == 0 for id_ in meta)
    assert all(one.id.startswith("990000") for one in people.accounts_on("meta_ads"))
    # An account that other projects test with.
    assert 212_551_616_838_260 not in meta
