"""What the assets are given: the workspace and dbt."""

import dagster as dg

from orchestration.progress import page_progress
from orchestration.pull import Progress
from orchestration.workspace import Workspace, open_workspace


class WorkspaceResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The home, the registry and the platforms. Holds no secret: they are read when needed."""

    def open(self) -> Workspace:
        """Returns this process's workspace; opened once, so that tokens are fetched once."""
        return open_workspace()

    def progress(self, platform: str, stream: str) -> Progress:
        """Returns who watches the pages of a stream."""
        return page_progress(platform, stream)
