"""The sales of the business: who comes from which ad, deals that close weeks later, and merges."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

import pytest

from connectors.sandbox.business import Business, Parameters
from connectors.sandbox.business.crm import CrmBook
from connectors.sandbox.business.crm_entities import AD_VISIT, FORM_AD, SHOP, WON, CrmSystem
from connectors.sandbox.business.shop_entities import NEVER
from connectors.sandbox.service import services
from connectors.sandbox.truth.crm import levels_of
from connectors.sandbox.truth.question import Question, Row

SYSTEM = CrmSystem(
    platform="sales",
    organizations=("chai_house",),
    account_id=lambda one: f"sales-{one.number}",
    ids=lambda kind, number: f"{kind}-{number}",
    gives_new_ids=True,
)
END = datetime(2026, 11, 15, 6, tzinfo=UTC)
NOW = int(END.timestamp())
DAY = 86_400


def made(parameters: Parameters | None = None) -> Business:
    networks = [one.network for one in services() if one.network is not None]
    return Business(parameters or Parameters(), networks, [], [SYSTEM])


@pytest.fixture(scope="module")
def with_sales() -> Business:
    return made()


@pytest.fixture(scope="module")
def sales(with_sales: Business) -> CrmBook:
    (book,) = with_sales.sales(SYSTEM)
    return book


def truth(business: Business, level: str, clock: datetime = END) -> list[Row]:
    return list(levels_of(SYSTEM)[level](business, Question(level, clock)))


def test_it_is_the_same_each_time(sales: CrmBook) -> None:
    (again,) = made().sales(SYSTEM)
    assert again.people == sales.people
    assert again.deals == sales.deals
    assert [one.created for one in sales.people] == sorted(one.created for one in sales.people)


def test_leads_of_ads_come_from_campaigns_that_run_that_day(
    with_sales: Business, sales: CrmBook
) -> None:
    found: Counter[tuple[str, str]] = Counter()
    for one in sales.people:
        account, campaign = one.origin.account, one.origin.campaign
        assert (account is not None) == (one.origin.kind in (FORM_AD, AD_VISIT))
        if account is None or campaign is None:
            continue
        portfolio = with_sales.portfolio(account)
        has_form = campaign.channel in portfolio.network.forms
        assert has_form == (one.origin.kind == FORM_AD)
        day = datetime.fromtimestamp(one.created, UTC).astimezone(ZoneInfo(account.time_zone))
        clicks = portfolio.expected_clicks(with_sales.parameters.seed, day.date())
        units = [unit.campaign is campaign for unit in portfolio.units]
        assert clicks[units].sum() > 0
        found[account.platform, one.origin.kind] += 1
    forms = {platform: count for (platform, kind), count in found.items() if kind == FORM_AD}
    assert forms.keys() == {"google_ads", "linkedin_ads", "meta_ads"}
    assert min(forms.values()) > 20
    assert sum(found.values()) < 700


def test_deals_close_weeks_later_and_some_move_back(with_sales: Business, sales: CrmBook) -> None:
    made_by_now = [one for one in sales.deals if one.created <= NOW]
    lasted = [one.closed(NOW) - one.created for one in made_by_now if one.closed(NOW) < NEVER]
    assert 14 * DAY < median(lasted) < 49 * DAY
    stays = truth(with_sales, "crm_deal_stay")
    assert 5 < sum(one["is_back"] for one in stays) < 60
    deals = {one["deal_id"]: one for one in truth(with_sales, "crm_deal")}
    outcomes = Counter(one["outcome"] for one in deals.values())
    assert min(outcomes.values()) > 15
    assert outcomes["won"] > outcomes["lost"] / 2
    for before, one in zip([None, *stays], stays, strict=False):
        if before is not None and before["deal_id"] == one["deal_id"]:
            assert before["left_at"] == one["entered_at"]
            assert one["stay_number"] == before["stay_number"] + 1
        elif before is not None:
            # The last stay goes on, and is where the deal stands.
            assert before["left_at"] is None
            assert before["stage_id"] == deals[before["deal_id"]]["stage_id"]
    assert {one["currency"] for one in deals.values()} == {"INR", "GBP"}
    assert len({one["pipeline_id"] for one in deals.values()}) == 2


def test_a_deal_is_known_as_of_each_date(with_sales: Business) -> None:
    """What was known on a day is what the versions have that were valid then."""
    versions = truth(with_sales, "crm_deal_version")
    then = END - timedelta(days=20)
    known = {one["deal_id"]: one for one in truth(with_sales, "crm_deal", then)}
    text = then.isoformat().replace("+00:00", "Z")
    last = {one["deal_id"]: one for one in versions if one["valid_from"] <= text}
    assert last.keys() == known.keys()
    for id_, one in known.items():
        for name in ("stage_id", "amount", "planned_close"):
            assert last[id_][name] == one[name]
    assert len(versions) > 3 * len(known)


def test_who_is_merged_is_no_lead_of_its_own(with_sales: Business, sales: CrmBook) -> None:
    merged = [one for one in sales.people if one.merged <= NOW]
    chains = [one for one in merged if sales.people[one.into].merged <= NOW]
    renumbered = [one for one in sales.people if len(sales.ids(one, NOW)) > 1]
    assert min(len(merged), len(chains), len(renumbered)) >= 3
    leads = {one["lead_id"] for one in truth(with_sales, "crm_lead")}
    assert len(leads) > 200
    for one in merged:
        assert SYSTEM.ids("person", one.number) not in leads
        survivor = sales.survivor(one, NOW)
        assert sales.id_of(survivor, NOW) in leads
        assert one in sales.merged_into(survivor, NOW)
    for one in renumbered:
        assert sales.id_of(one, one.created) == SYSTEM.ids("person", one.number)
        assert SYSTEM.ids("person", one.number) not in leads
    buyers = {one["lead_id"] for one in truth(with_sales, "crm_deal")} - {None}
    assert buyers <= leads
    just_before = datetime.fromtimestamp(merged[0].merged - 1, UTC)
    before = {one["lead_id"] for one in truth(with_sales, "crm_lead", just_before)}
    assert sales.id_of(merged[0], merged[0].merged - 1) in before


def test_a_lead_converts_with_its_first_deal(with_sales: Business, sales: CrmBook) -> None:
    leads = truth(with_sales, "crm_lead")
    converted = [one for one in leads if one["converted_at"]]
    assert len(leads) / 4 < len(converted) < len(leads) * 3 / 4
    assert all(one["created_at"] < one["converted_at"] for one in converted)
    assert any(one["customer_at"] for one in converted)
    assert not any(one["customer_at"] for one in leads if not one["converted_at"])
    shop = [one for one in sales.people if one.origin.kind == SHOP]
    assert len(shop) > 10
    assert all(sales.bought(one, NOW) == one.created for one in shop)
    assert all(sales.converted(one, NOW) == NEVER for one in shop)


def test_the_bin_and_the_way_back(sales: CrmBook) -> None:
    in_bin = [one for one in sales.people if one.in_bin(NOW)]
    back = [one for one in sales.people if one.restored <= NOW]
    assert min(len(in_bin), len(back)) > 2
    for one in back:
        assert one.in_bin(one.restored - 1)
        assert sales.updated(one, NOW) >= one.restored
    archived = [one for one in sales.deals if one.archived <= NOW]
    assert archived
    assert all(one.updated(NOW) >= one.archived for one in archived)
    assert any(one.stage(one.archived).outcome == WON for one in archived)


def test_an_import_changes_its_people_in_one_second() -> None:
    business = made(Parameters(days=8, imported_people=25_000))
    (book,) = business.sales(SYSTEM)
    changed = Counter(book.updated(one, NOW) for one in book.people[-25_000:])
    assert list(changed.values()) == [25_000]
    (plain,) = made(Parameters(days=8)).sales(SYSTEM)
    assert book.people[:-25_000] == plain.people
    assert book.deals == plain.deals
    assert date.fromtimestamp(next(iter(changed))) < END.date()
