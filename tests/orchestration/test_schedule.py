"""The hourly schedule asks for what is due, and for nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from connectors.platforms import get
from orchestration.defs import tags
from orchestration.defs.raw import raw_key
from orchestration.defs.raw_checks import CHECK
from orchestration.defs.schedules import PULL_JOB, pull_schedule
from orchestration.pull import Pull, pull
from orchestration.sources import select_sources
from orchestration.workspace import Workspace, open_workspace
from warehouse.registry_records import Organization

RATES = get("exchange_rates")
FEED = dg.AssetKey(["raw", "exchange_rates", "reference_rates"])
ORDERS = dg.AssetKey(["raw", "shopify", "orders"])


@pytest.fixture
def space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("TRIBUTARY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TRIBUTARY_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("TRIBUTARY_NOW", "2026-11-21T12:00:00Z")
    monkeypatch.delenv("TRIBUTARY_DATABASE_URL", raising=False)
    found = open_workspace()
    found.registry.add_organization(Organization("acme", "Acme"))
    return found


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.local_temp() as found:
        yield found


def _request(instance: dg.DagsterInstance) -> dg.RunRequest | None:
    """The run that one look of the schedule asks for."""
    schedule = pull_schedule(dg.define_asset_job(PULL_JOB, "*"))
    with dg.build_schedule_context(instance=instance) as context:
        answer = schedule(context)
    if isinstance(answer, dg.SkipReason):
        return None
    assert isinstance(answer, dg.RunRequest)
    assert answer.tags[tags.MODE] == "scheduled"
    return answer


def _asked(instance: dg.DagsterInstance) -> set[dg.AssetKey] | None:
    """Its assets; None without a run."""
    request = _request(instance)
    return set(request.asset_selection or ()) if request else None


def _pull_rates(space: Workspace) -> None:
    """Pulls the feed, which has published nothing."""
    stream = replace(RATES.streams[0], pages=lambda *_: iter(()))
    platform = replace(RATES, streams=(stream,))
    sources = select_sources(space, platform, stream.name, run_id=str(space.home.path))
    assert not pull(Pull(space.home, platform, stream, "run"), sources).failures


def test_only_streams_of_which_something_is_due_are_asked_for(
    space: Workspace, instance: dg.DagsterInstance
) -> None:
    assert _asked(instance) == {FEED}
    space.registry.add_connection("acme", "google_ads", "4200000337", None)
    space.registry.add_connection("acme", "meta_ads", "1", None, sync_frequency="manual")
    google = get("google_ads")
    assert _asked(instance) == {FEED, *(raw_key(google, stream) for stream in google.streams)}


def test_when_nothing_is_due_no_run_is_asked_for(
    space: Workspace, instance: dg.DagsterInstance
) -> None:
    _pull_rates(space)
    assert _asked(instance) is None


def test_a_stream_that_was_not_well_is_looked_at_until_it_is(
    space: Workspace, instance: dg.DagsterInstance
) -> None:
    """The account that failed may be gone, and with it all that is due: its check says so then."""
    _pull_rates(space)
    for passed, asked in ((False, {ORDERS}), (True, None)):
        event = dg.AssetCheckEvaluation(ORDERS, CHECK, passed=passed)
        instance.report_runless_asset_event(event)
        assert _asked(instance) == asked


def test_only_dates_that_can_be_due_are_planned(
    space: Workspace, instance: dg.DagsterInstance
) -> None:
    """Of an account that is pulled by hand none are."""
    space.registry.add_connection(
        "acme", "google_ads", "1", None, start_date=date(2026, 9, 1), sync_frequency="manual"
    )
    _pull_rates(space)
    event = dg.AssetCheckEvaluation(ORDERS, CHECK, passed=False)
    instance.report_runless_asset_event(event)
    request = _request(instance)
    assert request is not None
    assert request.tags[tags.RANGE_START] == request.tags[tags.RANGE_END] == "2026-11-21"
