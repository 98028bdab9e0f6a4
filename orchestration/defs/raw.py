"""One raw asset per stream of every platform folder, made by one factory."""

from collections.abc import Sequence
from datetime import timedelta

import dagster as dg

from connectors import platforms
from connectors.core import clock
from connectors.core.stream import Platform, Stream
from connectors.core.window import Window
from orchestration.defs import tags
from orchestration.defs.partitions import account_dates, window_of
from orchestration.defs.resources import WorkspaceResource
from orchestration.feeds import reach_back
from orchestration.freshness import MISSING_REMEDY
from orchestration.instance import killed_runs_like, sign_run
from orchestration.progress import announce
from orchestration.pull import Pull, Receipt, pull
from orchestration.reach import unseen_of
from orchestration.replacements import replacements
from orchestration.sources import FEED_LEAD_DAYS, select_sources
from orchestration.workspace import Workspace
from warehouse.coverage import StreamStatus
from warehouse.sync_log import SyncLog

CHECK = "connections_healthy"
REACH_CHECK = "records_within_reach"
OWNER = "team:data-engineering"


def raw_assets() -> list[dg.AssetsDefinition]:
    """Returns an asset for each stream of each platform that has a folder."""
    return [
        raw_asset(platform, stream)
        for platform in platforms.load().values()
        for stream in platform.streams
    ]


def raw_key(platform: Platform, stream: Stream) -> dg.AssetKey:
    """Returns ``raw/<platform>/<stream>``."""
    return dg.AssetKey(["raw", platform.name, stream.name])


def raw_asset(platform: Platform, stream: Stream) -> dg.AssetsDefinition:
    """Builds the asset that pulls one stream of all connected accounts."""
    key = raw_key(platform, stream)
    # Files land whole: a partition of theirs would stand for nothing.
    report = stream.kind == "report" and platform.objects is None

    @dg.asset(
        key=key,
        description=stream.description,
        group_name=platform.name,
        kinds={"python", "parquet"},
        owners=[OWNER],
        pool=platform.name,
        partitions_def=account_dates() if report else None,
        backfill_policy=dg.BackfillPolicy.single_run() if report else None,
        code_version=f"{platform.api_version}",
        metadata={
            "dagster/column_schema": _column_schema(stream),
            "kind": stream.kind,
            "key": ", ".join(stream.key),
            "lookback_days": stream.lookback_days,
            "lookback_reason": stream.lookback_reason,
            "docs": dg.MetadataValue.url(platform.docs_url) if platform.docs_url else "",
        },
        check_specs=[
            dg.AssetCheckSpec(
                CHECK,
                asset=key,
                description="The newest sync of every active account delivered every row. An "
                "account that is refused as a whole is red at the first stream that meets it; "
                "its other streams are skipped.",
            ),
            *_reach_specs(key, stream),
        ],
    )
    def pulled(
        context: dg.AssetExecutionContext, workspace: WorkspaceResource
    ) -> dg.MaterializeResult:  # type: ignore[type-arg]
        sign_run(context.instance, context.run)
        space = workspace.open()
        mode = context.run.tags.get(tags.MODE)
        window = None if mode else _backfill_window(context, platform, stream)
        announce(f"pulling {platform.name}/{stream.name}")
        job = Pull(
            space.home,
            platform,
            stream,
            run_id=context.run_id,
            window=window,
            unasked=_comes_along(context, platform),
            replay=context.run.tags.get(tags.REPLAY),
            resumes=killed_runs_like(context.instance, context.run) if window else frozenset(),
        )
        sources = select_sources(
            space,
            platform,
            stream.name,
            run_id=context.run_id,
            organization=context.run.tags.get(tags.ORGANIZATION),
            connection=context.run.tags.get(tags.CONNECTION),
            scheduled=mode == "scheduled",
        )
        receipt = pull(job, sources, progress=workspace.progress(platform.name, stream.name))
        if platform.objects is not None and receipt.rows:
            reach_back(space, context.run_id)
        replaced = replacements(space.home, receipt.rows)
        for line in replaced:
            announce(line)
        return dg.MaterializeResult(
            metadata=_metadata(receipt, len(sources), replaced),
            check_results=[
                health(key, unhealthy(space, platform, stream)),
                *reach_results(space, key, platform, stream),
            ],
        )

    return pulled


def _column_schema(stream: Stream) -> dg.TableSchema:
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=column.name,
                type=str(column.type),
                description=column.description,
                constraints=dg.TableColumnConstraints(
                    nullable=not column.required,
                    other=[f"additivity: {column.additivity}"] if column.additivity else [],
                ),
            )
            for column in stream.columns
        ]
    )


def _metadata(
    receipt: Receipt, accounts: int, replaced: Sequence[str]
) -> dict[str, dg.MetadataValue]:
    unknown = sorted({row.unknown_fields for row in receipt.rows if row.unknown_fields})
    metadata: dict[str, dg.MetadataValue] = {
        "dagster/row_count": dg.MetadataValue.int(receipt.total("rows")),
        "sync_id": dg.MetadataValue.text(receipt.sync_id),
        "accounts": dg.MetadataValue.int(accounts),
        "chunks": dg.MetadataValue.int(len(receipt.rows)),
        "failed_chunks": dg.MetadataValue.int(len(receipt.failures)),
        "rejected_rows": dg.MetadataValue.int(receipt.total("rejected_rows")),
        "requests": dg.MetadataValue.int(receipt.total("requests")),
        "retries": dg.MetadataValue.int(receipt.total("retries")),
        "bytes": dg.MetadataValue.int(receipt.total("bytes")),
    }
    if replaced:
        metadata["replaced"] = dg.MetadataValue.text("; ".join(replaced))
    if unknown:
        metadata["unknown_fields"] = dg.MetadataValue.text("; ".join(unknown))
    return metadata


