"""Background reports: their states, their failures, and the smaller pieces that follow."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.core.accounts import Account
from connectors.core.errors import (
    AuthRejected,
    BadRequest,
    ConnectorError,
    RateLimited,
    ReportNotReady,
    ServerTrouble,
    ShapeChanged,
    TooHeavy,
)
from connectors.core.extraction import extract, halves
from connectors.core.window import Window
from connectors.platforms import get

_PLATFORM = get("meta_ads")
_ACCOUNT = Account("1", time_zone="UTC")
_START = date(2026, 1, 1)
_CAMPAIGNS = ["11", "12", "13"]


def _window(days: int) -> Window:
    return Window(_START, _START + timedelta(days=days))


@dataclass
class _Meta:
    """Campaigns 11, 12 and 13 on every day; `states(asked)` are the looks at a run, then done.

    Attributes:
        states: the run objects that a report shows one after the other; the last one stays.
        too_much: tells of the days and campaigns of a question whether they are too much.
        late: tells the same when the result is read, not when the report is made.
    """

    kit: Any
    states: Callable[[dict[str, Any]], list[dict[str, Any]]] = lambda asked: [_done()]
    too_much: Callable[[int, list[str]], bool] = lambda days, campaigns: False
    late: Callable[[int, list[str]], bool] = lambda days, campaigns: False
    runs: list[dict[str, Any]] = field(default_factory=list)
    direct: list[dict[str, Any]] = field(default_factory=list)
    polls: int = 0

    def __call__(self, asked: Any) -> Any:
        parts = asked.path.split("/")[2:]
        if parts == ["act_1", "campaigns"]:
            return {"data": [{"id": each} for each in _CAMPAIGNS]}
        if parts == ["act_1", "insights"] and asked.method == "POST":
            return self._start(asked.form)
        if parts == ["act_1", "insights"]:
            self.direct.append(asked.params)
            return self._refusal(self.too_much, asked.params) or self._rows(asked.params)
        run = self.runs[int(parts[0]) - 1000]
        if len(parts) == 1:
            self.polls += 1
            assert "async_status" in asked.params["fields"]
            return run["states"].pop(0) if len(run["states"]) > 1 else run["states"][0]
        return self._refusal(self.late, run["asked"]) or self._rows(run["asked"])

    def _start(self, asked: dict[str, Any]) -> Any:
        refusal = self._refusal(self.too_much, asked)
        if refusal:
            return refusal
        self.runs.append({"asked": asked, "states": self.states(asked)})
        return {"report_run_id": str(999 + len(self.runs))}

    def _refusal(self, rule: Callable[[int, list[str]], bool], asked: dict[str, Any]) -> Any:
        if not rule(*_size(asked)):
            return None
        error = {"code": 100, "error_subcode": 1487534, "message": "Too much."}
        return self.kit.answer({"error": error}, status=400)

    def _rows(self, asked: dict[str, Any]) -> Any:
        since, until = json.loads(asked["time_range"]).values()
        day, rows = date.fromisoformat(since), []
        while day <= date.fromisoformat(until):
            for campaign in _size(asked)[1]:
                dates = dict.fromkeys(["date_start", "date_stop"], day.isoformat())
                rows.append(dates | {"campaign_id": campaign, "account_id": "1"})
            day += timedelta(days=1)
        return {"data": rows, "paging": {"cursors": {"before": "x", "after": "y"}}}


def _size(asked: dict[str, Any]) -> tuple[int, list[str]]:
    since, until = (date.fromisoformat(v) for v in json.loads(asked["time_range"]).values())
    chosen = [f["value"] for f in json.loads(asked["filtering"]) if f["field"] == "campaign.id"]
    return (until - since).days + 1, chosen[0] if chosen else _CAMPAIGNS


def _done(percent: int = 100) -> dict[str, Any]:
    return {"async_status": "Job Completed", "async_percent_completion": percent}


def _at(status: str, percent: int = 0, **more: Any) -> dict[str, Any]:
    return {"async_status": status, "async_percent_completion": percent, **more}


def _pull(kit: Any, meta: _Meta, days: int = 4, **more: Any) -> list[tuple[date, str]]:
    client = kit.client(
        kit.server(meta),
        platform=_PLATFORM,
        account=_ACCOUNT,
        credential={"access_token": "EAABsecret1234"},
        **more,
    )
    return _rows(client, _window(days))


def _rows(client: Any, window: Window) -> list[tuple[date, str]]:
    """Asks as a feed does: what is too much at once is asked for in halves."""
    stream = _PLATFORM.stream("campaign_insights")
    try:
        pages = list(extract(_PLATFORM, stream, _ACCOUNT, window, client))
    except ConnectorError as trouble:
        smaller = halves(window) if trouble.less_may_help else ()
        if not smaller:
            raise
        return [row for half in smaller for row in _rows(client, half)]
    return [(row["date"], row["campaign_id"]) for page in pages for row in page.batch.to_pylist()]


def _expected(days: int) -> list[tuple[date, str]]:
    return [(day, campaign) for day in _window(days).days() for campaign in _CAMPAIGNS]


def test_a_report_is_started_watched_and_read(kit: Any) -> None:
    steps = [_at("Job Not Started"), _at("Job Started"), _at("Job Running", 40), _done()]
    sleeper = kit.sleeper()
    meta = _Meta(kit, states=lambda asked: list(steps))
    assert _pull(kit, meta, sleep=sleeper) == _expected(4)
    assert (len(meta.runs), meta.polls) == (1, 4)
    assert sleeper.waits == [0.25, 0.5, 1.0, 2.0]
    asked = meta.runs[0]["asked"]
    assert json.loads(asked["time_range"]) == {"since": "2026-01-01", "until": "2026-01-04"}
    assert "limit" not in asked


def test_a_single_day_is_read_at_once(kit: Any) -> None:
    meta = _Meta(kit)
    assert _pull(kit, meta, days=1) == _expected(1)
    assert (len(meta.direct), meta.runs) == (1, [])


def test_a_single_day_that_is_too_much_is_made_in_the_background(kit: Any) -> None:
    meta = _Meta(kit)
    refused: list[int] = []
    meta.too_much = lambda days, campaigns: not refused and not refused.append(1)
    assert _pull(kit, meta, days=1) == _expected(1)
    assert (len(meta.direct), len(meta.runs)) == (1, 1)


def test_complete_means_complete_and_all_of_it(kit: Any) -> None:
    meta = _Meta(kit, states=lambda asked: [_done(80), _done(99), _done(100)])
    assert _pull(kit, meta) == _expected(4)
    assert meta.polls == 3


@pytest.mark.parametrize("status", ["Job Failed", "Job Skipped"])
def test_a_report_that_failed_is_made_again(kit: Any, status: str) -> None:
    first: list[int] = []

    def states(asked: dict[str, Any]) -> list[dict[str, Any]]:
        first.append(1)
        return [_at(status, 40) if len(first) == 1 else _done()]

    meta = _Meta(kit, states=states)
    assert _pull(kit, meta) == _expected(4)
    assert len(meta.runs) == 2


def test_a_report_that_hangs_is_made_again_after_ten_minutes_of_waiting(kit: Any) -> None:
    first: list[int] = []

    def states(asked: dict[str, Any]) -> list[dict[str, Any]]:
        first.append(1)
        return [_at("Job Running", 0)] if len(first) == 1 else [_at("Job Running"), _done()]

    sleeper = kit.sleeper()
    meta = _Meta(kit, states=states)
    assert _pull(kit, meta, sleep=sleeper) == _expected(4)
    assert len(meta.runs) == 2
    assert 600 <= sum(sleeper.waits) <= 640


def test_a_slow_report_that_goes_on_is_not_hung(kit: Any) -> None:
    steps = [_at("Job Running", percent) for percent in range(90)]
    meta = _Meta(kit, states=lambda asked: [*steps, _done()])
    assert _pull(kit, meta) == _expected(4)
    assert len(meta.runs) == 1


def test_a_report_that_moves_by_one_percent_a_minute_is_waited_for(kit: Any) -> None:
    sleeper = kit.sleeper()
    steps = [_at("Job Running", percent) for percent in range(100) for _ in range(2)]
    meta = _Meta(kit, states=lambda asked: [*steps, _done()])
    assert _pull(kit, meta, sleep=sleeper) == _expected(4)
    assert len(meta.runs) == 1
    assert 95 * 60 <= sum(sleeper.waits) <= 105 * 60


def test_a_report_that_would_take_all_day_is_made_in_halves_soon(kit: Any) -> None:
    def states(asked: dict[str, Any]) -> list[dict[str, Any]]:
        slow = [_at("Job Running", percent) for percent in range(100) for _ in range(19)]
        return slow if _size(asked)[0] > 2 else [_done()]

    sleeper = kit.sleeper()
    meta = _Meta(kit, states=states)
    assert _pull(kit, meta, sleep=sleeper) == _expected(4)
    assert [_size(run["asked"])[0] for run in meta.runs] == [4, 2, 2]
    assert sum(sleeper.waits) <= 1000


def test_nobody_waits_longer_than_six_hours(kit: Any) -> None:
    sleeper = kit.sleeper()
    steps = [_at("Job Running", 98 + look % 2) for look in range(1000)]
    meta = _Meta(kit, states=lambda asked: list(steps))
    with pytest.raises(ReportNotReady, match="6 hours") as caught:
        _pull(kit, meta, days=64, sleep=sleeper)
    assert [_size(run["asked"])[0] for run in meta.runs] == [64, 32, 16]
    assert sum(sleeper.waits) <= 6 * 3600
    assert caught.value.error_class == "ReportNotReady"
    assert not caught.value.less_may_help


@pytest.mark.parametrize(
    ("code", "subcode", "transient"),
    [(1, 99, False), (1, 99, True), (2601, 0, False), (2601, 0, True)],
)
def test_what_fails_time_and_again_is_asked_for_in_less(
    kit: Any, code: int, subcode: int, transient: bool
) -> None:
    error = {"code": code, "error_subcode": subcode, "is_transient": transient, "message": "m"}
    meta = _Meta(kit)

    def handler(asked: Any) -> Any:
        if asked.path.endswith("/insights") and asked.method == "GET":
            run = asked.path.split("/")[2]
            size = _size(meta.runs[int(run) - 1000]["asked"] if run.isdigit() else asked.params)
            if size[0] * len(size[1]) > 3:
                return kit.answer({"error": error}, status=400)
        return meta(asked)

    assert _pull(kit, handler) == _expected(4)
    assert [_size(run["asked"])[0] for run in meta.runs][:2] == [4, 2]


def test_waits_are_scaled(kit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIBUTARY_RETRY_BASE", "0.01")
    sleeper = kit.sleeper()
    meta = _Meta(kit, states=lambda asked: [_at("Job Running")])
    assert _pull(kit, meta, days=2, sleep=sleeper) == _expected(2)
    assert (len(meta.runs), len(meta.direct)) == (2, 2)
    assert 12 <= sum(sleeper.waits) <= 13


def test_dates_are_halved_until_they_fit(kit: Any) -> None:
    meta = _Meta(kit, too_much=lambda days, campaigns: days > 2)
    assert _pull(kit, meta, days=7) == _expected(7)
    assert [_size(run["asked"])[0] for run in meta.runs] == [2, 2, 2]
    assert [_size(asked)[0] for asked in meta.direct] == [1], "a single day is read at once"


def test_then_campaigns_are_halved_until_they_fit(kit: Any) -> None:
    meta = _Meta(kit, too_much=lambda days, campaigns: days * len(campaigns) > 1)
    assert sorted(_pull(kit, meta, days=2)) == _expected(2)
    assert [_size(run["asked"]) for run in meta.runs] == [(1, [c]) for c in _CAMPAIGNS] * 2
    filters = json.loads(meta.runs[0]["asked"]["filtering"])
    assert [each["field"] for each in filters] == ["campaign.effective_status", "campaign.id"]


def test_a_report_that_fails_twice_is_made_in_halves(kit: Any) -> None:
    def states(asked: dict[str, Any]) -> list[dict[str, Any]]:
        return [_at("Job Failed") if _size(asked)[0] > 2 else _done()]

    meta = _Meta(kit, states=states)
    assert _pull(kit, meta, days=4) == _expected(4)
    assert [_size(run["asked"])[0] for run in meta.runs] == [4, 4, 2, 2]


def test_a_failure_that_says_too_much_is_not_tried_twice(kit: Any) -> None:
    def states(asked: dict[str, Any]) -> list[dict[str, Any]]:
        failed = _at("Job Failed", error_code=100, error_subcode=1487534)
        return [failed if _size(asked)[0] > 2 else _done()]

    meta = _Meta(kit, states=states)
    assert _pull(kit, meta, days=4) == _expected(4)
    assert [_size(run["asked"])[0] for run in meta.runs] == [4, 2, 2]


def test_a_result_that_is_too_much_to_read_is_made_in_halves(kit: Any) -> None:
    meta = _Meta(kit, late=lambda days, campaigns: days > 2)
    assert _pull(kit, meta, days=4) == _expected(4)
    assert [_size(run["asked"])[0] for run in meta.runs] == [4, 2, 2]


def test_what_cannot_be_made_smaller_is_told(kit: Any) -> None:
    with pytest.raises(TooHeavy):
        _pull(kit, _Meta(kit, too_much=lambda days, campaigns: True), days=4)
    meta = _Meta(kit, states=lambda asked: [_at("Job Failed", error_message="No luck.")])
    tight = _Meta(kit, too_much=lambda days, campaigns: True)

    def handler(asked: Any) -> Any:
        at_once = asked.method == "GET" and asked.path.endswith("act_1/insights")
        return tight(asked) if at_once else meta(asked)

    with pytest.raises(ReportNotReady, match="No luck"):
        _pull(kit, handler, days=4)
    assert len(meta.runs) <= 2 * 5, "the first smallest piece decides, not all of them"


@pytest.mark.parametrize(
    ("code", "subcode", "kind"), [(190, 463, AuthRejected), (2, 1504041, BadRequest)]
)
def test_a_failure_that_nothing_can_help_is_told_at_once(
    kit: Any, code: int, subcode: int, kind: type[Exception]
) -> None:
    failed = _at("Job Failed", error_code=code, error_subcode=subcode)
    meta = _Meta(kit, states=lambda asked: [failed])
    with pytest.raises(kind):
        _pull(kit, meta)
    assert len(meta.runs) == 1


def test_a_report_that_was_throttled_waits_before_the_next(kit: Any) -> None:
    answers = [_at("Job Failed", error_code=4, error_subcode=1504022), _done()]
    sleeper = kit.sleeper()
    meta = _Meta(kit, states=lambda asked: [answers.pop(0)])
    assert _pull(kit, meta, sleep=sleeper) == _expected(4)
    assert sleeper.waits == [0.25, 60.0, 0.25]


def test_a_throttled_start_is_not_made_smaller(kit: Any) -> None:
    def handler(asked: Any) -> Any:
        return kit.answer({"error": {"code": 80000, "message": "m"}}, status=400)

    with pytest.raises(RateLimited):
        _pull(kit, handler)


def test_a_report_that_is_gone_makes_the_chunk_start_again(kit: Any) -> None:
    meta = _Meta(kit)

    def handler(asked: Any) -> Any:
        if asked.path == "/v26.0/1000/insights":
            return kit.answer({"error": {"code": 100, "error_subcode": 33}}, status=400)
        return meta(asked)

    with pytest.raises(ServerTrouble) as caught:
        _pull(kit, handler)
    assert caught.value.restart_chunk


@pytest.mark.parametrize("answer", [{}, [], {"report_run_id": ""}, {"report_run_id": None}])
def test_a_start_without_a_report_is_a_changed_shape(kit: Any, answer: Any) -> None:
    with pytest.raises(ShapeChanged, match="report_run_id"):
        _pull(kit, lambda asked: answer)


@given(st.integers(1, 31), st.integers(1, 31), st.integers(1, 3))
@settings(max_examples=30, deadline=None)
def test_however_it_is_cut_every_row_comes_once(
    kit: Any, days: int, most_days: int, most_campaigns: int
) -> None:
    meta = _Meta(kit, too_much=lambda d, c: d > most_days or len(c) > most_campaigns)
    assert sorted(_pull(kit, meta, days=days)) == _expected(days)
