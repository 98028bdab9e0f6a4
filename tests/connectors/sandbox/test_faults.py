"""Every fault: what it looks like, and that a correct client comes to the same data."""

from __future__ import annotations

import http.client
import json
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from connectors.sandbox.server import SandboxClient
from connectors.sandbox.wire.faults import FAILURES, KINDS, FaultPlan, Faults

BERLIN = "4100000037"
QUERY = (
    "SELECT segments.date, segments.hour, campaign.id, metrics.clicks, metrics.cost_micros, "
    "metrics.conversions FROM campaign WHERE segments.date BETWEEN '2026-07-19' AND '2026-11-14'"
)
SHORT = {
    "query": "SELECT segments.date, campaign.id, metrics.clicks FROM campaign "
    "WHERE segments.date = '2026-10-01'"
}
RATES = "/exchange_rates/stats/eurofxref/eurofxref-hist.zip"


def deduplicated(rows: list[dict[str, Any]]) -> dict[tuple[Any, ...], dict[str, Any]]:
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        key = (row["segments"]["date"], row["segments"]["hour"], row["campaign"]["id"])
        figures = {name: value for name, value in row["metrics"].items() if name != "sandboxMetric"}
        assert found.setdefault(key, figures) == figures, "a row that comes twice is the same row"
    return found


def test_429_without_a_delay(acme: Any, sandbox: SandboxClient) -> None:
    sandbox.set_faults(rate=1, kinds=["429"])
    status, headers, answer = acme.post(BERLIN, SHORT)
    assert status == 429
    assert "retry-after" not in {name.lower() for name in headers}
    assert answer["error"]["status"] == "RESOURCE_EXHAUSTED"
    error = answer["error"]["details"][0]["errors"][0]
    assert error["errorCode"] == {"quotaError": "RESOURCE_EXHAUSTED"}
    assert "details" not in error


def test_429_with_a_delay(acme: Any, sandbox: SandboxClient) -> None:
    sandbox.set_faults(rate=1, kinds=["429_retry_after"], retry_after=0.25)
    status, headers, answer = acme.post(BERLIN, SHORT)
    assert status == 429
    assert headers["retry-after"] == "0.25"
    error = answer["error"]["details"][0]["errors"][0]
    assert error["details"]["quotaErrorDetails"]["retryDelay"] == "0.25s"


@pytest.mark.parametrize(("kind", "code"), [("500", "INTERNAL_ERROR"), ("503", "TRANSIENT_ERROR")])
def test_server_errors(acme: Any, sandbox: SandboxClient, kind: str, code: str) -> None:
    sandbox.set_faults(rate=1, kinds=[kind])
    assert acme.refusal(BERLIN, SHORT) == (int(kind), {"internalError": code})


def test_a_reset_connection(acme: Any, sandbox: SandboxClient) -> None:
    sandbox.set_faults(rate=1, kinds=["reset"])
    with pytest.raises(ConnectionResetError):
        acme.post(BERLIN, SHORT)
    assert sandbox.requests()["by_status"]["0"] == 1


@pytest.mark.parametrize("method", ["search", "searchStream"])
def test_a_truncated_body(acme: Any, sandbox: SandboxClient, method: str) -> None:
    sandbox.set_faults(rate=1, kinds=["truncated"])
    with pytest.raises(http.client.IncompleteRead):
        acme.post(BERLIN, SHORT, method=method)


def test_an_expired_token_stays_expired_until_it_is_refreshed(
    acme: Any, sandbox: SandboxClient
) -> None:
    sandbox.set_faults(rate=1, kinds=["expired_token"])
    expired = (401, {"authenticationError": "OAUTH_TOKEN_EXPIRED"})
    assert acme.refusal(BERLIN, SHORT) == expired
    sandbox.set_faults()
    assert acme.refusal(BERLIN, SHORT) == expired
    acme.token = acme.refresh()
    assert acme.post(BERLIN, SHORT)[0] == 200


def test_a_refreshed_token_is_left_alone_for_a_while(acme: Any, sandbox: SandboxClient) -> None:
    sandbox.set_faults(rate=1, kinds=["expired_token"], token_grace=5)
    assert acme.refusal(BERLIN, SHORT)[0] == 401
    acme.token = acme.refresh()
    statuses = []
    for day in range(1, 8):
        query = SHORT["query"].replace("10-01", f"10-0{day}")
        statuses.append(acme.post(BERLIN, {"query": query})[0])
    assert statuses == [200] * 5 + [401] * 2


def test_a_duplicate_page(acme: Any, sandbox: SandboxClient) -> None:
    expected = acme.rows(BERLIN, QUERY)
    sandbox.set_faults(rate=1, kinds=["duplicate_page"])
    pages = list(acme.pages(BERLIN, QUERY))
    assert pages[0]["results"] == pages[1]["results"]
    assert len({page.get("nextPageToken") for page in pages}) == len(pages)
    rows = [row for page in pages for row in page["results"]]
    assert len(rows) == 2 * len(expected)
    assert deduplicated(rows) == deduplicated(expected)