def _backfill_window(
    context: dg.AssetExecutionContext, platform: Platform, stream: Stream
) -> Window | None:
    """The dates that were asked for; None when none were: then whatever is due is pulled."""
    if platform.objects is not None:
        return None
    if stream.kind == "report":
        window = window_of(context.partition_key_range)
    elif stream.kind == "changes" and tags.RANGE_START in context.run.tags:
        # Such an asset has no partitions; the run's range says what was modified when.
        first, last = (context.run.tags[name] for name in (tags.RANGE_START, tags.RANGE_END))
        window = window_of(dg.PartitionKeyRange(first, last))
    else:
        return None
    # A weekend's spend is converted at the rate of the Friday before.
    lead = timedelta(days=FEED_LEAD_DAYS if platform.shared else 0)
    return Window(window.start - lead, window.end)


def _comes_along(context: dg.AssetExecutionContext, platform: Platform) -> bool:
    """Says of a feed whether the run is about others, whose money it converts."""
    only = context.run.tags.get(tags.PLATFORMS)
    about_others = only is not None and platform.name not in only.split(",")
    return platform.shared and (about_others or tags.ORGANIZATION in context.run.tags)


def unhealthy(space: Workspace, platform: Platform, stream: Stream) -> list[StreamStatus]:
    """Returns the active accounts whose newest sync of a stream did not deliver everything.

    It is judged by the log and not by this run, which may have been about other accounts.
    """
    active = {c.connection_id for c in space.registry.connections(platform=platform.name)}
    return [
        status
        for status in SyncLog(space.home).latest_status(platform.name, stream.name, clock.now())
        if status.connection_id in active
        and (
            status.status != "succeeded"
            or status.rejected_rows
            or status.missing_fields
            or status.future_at
        )
    ]


def health(key: dg.AssetKey, found: list[StreamStatus]) -> dg.AssetCheckResult:
    """Returns the check of a raw asset: red when an account did not deliver all of it.

    Args:
        key: the asset.
        found: accounts that are not well, as of `unhealthy`.
    """
    names = sorted(f"{s.organization_id}/{s.account_id}" for s in found)
    lines = [f"{s.organization_id}/{s.account_id}: {_trouble(s)}" for s in found]
    red = [s for s in found if not s.is_skipped]
    word = "failed" if red else "skipped, the refusal is reported at another stream"
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=CHECK,
        passed=not red,
        severity=dg.AssetCheckSeverity.ERROR,
        description=(
            f"{word}: {', '.join(names)}{_without(red)}" if names else "all accounts delivered"
        ),
        metadata={"failures": dg.MetadataValue.md("\n\n".join(lines))} if lines else {},
    )


def _reach_specs(key: dg.AssetKey, stream: Stream) -> list[dg.AssetCheckSpec]:
    if stream.reach is None:
        return []
    return [
        dg.AssetCheckSpec(
            REACH_CHECK,
            asset=key,
            description=f"No active account holds {stream.name} older than {stream.reach.days} "
            f"days whose {stream.reach.changes} the platform hides from it.",
        )
    ]


def reach_results(
    space: Workspace, key: dg.AssetKey, platform: Platform, stream: Stream
) -> list[dg.AssetCheckResult]:
    """Returns the check of a stream that not every account is shown whole: it warns of those."""
    if stream.reach is None:
        return []
    labels = {
        c.connection_id: f"{c.organization_id}/{c.account_id}"
        for c in space.registry.connections(platform=platform.name)
    }
    lines = [
        f"{labels[one.connection_id]}: {one}"
        for one in unseen_of(space.home, platform, stream)
        if one.records and one.connection_id in labels
    ]
    return [
        dg.AssetCheckResult(
            asset_key=key,
            check_name=REACH_CHECK,
            passed=not lines,
            severity=dg.AssetCheckSeverity.WARN,
            description="; ".join(lines) or "nothing that is held is out of reach",
            metadata={"remedy": stream.reach.remedy} if lines else {},
        )
    ]


def _without(found: list[StreamStatus]) -> str:
    """Names the columns that are null because the platform refused their fields."""
    missing = sorted({name for status in found for name in status.missing_fields})
    return f" (without {', '.join(missing)}, which the platform no longer has)" if missing else ""


def _trouble(status: StreamStatus) -> str:
    if status.future_at:
        return f"a sync is dated {status.future_at}, in the future: the clock was wrong"
    if status.status == "succeeded" and status.missing_fields:
        return f"without {', '.join(status.missing_fields)}: {MISSING_REMEDY}"
    if status.status == "succeeded":
        return f"{status.rejected_rows} rows could not be typed, see lake/quarantine"
    return f"{status.error_class}: {status.error_message}"
