"""What Dagster keeps of an error that holds a secret: nothing of the secret, in no file."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.sensor_definition import SensorExecutionData
from dagster._utils.error import serializable_error_info_from_exc_info

from connectors.core.redaction import Redactor
from orchestration import definitions
from orchestration.instance import open_instance
from warehouse.home import Home

CANARY = "c4n4ryOfEverySecret9"
ADDRESS = f"Location: http://[{CANARY}]/x"


def _answer() -> str:
    return ADDRESS


def _as_text() -> None:
    raise LookupError(f"no such place: {_answer()}\x1b[2J")


def _as_cause() -> None:
    try:
        _as_text()
    except LookupError as error:
        raise RuntimeError("the answer cannot be read") from error


def _as_context() -> None:
    try:
        _as_text()
    except LookupError:
        raise RuntimeError("the answer cannot be read")  # noqa: B904 - Python keeps the first one


def _by_hand() -> None:
    raise dg.Failure("the answer cannot be read") from LookupError(_answer())


RAISES = [_as_text, _as_cause, _as_context, _by_hand]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("DAGSTER_HOME", "")
    monkeypatch.delenv("TRIBUTARY_DAGSTER_DATABASE_URL", raising=False)
    Redactor([CANARY])  # as each client learns its secrets
    return Home.open(tmp_path / "home")


def _holds(home: Home, text: str) -> set[str]:
    """The files of a home that hold a text."""
    return {
        str(path.relative_to(home.path))
        for path in home.path.rglob("*")
        if path.is_file() and text.encode() in path.read_bytes()
    }


@pytest.mark.parametrize("fail", RAISES)
def test_a_step_that_fails_leaves_no_secret_in_the_home(
    home: Home, fail: Callable[[], None], capfd: pytest.CaptureFixture[str]
) -> None:
    @dg.asset
    def fails() -> None:
        fail()

    with open_instance(home) as instance:
        done = dg.materialize([fails], instance=instance, raise_on_error=False)
        assert not done.success
        (failure,) = [event for event in done.all_events if event.is_step_failure]
        assert "cannot be read" in str(failure) or "no such place" in str(failure)
        assert "***" in str(failure.step_failure_data.error)
        assert CANARY not in "".join(map(str, instance.all_logs(done.run_id)))
    said = "".join(capfd.readouterr())
    assert "***" in said
    assert CANARY not in said
    assert "\x1b[2J" not in said
    assert _holds(home, "LookupError")
    assert _holds(home, CANARY) == set()


def test_a_check_that_fails_leaves_none(home: Home) -> None:
    @dg.asset
    def fine() -> None:
        """Is made."""

    @dg.asset_check(asset=fine)
    def odd() -> dg.AssetCheckResult:
        _as_cause()
        return dg.AssetCheckResult(passed=True)

    with open_instance(home) as instance:
        done = dg.materialize([fine, odd], instance=instance, raise_on_error=False)
    assert not done.success
    assert _holds(home, "LookupError")
    assert _holds(home, CANARY) == set()


@pytest.mark.parametrize("kind", ["sensor", "schedule"])
def test_a_tick_that_fails_sends_none(home: Home, kind: str) -> None:
    """What the process of our code sends to the daemon, which stores it, is made by this."""
    job = dg.define_asset_job("job", dg.AssetSelection.all())

    @dg.sensor(job=job)
    def looks() -> SensorExecutionData:
        _as_cause()
        return SensorExecutionData()

    @dg.schedule(job=job, cron_schedule="0 * * * *")
    def hourly() -> dg.RunRequest:
        _as_cause()
        return dg.RunRequest()

    def tick(instance: dg.DagsterInstance) -> None:
        if kind == "sensor":
            looks.evaluate_tick(dg.build_sensor_context(instance))
        else:
            hourly.evaluate_tick(dg.build_schedule_context(instance))

    with open_instance(home) as instance, pytest.raises((RuntimeError, dg.DagsterError)) as caught:
        tick(instance)
    sent = serializable_error_info_from_exc_info((caught.type, caught.value, caught.tb))
    assert "LookupError" in sent.to_string()
    assert CANARY not in sent.to_string()


def test_every_process_that_dagster_starts_masks() -> None:
    """Dagster names the module of our code, and nothing else of ours."""
    found = "import orchestration.definitions as d; from dagster_shared.error import *; "
    code = f"{found} print(SerializableErrorInfo.from_traceback.__func__.__module__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "orchestration.kept_errors"
    assert definitions.__name__ in (Path(__file__).parents[2] / "workspace.yaml").read_text()
