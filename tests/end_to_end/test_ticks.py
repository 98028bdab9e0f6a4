"""Ten ticks of the daemon on a home with every platform, while one account loses its access."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from orchestration.freshness import connection_states
from orchestration.workspace import open_workspace
from tests.end_to_end.conftest import Reference
from tests.orchestration.ui import Ui, open_ui
from warehouse.home import Home
from warehouse.releases import read_current
from warehouse.sync_log import SyncLog

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("reference")]

START = datetime(2026, 11, 17, 6, tzinfo=UTC)
"""The day after the reference home was last pulled: every account is due."""
LOST, BACK = timedelta(days=1), timedelta(days=2)
REVOKED = "4200000337"
LABEL = f"kiwi_kitchen/google_ads/{REVOKED}"
HEALTHY = "connections_healthy"


@pytest.fixture
def home(reference: Reference, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    folder = reference.copy(tmp_path / "ticking", len(reference.clocks))
    environment = reference.environment(folder, START.isoformat())
    for name in ("TRIBUTARY_DATABASE_URL", "DAGSTER_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    yield Home.open(folder / "home")
    reference.sandbox.set_faults()


def test_ten_ticks_are_green_but_for_an_account_without_access(
    reference: Reference, home: Home
) -> None:
    def tick(moment: datetime) -> list[dg.DagsterRun]:
        reference.sandbox.set_clock(moment.isoformat())
        return ui.tick(moment)

    def day(start: datetime) -> list[dg.DagsterRun]:
        """The schedule fires in the first tick; what lies below follows in the others."""
        return [run for minutes in (20, 25, 30) for run in tick(start + timedelta(minutes=minutes))]

    with open_ui(home) as ui:
        before = _release(home)
        ended = tick(START) + day(START)
        assert ui.red_checks() == {}
        first = _release(home)
        assert first != before

        reference.sandbox.set_faults(revoked_accounts=[REVOKED])
        lost = day(START + LOST)
        ((name, said),) = ui.red_checks().items()
        assert name == f"raw/google_ads/accounts:{HEALTHY}"
        assert _release(home) != first
        _assert_named_everywhere(ui, lost, said)
        # Somebody asks the pages for a day of it again, in vain.
        raw = dg.AssetKey(["raw", "google_ads", "campaign_stats"])
        run = ui.materialize(raw, partition="2026-11-10")
        assert run.is_success
        rows = [row for row in SyncLog(home).rows("google_ads") if row.run_id == run.run_id]
        assert {(row.mode, str(row.window_from)[:10]) for row in rows} == {
            ("backfill", "2026-11-10")
        }
        assert set(ui.red_checks()) == {name, f"raw/google_ads/campaign_stats:{HEALTHY}"}

        reference.sandbox.set_faults()
        ended += lost + day(START + BACK)
        assert ui.red_checks() == {}
    assert {(run.job_name, ui.why(run)) for run in ended if not run.is_success} == set()
    assert {"pull", "__ASSET_JOB"} <= {run.job_name for run in ended}


def _assert_named_everywhere(ui: Ui, ended: list[dg.DagsterRun], said: str) -> None:
    """Account, reason and remedy: in the check, in the run, in `tributary status`, in the log."""
    space = open_workspace()
    (state,) = [one for one in connection_states(space) if one.label == LABEL]
    assert state.state == "failing"
    assert state.error in said
    assert f"kiwi_kitchen/{REVOKED}: AccountGone" in said
    assert said.endswith(f"Remedy: {state.remedy}")
    kind = dg.DagsterEventType.ASSET_CHECK_EVALUATION
    (event,) = [
        found
        for run in ended
        for found in ui.instance.all_logs(run.run_id, of_type=kind)
        if found.get_dagster_event().asset_check_evaluation_data.description == said
    ]
    (failed,) = [
        row
        for row in SyncLog(space.home).rows("google_ads")
        if (row.run_id, row.error_class) == (event.run_id, "AccountGone")
    ]
    assert failed.error_message is not None
    assert failed.error_message.endswith(f"Remedy: {state.remedy}")


def _release(home: Home) -> str:
    current = read_current(home)
    assert current is not None
    return current.release.release
