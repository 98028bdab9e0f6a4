"""Trouble on the wire: the same marts at the end; one account's trouble is nobody else's."""

import json
import subprocess
from pathlib import Path

import pytest

from connectors.platforms import get
from tests.end_to_end import stages
from tests.end_to_end.conftest import TRIBUTARY, Reference

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("reference")]

KINDS = [
    "429",
    "429_retry_after",
    "500",
    "503",
    "reset",
    "truncated",
    "expired_token",
    "duplicate_page",
    "empty_page",
    "unknown_field",
    "slow",
]
REVOKED = "4200000337"


def test_faults_at_20_percent_change_no_mart(reference: Reference, tmp_path: Path) -> None:
    """Built in one go at the end: it is also a full refresh of what came in steps."""
    troubled = reference.connected(tmp_path / "troubled")
    reference.sandbox.set_faults(rate=0.2, kinds=KINDS, seed=3, retry_after=0.01, slow_seconds=0.05)
    try:
        for now in reference.clocks:
            reference.sandbox.set_clock(now)
            stages.finish("pull", reference.environment(troubled, now))
    finally:
        reference.sandbox.set_faults()
    for stage in ("build", "publish"):
        stages.finish(stage, reference.environment(troubled, reference.clocks[-1]))
    assert reference.differences(troubled) == {}


def test_a_revoked_account_stops_nobody_else(reference: Reference, tmp_path: Path) -> None:
    home = reference.copy(tmp_path / "revoked", len(reference.clocks))
    later = "2026-11-17T06:00:00+00:00"
    environment = reference.environment(home, later)
    reference.sandbox.set_clock(later)
    reference.sandbox.set_faults(revoked_accounts=[REVOKED])
    try:
        done = subprocess.run(
            [TRIBUTARY, "run", "--json"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        reference.sandbox.set_faults()
    assert done.returncode == 3, done.stderr[-3000:]
    result = json.loads(done.stdout)
    failed = result["failed_accounts"]
    assert [row["connection"] for row in failed] == [f"kiwi_kitchen/google_ads/{REVOKED}"]
    asked, skipped = failed[0]["stream"], failed[0]["skipped_streams"]
    assert {asked, *skipped} == {stream.name for stream in get("google_ads").streams}
    (red,) = [check for check in result["failed_checks"] if "connections_" in check]
    # The check says which account, why and what to do, as the log does.
    said = f"kiwi_kitchen/{REVOKED}: AccountGone: {failed[0]['error']}"
    assert red == f"raw/google_ads/{asked}: connections_healthy: failed: {said}"
    assert "Remedy: " in said
    status = subprocess.run(
        [TRIBUTARY, "status", "--json"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert status.returncode == 3
    states = {row["connection"]: row for row in json.loads(status.stdout)}
    bad = states.pop(f"kiwi_kitchen/google_ads/{REVOKED}")
    assert bad["state"] == "failing"
    assert "AccountGone" in bad["error"]
    assert failed[0]["error"].endswith(f"Remedy: {bad['remedy']}")
    assert {row["state"] for row in states.values()} == {"ok"}
