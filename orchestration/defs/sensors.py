"""Landed files start a run by themselves."""

from collections.abc import Sequence

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from connectors import platforms
from orchestration.arrivals import next_request, read_cursor, waiting, write_cursor
from orchestration.defs import tags
from orchestration.workspace import open_workspace

LANDING_JOB = "load_landed_files"
LOOK_SECONDS = 30
_ENDED = {
    dg.DagsterRunStatus.SUCCESS,
    dg.DagsterRunStatus.FAILURE,
    dg.DagsterRunStatus.CANCELED,
}


def landing_job(raw: Sequence[dg.AssetsDefinition]) -> UnresolvedAssetJobDefinition:
    """Builds the job that loads files, and builds and publishes what follows from them."""
    asked = {name for name, one in platforms.load().items() if one.intake.is_scheduled}
    others = [asset.key for asset in raw if asset.key.path[1] in asked]
    return dg.define_asset_job(
        LANDING_JOB,
        dg.AssetSelection.all() - dg.AssetSelection.assets(*others),
        description="Load landed files, build, publish.",
    )


def landing_sensor(job: UnresolvedAssetJobDefinition) -> dg.SensorDefinition:
    """Builds the sensor: complete files that are not loaded make one run, however many they are."""

    @dg.sensor(
        name="landed_files",
        job=job,
        minimum_interval_seconds=LOOK_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Looks into the landing folders; complete files are loaded in one run.",
    )
    def landed_files(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        keys = waiting(open_workspace())
        run_key, requests = next_request(
            keys, read_cursor(context.cursor), lambda key: _is_alive(context.instance, key)
        )
        context.update_cursor(write_cursor(requests))
        if run_key is None:
            asked = f"{len(keys)} files are waiting, all for a run that was asked for"
            return dg.SkipReason(asked if keys else "no file is waiting")
        run_tags = {tags.MODE: "incremental", tags.LANDING: run_key}
        return dg.RunRequest(run_key, tags=run_tags)

    return landed_files


def _is_alive(instance: dg.DagsterInstance, run_key: str) -> bool:
    runs = instance.get_runs(dg.RunsFilter(tags={tags.LANDING: run_key}))
    return any(run.status not in _ENDED for run in runs)
