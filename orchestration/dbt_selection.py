"""How dbt is asked to leave out hundreds of nodes.

To match each node of the project with each of hundreds of names costs dbt seconds of every command.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

TAG = "left_out"


def tagged(manifest: Manifest, names: Collection[str]) -> list[str]:
    """Marks nodes in a parsed project; returns what selects them, and nothing without any.

    Args:
        manifest: the project, which is changed: what was marked before is marked no longer.
        names: of the nodes.
    """
    wanted = set(names)
    for node in manifest.nodes.values():
        others = [tag for tag in node.tags if tag != TAG]
        node.tags = [*others, TAG] if node.name in wanted else others
    return [f"tag:{TAG}"] if wanted else []
