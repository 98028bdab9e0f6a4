"""Our real path in a process of its own: from the platform's API to committed Parquet.

python -m benchmarks.pull_path connect SANDBOX_URL
python -m benchmarks.pull_path pull PLATFORM STREAM DAYS     (that many, ending at the clock)
"""

from __future__ import annotations

import sys
import uuid
from datetime import timedelta

from benchmarks.processes import say
from connectors.core import clock
from connectors.core.window import Window
from orchestration.pull import Pull, pull
from orchestration.sources import select_sources
from orchestration.workspace import open_workspace


def connect(url: str) -> None:
    """Connects the sandbox's accounts."""
    from connectors.sandbox.server import SandboxClient
    from warehouse import apply_file

    space = open_workspace()
    declared = apply_file.parse_text(
        SandboxClient(url).connections_yaml(), space.credential_fields()
    )
    apply_file.apply(space.registry, declared)


def pull_days(platform_name: str, stream_name: str, days: int) -> None:
    """Pulls some days of one stream."""
    space = open_workspace()
    platform = space.platforms[platform_name]
    stream = platform.stream(stream_name)
    end = clock.now().date()
    run_id = str(uuid.uuid4())
    window = Window(end - timedelta(days=days), end)
    sources = select_sources(space, platform, stream.name, run_id=run_id)
    receipt = pull(Pull(space.home, platform, stream, run_id, window), sources)
    if receipt.failures:
        raise RuntimeError(receipt.failures[0].error_message)
    files = (space.home.raw_dir(platform.name, stream.name)).rglob(f"{receipt.sync_id}*.parquet")
    say(
        rows=receipt.total("rows"),
        bytes=receipt.total("bytes"),
        rejected=receipt.total("rejected_rows"),
        file_bytes=sum(path.stat().st_size for path in files),
    )


if __name__ == "__main__":
    if sys.argv[1] == "connect":
        connect(sys.argv[2])
    else:
        pull_days(sys.argv[2], sys.argv[3], int(sys.argv[4]))
