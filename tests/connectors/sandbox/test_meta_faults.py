"""Every fault on Meta: what it looks like, and that a correct client comes to the same data."""

from __future__ import annotations

import http.client
import json
from collections import Counter
from typing import Any

import pytest

from connectors.sandbox.server import SandboxClient
from connectors.sandbox.wire.faults import JOB_KINDS, KINDS
from tests.connectors.sandbox.meta_client import ACME, THROTTLED, MetaClient, days

PATH = f"act_{ACME}/insights"
ASKED = {
    "level": "ad",
    "fields": "ad_id,impressions,spend,actions",
    "time_increment": 1,
    "time_range": days("2026-10-20", "2026-11-10"),
}


def test_429_is_http_400_with_a_throttling_code(sandbox: SandboxClient, meta: MetaClient) -> None:
    codes = set()
    for seed in (1, 2):
        sandbox.set_faults(rate=1, kinds=["429"], seed=seed)
        status, headers, answer = meta.get(PATH, **ASKED)
        assert status == 400
        assert "retry-after" not in headers
        [entry] = sandbox.requests()["requests"]
        assert (entry["account"], entry["fault"]) == (ACME, "429")
        sandbox.forget_requests()
        codes.add((answer["error"]["code"], answer["error"].get("error_subcode")))
    assert codes == {(17, 2446079), (4, 1504022)}


def test_429_with_a_delay_tells_it_in_the_usage_header(
    sandbox: SandboxClient, meta: MetaClient
) -> None:
    sandbox.set_faults(rate=1, kinds=["429_retry_after"], retry_after=90)
    for path, code in ((PATH, 80000), (f"act_{ACME}/campaigns", 80004)):
        status, headers, answer = meta.get(path)
        assert (status, answer["error"]["code"]) == (400, code)
        assert answer["error"]["code"] in THROTTLED
        [usage] = json.loads(headers["x-business-use-case-usage"])[ACME]
        assert usage["estimated_time_to_regain_access"] == 2, "minutes"
        assert json.loads(headers["x-ad-account-usage"])["reset_time_duration"] == 90, "seconds"
    sandbox.set_faults(rate=1, kinds=["429_retry_after"], retry_after=0.05)
    _, headers, _ = meta.get(PATH)
    [usage] = json.loads(headers["x-business-use-case-usage"])[ACME]
    assert usage["estimated_time_to_regain_access"] == 0
    assert json.loads(headers["x-ad-account-usage"])["reset_time_duration"] == 0


def test_a_job_comes_to_its_end_however_slow_the_answers_are(
    sandbox: SandboxClient, meta: MetaClient
) -> None:
    sandbox.set_faults(rate=1, kinds=["slow"], slow_seconds=0.001)
    run = meta.post(PATH, **ASKED)[2]["report_run_id"]
    states = [meta.get(run)[2]["async_status"] for _ in range(2)]
    assert states == ["Job Running", "Job Completed"]


@pytest.mark.parametrize(("kind", "code"), [("500", 1), ("503", 2)])
def test_server_errors(sandbox: SandboxClient, meta: MetaClient, kind: str, code: int) -> None:
    sandbox.set_faults(rate=1, kinds=[kind])
    assert meta.refusal(PATH, **ASKED)[:2] == (int(kind), code)


@pytest.mark.parametrize("kind", ["reset", "truncated"])
def test_answers_that_break_off(sandbox: SandboxClient, meta: MetaClient, kind: str) -> None:
    sandbox.set_faults(rate=1, kinds=[kind])
    with pytest.raises((OSError, http.client.HTTPException)):
        meta.get(PATH, **ASKED)
    parts = [{"method": "GET", "relative_url": "me"}]
    assert meta.post("v26.0/", batch=parts)[2] == [None], "in a batch such a part is null"


def test_an_ended_token_stays_dead_and_only_comes_when_asked_for_alone(
    sandbox: SandboxClient, meta: MetaClient
) -> None:
    sandbox.set_faults(rate=1, kinds=["expired_token"])
    assert meta.refusal(PATH, **ASKED) == (400, 190, 463)
    assert meta.refusal("me") == (400, 190, 463)
    sandbox.set_faults(rate=1, kinds=["expired_token", "slow"])
    assert meta.get(PATH, **ASKED)[0] == 200, "nobody could refresh it"


@pytest.mark.parametrize("kind", ["duplicate_page", "empty_page"])
def test_pages_shown_twice_or_empty(sandbox: SandboxClient, meta: MetaClient, kind: str) -> None:
    right = meta.rows(PATH, limit=50, **ASKED)
    sandbox.set_faults(rate=1, kinds=[kind])
    pages = list(meta.pages(PATH, limit=50, **ASKED))
    assert len(pages) == 2 * (-(-len(right) // 50))
    if kind == "empty_page":
        assert pages[::2] == [[]] * (len(pages) // 2)
        assert [row for page in pages for row in page] == right
    else:
        assert pages[::2] == pages[1::2]
        assert [row for page in pages[1::2] for row in page] == right


def test_unknown_fields(sandbox: SandboxClient, meta: MetaClient) -> None:
    right = meta.rows(PATH, limit=50, **ASKED)
    sandbox.set_faults(rate=1, kinds=["unknown_field"])
    rows = meta.rows(PATH, limit=50, **ASKED)
    assert 0 < sum("sandbox_metric" in row for row in rows) < len(rows)
    for row in rows:
        row.pop("sandbox_metric", None)
        row.pop("sandbox_detail", None)
    assert rows == right


@pytest.mark.parametrize(
    ("kind", "status", "percent"),
    [
        ("job_failed", "Job Failed", 17),
        ("job_skipped", "Job Skipped", 0),
        ("job_stuck", "Job Not Started", 0),
    ],
)
def test_jobs_that_come_to_nothing(
    sandbox: SandboxClient, meta: MetaClient, kind: str, status: str, percent: int
) -> None:
    sandbox.set_faults(rate=1, kinds=[kind])
    run = meta.post(PATH, **ASKED)[2]["report_run_id"]
    seen = [meta.get(run)[2] for _ in range(12)]
    assert (seen[-1]["async_status"], seen[-1]["async_percent_completion"]) == (status, percent)
    assert seen[-1]["is_running"] == (kind == "job_stuck")
    assert ("error_code" in seen[-1]) == (kind == "job_failed")
    assert meta.refusal(f"{run}/insights")[1] == 2601
    right = meta.rows(PATH, limit=500, **ASKED)
    assert meta.report(PATH, **ASKED) == right, "started again, it comes through"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_all_faults_at_once_change_nothing(
    sandbox: SandboxClient, meta: MetaClient, seed: int
) -> None:
    def deduplicated(rows: list[dict[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for row in rows:
            known = {name: value for name, value in row.items() if not name.startswith("sandbox_")}
            assert found.setdefault((row["date_start"], row["ad_id"]), known) == known
        return found

    right = deduplicated(meta.rows(PATH, limit=40, **ASKED))
    kinds = [kind for kind in (*KINDS, *JOB_KINDS) if kind != "job_stuck"]
    sandbox.set_faults(rate=0.35, kinds=kinds, seed=seed, slow_seconds=0.01)
    sandbox.forget_requests()
    assert deduplicated(meta.rows(PATH, limit=40, **ASKED)) == right
    assert deduplicated(meta.report(PATH, limit=40, **ASKED)) == right
    assert len(meta.rows(f"act_{ACME}/campaigns", limit=2, fields="id")) >= 5
    met = Counter(entry["fault"] for entry in sandbox.requests()["requests"])
    assert len(met) >= 5, met
