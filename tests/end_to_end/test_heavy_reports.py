"""Reports that are slow or too much at once: waited for, or asked for in less, never lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from connectors.sandbox.server import SandboxProcess
from orchestration.pull import Pull, Receipt, pull, whole_days
from orchestration.sources import select_sources
from tests.referees.pulls import NOW, Puller, connected, pointed

STREAM = "campaign_insights"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxProcess]:
    with SandboxProcess("--seed", "3", "--days", "40", "--end", "2026-11-15", now=NOW) as running:
        yield running


@pytest.fixture
def puller(sandbox: SandboxProcess, tmp_path: Path) -> Iterator[Puller]:
    sandbox.set_faults()
    found = connected(sandbox, tmp_path, NOW)
    yield replace(found, environment={**found.environment, "TRIBUTARY_RETRY_BASE": "0.0003"})
    sandbox.set_faults()


def _pulled(puller: Puller, first: str, last: str) -> Receipt:
    platform = puller.space.platforms["meta_ads"]
    window = whole_days(date.fromisoformat(first), date.fromisoformat(last))
    job = Pull(puller.space.home, platform, platform.stream(STREAM), "run", window)
    with pointed(puller.environment):
        sources = select_sources(puller.space, platform, STREAM, run_id=f"{first} {last}")
        return pull(job, [min(sources, key=lambda one: one.account.id)])


def test_a_report_that_moves_by_one_percent_a_minute_is_waited_for(
    sandbox: SandboxProcess, puller: Puller
) -> None:
    quick = _pulled(puller, "2026-11-01", "2026-11-14")
    sandbox.set_faults(rate=1, kinds=["job_slow"])
    slow = _pulled(puller, "2026-11-01", "2026-11-14")
    assert [row.status for row in slow.rows] == ["succeeded"]
    assert slow.total("rows") == quick.total("rows") > 0
    assert slow.total("requests") > 150


def test_what_is_too_much_at_once_comes_in_smaller_windows(
    sandbox: SandboxProcess, puller: Puller
) -> None:
    quick = _pulled(puller, "2026-11-01", "2026-11-14")
    sandbox.set_faults(heaviest_days=4)
    heavy = _pulled(puller, "2026-11-01", "2026-11-14")
    assert {row.status for row in heavy.rows} == {"succeeded"}
    assert len(heavy.rows) == 4
    assert heavy.total("rows") == quick.total("rows") > 0