def test_an_empty_page(acme: Any, sandbox: SandboxClient) -> None:
    expected = acme.rows(BERLIN, QUERY)
    sandbox.set_faults(rate=1, kinds=["empty_page"])
    pages = list(acme.pages(BERLIN, QUERY))
    assert "results" not in pages[0]
    assert pages[0]["nextPageToken"]
    assert [row for page in pages for row in page.get("results", [])] == expected


def test_unknown_fields(acme: Any, sandbox: SandboxClient) -> None:
    expected = acme.rows(BERLIN, QUERY)
    sandbox.set_faults(rate=1, kinds=["unknown_field"])
    rows = acme.rows(BERLIN, QUERY)
    odd = [row for row in rows if "sandboxResource" in row]
    assert 0 < len(odd) < len(rows), "some rows have them, some do not"
    assert odd[0]["metrics"]["sandboxMetric"] == "7"
    assert odd[0]["campaign"]["sandboxAttribute"] == {"depth": 1}
    assert deduplicated(rows) == deduplicated(expected)


def test_a_slow_answer_is_an_answer(acme: Any, sandbox: SandboxClient) -> None:
    sandbox.set_faults(rate=1, kinds=["slow"], slow_seconds=0.2)
    assert acme.post(BERLIN, SHORT)[0] == 200
    assert sandbox.requests()["requests"][-1]["fault"] == "slow"


def test_a_sunset_switches_every_version_off(acme: Any, sandbox: SandboxClient) -> None:
    sandbox.set_faults(sunset=True)
    assert acme.refusal(BERLIN, SHORT) == (400, {"requestError": "UNSUPPORTED_VERSION"})


@pytest.mark.parametrize("seed", [1, 2])
def test_all_faults_at_once_change_nothing(acme: Any, sandbox: SandboxClient, seed: int) -> None:
    days = [date(2026, 8, 1) + timedelta(days=7 * step) for step in range(15)]
    queries = [
        QUERY.replace("2026-07-19", str(day)).replace("2026-11-14", str(day + timedelta(days=6)))
        for day in days
    ]
    expected = deduplicated([row for query in queries for row in acme.rows(BERLIN, query)])
    sandbox.set_faults(rate=0.7, seed=seed, retry_after=0.01, slow_seconds=0.01, token_grace=1)
    sandbox.forget_requests()
    rows = [row for query in queries for row in acme.rows(BERLIN, query)]
    assert deduplicated(rows) == expected
    met = {one["fault"] for one in sandbox.requests()["requests"]} - {None}
    assert len(met) >= 9, f"of {len(KINDS)} kinds only {sorted(met)}"


def test_the_same_run_meets_the_same_faults(acme: Any, sandbox: SandboxClient) -> None:
    met = []
    for _ in range(2):
        sandbox.set_faults(rate=0.5, seed=9, kinds=["429", "500", "duplicate_page", "empty_page"])
        sandbox.forget_requests()
        acme.rows(BERLIN, QUERY)
        met.append([one["fault"] for one in sandbox.requests()["requests"]])
    assert met[0] == met[1]
    assert set(met[0]) - {None}


@pytest.mark.parametrize("kind", ["429", "429_retry_after", "500", "503"])
def test_exchange_rates_meet_faults_too(acme: Any, sandbox: SandboxClient, kind: str) -> None:
    sandbox.set_faults(rate=1, kinds=[kind])
    status, headers, _ = acme.call("GET", RATES)
    assert status == int(kind[:3])
    assert ("retry-after" in headers) == (kind == "429_retry_after")


def test_exchange_rates_break_off(acme: Any, sandbox: SandboxClient) -> None:
    sandbox.set_faults(rate=1, kinds=["truncated"])
    with pytest.raises(http.client.IncompleteRead):
        acme.call("GET", RATES)
    sandbox.set_faults(rate=1, kinds=["reset"])
    with pytest.raises(ConnectionResetError):
        acme.call("GET", RATES)


def test_a_request_is_served_after_three_failures_in_a_row() -> None:
    faults = Faults()
    faults.put(FaultPlan(rate=1.0, kinds=("500",)))
    met = [faults.meet(b"one", FAILURES) for _ in range(8)]
    assert met == ["500", "500", "500", None] * 2


def test_a_rate_is_about_what_it_says() -> None:
    faults = Faults()
    faults.put(FaultPlan(rate=0.2, seed=4))
    met = Counter(faults.meet(b"%d" % number, frozenset(KINDS)) for number in range(4000))
    assert 0.17 < 1 - met[None] / 4000 < 0.23
    assert set(met) == {*KINDS, None}


@pytest.mark.parametrize(
    "plan", [{"rate": 2}, {"kinds": ["tea"]}, {"rat": 0.1}, {"kinds": "429"}, {"rate": "x"}, []]
)
def test_a_plan_that_makes_no_sense_is_refused(
    acme: Any, sandbox: SandboxClient, plan: Any
) -> None:
    status, _, body = acme.call("PUT", "/sandbox/faults", json.dumps(plan))
    assert status == 400
    assert json.loads(body)["error"]
    assert json.loads(acme.call("GET", "/sandbox/faults")[2])["rate"] == 0
