"""Meta's tokens, versions, usage headers and batches."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest
import yaml

from connectors.sandbox.platforms.meta_ads.access import APP_SECRET
from connectors.sandbox.platforms.meta_ads.errors import GraphError
from connectors.sandbox.platforms.meta_ads.usage import Usage
from connectors.sandbox.server import SandboxClient
from tests.connectors.sandbox.meta_client import ACME, AGENCY, CHAI, KIWI, MetaClient, days

WEEK = days("2026-11-02", "2026-11-08")


def test_connections_can_be_applied_and_used(sandbox: SandboxClient) -> None:
    document = yaml.safe_load(sandbox.connections_yaml())
    credentials = {one["id"]: one for one in document["credentials"]}
    mine = [one for one in document["connections"] if one["platform"] == "meta_ads"]
    assert [one["account"] for one in mine] == [ACME, KIWI, CHAI]
    for one in mine:
        credential = credentials[one["credential"]]
        assert credential["organization"] == one["organization"]
        client = MetaClient(sandbox.url, credential["secrets"]["access_token"])
        assert [row["id"] for row in client.rows("me/adaccounts")] == [f"act_{one['account']}"]


def test_the_agency_reaches_several(sandbox: SandboxClient) -> None:
    agency = MetaClient(sandbox.url, AGENCY)
    reached = [
        one["account_id"] for one in agency.rows("me/adaccounts", fields="account_id", limit=1)
    ]
    assert reached == [ACME, KIWI]
    assert agency.rows(f"act_{KIWI}/insights", time_range=WEEK)
    assert agency.refusal(f"act_{CHAI}/insights") == (403, 200, None)
    sandbox.set_faults(revoked_accounts=[KIWI])
    assert agency.refusal(f"act_{KIWI}/insights")[:2] == (403, 200)
    assert [one["id"] for one in agency.rows("me/adaccounts")] == [f"act_{ACME}"]


def test_a_token_comes_as_a_parameter_or_in_a_header(meta: MetaClient) -> None:
    path = f"/meta_ads/v26.0/act_{ACME}/campaigns?limit=1"
    status, _, body = meta.send("GET", path, Authorization=f"Bearer {meta.token}")
    assert status == 200
    assert f"access_token={meta.token}" in body["paging"]["next"], "the link holds it either way"
    assert meta.send("GET", path)[2]["error"]["code"] == 2500


def test_an_unknown_token(sandbox: SandboxClient) -> None:
    client = MetaClient(sandbox.url, "EAAsomething")
    assert client.refusal("me") == (400, 190, None)
    assert client.get("me")[2]["error"]["type"] == "OAuthException"


def test_appsecret_proof_is_checked_when_given(meta: MetaClient) -> None:
    proof = hmac.new(APP_SECRET.encode(), meta.token.encode(), hashlib.sha256).hexdigest()
    assert meta.get("me", appsecret_proof=proof)[0] == 200
    assert meta.refusal("me", appsecret_proof="0" * 64)[:2] == (400, 100)


@pytest.mark.parametrize(
    ("version", "code"),
    [("v23.0", 0), ("v26.0", 0), ("v22.0", 2635), ("v3.1", 2635), ("v27.0", 2500)],
)
def test_versions(meta: MetaClient, version: str, code: int) -> None:
    status, _, body = meta.get(f"{version}/me/")
    assert (status, body.get("error", {}).get("code", 0)) == (400 if code else 200, code)


def test_all_versions_can_be_switched_off(sandbox: SandboxClient, meta: MetaClient) -> None:
    sandbox.set_faults(sunset=True)
    assert meta.refusal("v26.0/me")[1] == 2635


def test_usage_rises_with_calls(meta: MetaClient) -> None:
    def used(path: str) -> tuple[dict[str, str], float]:
        _, headers, _ = meta.get(path)
        return headers, json.loads(headers["x-ad-account-usage"])["acc_id_util_pct"]

    headers, before = used(f"act_{ACME}/insights")
    for _ in range(30):
        meta.get(f"act_{ACME}/campaigns")
    _, after = used(f"act_{ACME}/insights")
    assert before < after < 75
    throttle = json.loads(headers["x-fb-ads-insights-throttle"])
    assert set(throttle) == {"app_id_util_pct", "acc_id_util_pct", "ads_api_access_tier"}
    [usage] = json.loads(headers["x-business-use-case-usage"])[ACME]
    assert usage["type"] == "ads_insights"
    assert {"call_count", "total_cputime", "estimated_time_to_regain_access"} <= set(usage)
    headers, _ = used(f"act_{ACME}/campaigns")
    assert "x-fb-ads-insights-throttle" not in headers
    assert "call_count" in json.loads(headers["x-app-usage"])


def test_who_calls_without_end_is_throttled_and_regains_access() -> None:
    now = [0.0]
    usage = Usage(lambda: now[0])
    for _ in range(60_000):
        usage.count(ACME, insights=True)
    with pytest.raises(GraphError) as refusal:
        usage.count(ACME, insights=True)
    assert (refusal.value.status, refusal.value.code) == (400, 80000)
    told = json.loads(refusal.value.headers["X-Business-Use-Case-Usage"])[ACME][0]
    assert told["call_count"] == 101, "percent, rounded up"
    now[0] = 1800.0
    usage.count(ACME, insights=True)
    assert (
        49
        < json.loads(usage.headers(ACME, insights=True)["X-Ad-Account-Usage"])["acc_id_util_pct"]
        < 51
    )


def test_a_batch_answers_each_call(meta: MetaClient) -> None:
    def answers(parts: list[dict[str, Any]], **more: str) -> list[Any]:
        status, _, body = meta.post("v26.0/", batch=parts, **more)
        assert status == 200
        return list(body)

    body = "level=campaign&date_preset=last_7d"
    got = answers(
        [
            {"method": "GET", "relative_url": f"act_{ACME}/campaigns?limit=2&fields=name"},
            {"method": "POST", "relative_url": f"v25.0/act_{ACME}/insights", "body": body},
            {"method": "GET", "relative_url": f"act_{CHAI}/campaigns"},
            {"method": "GET", "relative_url": "me", "body": ""},
        ]
    )
    assert [one["code"] for one in got] == [200, 200, 403, 200]
    assert len(json.loads(got[0]["body"])["data"]) == 2
    run = json.loads(got[1]["body"])["report_run_id"]
    assert json.loads(got[2]["body"])["error"]["code"] == 200
    polls = answers([{"method": "GET", "relative_url": run}] * 3, include_headers="false")
    assert [json.loads(one["body"])["async_status"] for one in polls][-1] == "Job Completed"
    assert "headers" not in polls[0]
    too_many = [{"method": "GET", "relative_url": "me"}] * 51
    assert meta.post("v26.0/", batch=too_many)[2]["error"]["code"] == 100
    assert meta.post("v26.0/", batch="[1]")[2]["error"]["code"] == 100
