"""LinkedIn's own ways: versions in a header, Rest.li, money as texts, answers that are cut."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from connectors.sandbox.business import Business
from connectors.sandbox.business.calendar import midnight
from connectors.sandbox.platforms.linkedin_ads import analytics
from connectors.sandbox.platforms.linkedin_ads.restli import parameters
from connectors.sandbox.server import SandboxClient

ACCOUNT = "500000075"
FORM = (
    "grant_type=refresh_token&refresh_token=AQXsandbox-chai_house&client_id=86sandbox00000"
    "&client_secret=sandbox-linkedin-secret"
)
REPORT = (
    "/rest/adAnalytics?q=analytics&dateRange=(start:(year:2026,month:9,day:1),"
    "end:(year:2026,month:11,day:14))&accounts=List(urn%3Ali%3AsponsoredAccount%3A{})"
    "&pivot=(value:{})&timeGranularity=(value:{})&fields={}"
)
FIELDS = "dateRange,pivotValues,impressions,clicks,costInLocalCurrency,externalWebsiteConversions"
GROUPS = f"/rest/adAccounts/{ACCOUNT}/adCampaignGroups?q=search"
ALL = "&search=(status:(values:List(ACTIVE,PAUSED,ARCHIVED,REMOVED)))"
Ask = Callable[..., tuple[int, Any]]


@pytest.fixture
def ask(acme: Any) -> Ask:
    token = json.loads(acme.call("POST", "/linkedin_ads/oauth/v2/accessToken", FORM)[2])
    sent: dict[str, str | None] = {
        "LinkedIn_Version": "202610",
        "X_Restli_Protocol_Version": "2.0.0",
        "X_RestLi_Method": "FINDER",
    }

    def call(address: str, **changed: str | None) -> tuple[int, Any]:
        given = {n.replace("_", "-"): one for n, one in {**sent, **changed}.items() if one}
        given["Authorization"] = f"Bearer {token['access_token']}"
        status, _, body = acme.call("GET", f"/linkedin_ads{address}", headers=given)
        return status, json.loads(body)

    return call


def test_a_version_must_be_named_and_alive(ask: Ask, sandbox: SandboxClient) -> None:
    for version in ("202510", "202512", "202701"):
        status, body = ask(GROUPS, LinkedIn_Version=version)
        assert (status, body["code"]) == (426, "NONEXISTENT_VERSION")
    status, body = ask(GROUPS, LinkedIn_Version=None)
    assert (status, body["code"]) == (400, "VERSION_MISSING")
    assert ask(GROUPS, LinkedIn_Version="202511")[0] == 200, "it ends tomorrow"
    sandbox.set_clock("2026-11-16T00:00:00Z")
    assert ask(GROUPS, LinkedIn_Version="202511")[0] == 426


def test_values_are_decoded_after_splitting() -> None:
    read = parameters("a=List(x%2Cy,(k:v%3A1,l:List()))&b=List()&c=(a:(b:1))&d=a%20b+c")
    assert read["a"] == ["x,y", {"k": "v:1", "l": []}]
    assert (read["b"], read["c"], read["d"]) == ([], {"a": {"b": "1"}}, "a b c")
    for wrong in ("List(a", "(a:1", "List(urn:li:x:1)", "(a)", "List(a))"):
        assert parameters(f"a={wrong}") == {"a": None}, wrong


def test_what_is_encoded_too_early_or_too_much_is_refused(ask: Ask) -> None:
    encoded = ALL.replace("(", "%28").replace(")", "%29")
    status, body = ask(GROUPS + encoded)
    [wrong] = body["errorDetails"]["inputErrors"]
    assert (status, wrong["code"]) == (400, "PARAM_INVALID")
    assert wrong["input"]["inputPath"]["fieldPath"] == "search"
    assert ask(GROUPS + ALL, X_Restli_Protocol_Version=None)[0] == 400
    many = REPORT.format(ACCOUNT, "CREATIVE", "DAILY", ",".join(["clicks"] * 21))
    assert ask(many)[1]["errorDetails"]["inputErrors"][0]["code"] == "FIELD_VALUE_TOO_HIGH"
    assert ask(f"{GROUPS}&x={'a' * 5000}")[0] == 414


def test_lists_hide_what_is_removed_and_go_on_by_tokens(ask: Ask) -> None:
    shown, found = ask(GROUPS)[1]["elements"], list[dict[str, Any]]()
    token = ""
    for _ in range(4):
        body = ask(f"{GROUPS}{ALL}&pageSize=2{token and f'&pageToken={token}'}")[1]
        found += body["elements"]
        token = body["metadata"].get("nextPageToken", "")
    assert not token
    assert [one for one in found if one["status"] != "REMOVED"] == shown
    assert len(found) == len(shown) + 1 == 7
    creatives = f"/rest/adAccounts/{ACCOUNT}/creatives?q=criteria&pageSize=100"
    assert ask(creatives)[1]["elements"][0]["id"].startswith("urn:li:sponsoredCreative:")
    assert ask(creatives, X_RestLi_Method=None)[0] == 400
    assert [one["test"] for one in ask("/rest/adAccounts?q=search")[1]["elements"]] == [False, True]


def test_money_is_a_text_of_any_form(ask: Ask, sandbox: SandboxClient) -> None:
    rows = ask(REPORT.format(ACCOUNT, "CAMPAIGN_GROUP", "DAILY", FIELDS))[1]["elements"]
    costs = [row["costInLocalCurrency"] for row in rows]
    assert any(one.endswith("E-2") for one in costs)
    assert any(len(one.partition(".")[2]) == 18 for one in costs)
    span = {"from": "2026-09-01", "to": "2026-11-14"}
    truth = sandbox.truth("campaign_day", account=ACCOUNT, **span)
    assert sorted(round(Decimal(one), 2) for one in costs) == sorted(
        Decimal(one["cost"]) for one in truth
    )


def test_members_are_shown_roughly_and_never_add_up(ask: Ask) -> None:
    [whole] = ask(REPORT.format(ACCOUNT, "ACCOUNT", "ALL", FIELDS))[1]["elements"]
    for pivot in ("MEMBER_SENIORITY", "MEMBER_COMPANY_SIZE"):
        for grain in ("ALL", "DAILY"):
            rows = ask(REPORT.format(ACCOUNT, pivot, grain, FIELDS))[1]["elements"]
            counts = [row[name] for row in rows for name in ("impressions", "clicks")]
            assert all(one % 3 == 0 for one in counts)
            assert 0 < sum(row["clicks"] for row in rows) < whole["clicks"]
    ends = [row["dateRange"]["end"] for row in rows]
    november = {end["day"] for end in ends if end["month"] == 11}
    assert november == set(range(1, 14)), "those of the 14th come later"


def test_of_an_account_out_of_reach_there_is_nothing(ask: Ask, sandbox: SandboxClient) -> None:
    sandbox.set_faults(revoked_accounts=[ACCOUNT])
    assert ask(REPORT.format(ACCOUNT, "CAMPAIGN", "ALL", FIELDS)) == (
        200, {"paging": {"start": 0, "count": 10, "links": []}, "elements": []},
    )  # fmt: skip
    assert ask(GROUPS)[1]["code"] == "ACCESS_DENIED"


def test_throttling_has_two_kinds(ask: Ask, sandbox: SandboxClient) -> None:
    said = []
    for seed in (1, 2):
        sandbox.set_faults(rate=1, kinds=["429"], seed=seed)
        status, body = ask(GROUPS)
        assert (status, body["status"]) == (429, 429)
        said.append(body["message"])
    assert "45 million metric values" in said[0]
    assert "APPLICATION DAY limit" in said[1]


def test_an_answer_is_cut_without_a_word(
    business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = business.people.account(ACCOUNT, "linkedin_ads")
    assert account is not None
    first, last = business.parameters.first_day, business.parameters.end
    question = analytics.Asked(["CREATIVE"], True, first, last, [ACCOUNT], ["clicks"])
    clock = midnight("UTC", last)
    assert len(analytics.elements(business, [account], question, clock)) > 1_000
    monkeypatch.setattr(analytics, "MOST_ELEMENTS", 1_000)
    assert len(analytics.elements(business, [account], question, clock)) == 1_000
