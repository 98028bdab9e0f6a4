"""One raw asset per stream of every platform folder, made by one factory."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import dagster as dg

from connectors import platforms
from connectors.core.platform import Platform
from connectors.core.stream import Stream
from connectors.core.window import Window
from orchestration.defs import tags
from orchestration.defs.partitions import account_dates, window_of
from orchestration.defs.raw_checks import health, raw_check_specs, reach_results, unhealthy
from orchestration.defs.resources import WorkspaceResource
from orchestration.defs.staleness import fresh_for
from orchestration.feeds import reach_back
from orchestration.first_days import FEED_LEAD_DAYS
from orchestration.instance import killed_runs_like, sign_run
from orchestration.progress import announce
from orchestration.pull import Pull, Receipt, pull
from orchestration.replacements import replacements
from orchestration.sources import select_sources

OWNER = "team:data-engineering"


def raw_assets(first: date) -> list[dg.AssetsDefinition]:
    """Returns an asset for each stream of each platform that has a folder.

    Args:
        first: the first partition of daily reports.
    """
    dates = account_dates(first)
    return [
        raw_asset(platform, stream, dates)
        for platform in platforms.load().values()
        for stream in platform.streams
    ]


def raw_key(platform: Platform, stream: Stream) -> dg.AssetKey:
    """Returns ``raw/<platform>/<stream>``."""
    return dg.AssetKey(["raw", platform.name, stream.name])


def raw_asset(
    platform: Platform, stream: Stream, dates: dg.PartitionsDefinition[str]
) -> dg.AssetsDefinition:
    """Builds the asset that pulls one stream of all connected accounts.

    Args:
        dates: the partitions of one with daily reports.
    """
    key = raw_key(platform, stream)
    report = platform.intake.window_ends(stream) == "dates"

    @dg.asset(
        key=key,
        description=stream.description,
        group_name=platform.name,
        kinds={"python", "parquet"},
        owners=[OWNER],
        pool=platform.name,
        partitions_def=dates if report else None,
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
        check_specs=raw_check_specs(key, stream),
        freshness_policy=fresh_for(platform),
    )
    def pulled(
        context: dg.AssetExecutionContext, workspace: WorkspaceResource
    ) -> dg.MaterializeResult:  # type: ignore[type-arg]
        sign_run(context.instance, context.run)
        space = workspace.open()
        mode = context.run.tags.get(tags.MODE)
        window = None if mode else backfill_window(context.run.tags, platform, stream)
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
        if sources:
            announce(f"pulling {platform.name}/{stream.name}")
        receipt = pull(job, sources, progress=workspace.progress(platform.name, stream.name))
        if receipt.rows and not platform.intake.keeps_to_start:
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
        # Of the whole sync: as `dagster/row_count` each of its dates would show them as its own.
        "rows": dg.MetadataValue.int(receipt.total("rows")),
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


def backfill_window(asked: Mapping[str, str], platform: Platform, stream: Stream) -> Window | None:
    """Returns the dates that a run was asked for; None when none were: what is due is pulled.

    Of a stream of changes, which has no partitions, it is when something was modified.

    Args:
        asked: the tags of the run.
    """
    one = asked.get(tags.PARTITION)
    first, last = asked.get(tags.RANGE_START, one), asked.get(tags.RANGE_END, one)
    if first is None or last is None or platform.intake.window_ends(stream) is None:
        return None
    window = window_of(dg.PartitionKeyRange(first, last))
    # A weekend's spend is converted at the rate of the Friday before.
    lead = timedelta(days=FEED_LEAD_DAYS if platform.shared else 0)
    return Window(window.start - lead, window.end)


def _comes_along(context: dg.AssetExecutionContext, platform: Platform) -> bool:
    """Says of a feed whether the run is about others, whose money it converts."""
    only = context.run.tags.get(tags.PLATFORMS)
    about_others = only is not None and platform.name not in only.split(",")
    return platform.shared and (about_others or tags.ORGANIZATION in context.run.tags)
