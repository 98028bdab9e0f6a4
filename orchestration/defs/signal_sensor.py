"""Events that senders have posted start pulls of what they are about."""

from collections.abc import Iterator

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from orchestration.defs import tags
from orchestration.defs.raw import raw_key
from orchestration.defs.schedules import partition_range
from orchestration.signals import next_asked, read_asked, signals, write_asked
from orchestration.workspace import open_workspace

LOOK_SECONDS = 30
_ALIVE = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


def signal_sensor(job: UnresolvedAssetJobDefinition) -> dg.SensorDefinition:
    """Builds the sensor: one run an account, of the streams that its events are about.

    While that run is on its way nothing more is asked for the account, so that a thousand events
    make two runs at most. Models and the published file follow by automation.
    """

    @dg.sensor(
        name="webhook_signals",
        job=job,
        minimum_interval_seconds=LOOK_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Looks for events of webhooks; pulls the streams of the accounts they name.",
    )
    def webhook_signals(
        context: dg.SensorEvaluationContext,
    ) -> Iterator[dg.RunRequest | dg.SkipReason]:
        space = open_workspace()
        alive = _alive(context.instance)
        wanted, asked = next_asked(signals(space), read_asked(context.cursor), alive)
        context.update_cursor(write_asked(asked))
        if not wanted:
            yield dg.SkipReason("no event is newer than the last pull of what it is about")
        for one in wanted:
            platform = space.platforms[one.platform]
            due = [(platform, platform.stream(name)) for name in one.streams]
            yield dg.RunRequest(
                asset_selection=[raw_key(*each) for each in due],
                tags={
                    tags.MODE: "incremental",
                    tags.CONNECTION: one.connection_id,
                    tags.SIGNAL: one.connection_id,
                    **partition_range(space, streams=due),
                },
            )

    return webhook_signals


def _alive(instance: dg.DagsterInstance) -> list[str]:
    """The connections that such a run is on its way for."""
    runs = instance.get_runs(dg.RunsFilter(statuses=_ALIVE))
    return [run.tags[tags.SIGNAL] for run in runs if tags.SIGNAL in run.tags]
