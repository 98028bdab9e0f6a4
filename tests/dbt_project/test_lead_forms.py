"""Lead forms as leads: once a person, beside the system for sales that has the same address."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from built_home import DbtHome, differences, twin_of
from fixture_lake import Account, FixtureLake, listed_campaign
from scenarios import at, march

MODELS = ["fact_leads", "fact_webhook_deliveries", "dim_customer_records", "dim_persons"]
ADS = Account("acme", "1", "EUR", "UTC", "google_ads")
CRM = Account("acme", "7", "EUR", "UTC", "hubspot")
FORMS = Account("acme", "forms", "EUR", "Pacific/Auckland", "webhooks")
OTHERS = Account("other", "forms", "EUR", "UTC", "webhooks")


def form(lead: str, day: int, email: str | None = None, **said: Any) -> dict[str, Any]:
    row = {"record_id": f"hash {lead}", "sender": "google_lead_form", "lead_id": lead}
    row |= {"form_id": "40", "campaign_id": "77", "email": email, "is_test": False}
    return {**row, "happened_at": at(day, 18), "updated_at": at(day, 18), **said}


def contact(id_: str, day: int, email: str, **said: Any) -> dict[str, Any]:
    row = {"record_id": id_, "created_at": at(day), "lead_at": at(day), "is_archived": False}
    return {**row, "updated_at": at(day), "email": email, **said}


class Company:
    """A company with ads, a system for sales and a lead form; another one has a form only."""

    def __init__(self, path: Path) -> None:
        path.mkdir()
        self.lake, self.home = FixtureLake(path), DbtHome(path)
        for one in (ADS, CRM, FORMS, OTHERS):
            if one is not FORMS and one is not CRM:
                self.lake.organization(one.organization, "EUR")
            self.lake.connection(one)
        self.lake.pull(ADS, "campaigns", at(9), [listed_campaign("77")], kind="snapshot")

    def contacts(self, day: int, *rows: dict[str, Any]) -> None:
        self.lake.pull(CRM, "contacts", at(day, 20), rows, kind="changes")

    def forms(self, day: int, *rows: dict[str, Any], of: Account = FORMS) -> None:
        self.lake.pull(of, "lead_forms", at(day, 19), rows, kind="changes")

    def leads(self) -> list[tuple[Any, ...]]:
        columns = "organization_id, platform, lead_id, date_day, channel, campaign_id, form_lead_id"
        return self.home.query(
            f"select {columns} from fact_leads left join (select distinct campaign_key, "
            "campaign_id from dim_campaigns) as campaigns using (campaign_key) order by all"
        )


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    company = Company(tmp_path_factory.mktemp("forms") / "home")
    company.forms(
        8,
        form("f1", 4, "ann"),
        form("f2", 3, work_email="ben", phone_number="5"),
        form("f3", 6, "ben"),
        form("f4", 3, "cat", is_test=True),
        form("f5", 5, "dan"),
        form("f6", 5, phone_number="6"),
        form("f7", 7, phone_number="6"),
        form("f8", 7),
        form("f9", 5, "eve"),
    )
    company.forms(8, form("g1", 5, "ann"), of=OTHERS)
    # Ann's record says nothing of an ad, Dan's does. Eve is Ann, but was no lead, nor was Fay.
    company.contacts(
        8,
        contact("c1", 5, "ann", source="OFFLINE", merged_ids='["c3"]'),
        contact("c2", 6, "dan", utm_source="news", utm_medium="email"),
        contact("c3", 2, "eve", lead_at=None),
        contact("c4", 2, "fay", lead_at=None),
    )
    company.home.build(models=MODELS)
    return company


PAID = ("paid_search", "77")
FIRST = [
    ("acme", "hubspot", "c1", march(5), *PAID, "f1"),
    ("acme", "hubspot", "c2", march(6), "email", None, "f5"),
    # In Auckland it is the next day.
    ("acme", "webhooks", "f2", march(4), *PAID, "f2"),
    ("acme", "webhooks", "f6", march(6), *PAID, "f6"),
    ("acme", "webhooks", "f8", march(8), *PAID, "f8"),
    ("other", "webhooks", "g1", march(5), "paid_google", None, "g1"),
]


def test_who_sent_a_form_is_one_lead(company: Company) -> None:
    assert company.leads() == FIRST


def test_forms_are_records_of_people(company: Company) -> None:
    records = company.home.query(
        "select record_type, count(*) from dim_customer_records "
        "where organization_id = 'acme' group by 1 order by 1"
    )
    # A form with neither an address nor a number has no person, but it is a record.
    assert records == [("contact", 4), ("lead_form", 8)]
    together = company.home.query(
        "select string_agg(record_type, ' ' order by record_type) from dim_customer_records "
        "where organization_id = 'acme' group by person_key having count(*) > 1 order by 1"
    )
    assert together == [
        ("contact contact lead_form lead_form",),
        ("contact lead_form",),
        ("lead_form lead_form",),
        ("lead_form lead_form",),
    ]
    (touch,) = company.home.query(
        "select first_touch_channel, platforms from dim_persons "
        "where first_seen_as = 'lead_form' and records = 2 and first_seen_at < '2026-03-04'"
    )
    assert touch == ("paid_search", "webhooks")


def test_who_comes_into_the_system_for_sales_later_is_its_lead(
    company: Company, tmp_path: Path
) -> None:
    company.contacts(9, contact("c5", 9, "ben"), contact("c4", 9, "fay", lead_at=at(9)))
    company.forms(9, form("f10", 1, "fay"))
    company.home.build(models=MODELS)
    assert company.leads() == [
        *FIRST[:2],
        ("acme", "hubspot", "c4", march(9), *PAID, "f10"),
        ("acme", "hubspot", "c5", march(9), *PAID, "f2"),
        *FIRST[3:],
    ]
    twin = twin_of(company.home, tmp_path / "twin")
    twin.build(models=MODELS)
    assert differences(company.home, twin) == {}
