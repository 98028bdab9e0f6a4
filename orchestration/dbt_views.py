"""When dbt has to make views and seeds: after something of them changed, which is rarely.

Half of the project's nodes are views. Nothing goes into them but the project's files, the place of
the lake and the columns of its files; the same holds of seeds, without the lake. To make them all
anew in every build costs as much as a build that finds nothing to do.
"""

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from orchestration import dbt_manifest
from warehouse.build_records import record_views_code, views_code
from warehouse.home import Home
from warehouse.plain_paths import plain
from warehouse.seeds import seed_files

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest


class Views:
    """The views and seeds in a home's build file, as made by one state of the code.

    Args:
        home: whose build file; the build lock is held, the lake has its zero-row files.
        manifest: dbt's, for the unique ids of all views and seeds.

    Attributes:
        code: a text for what they are made by.
    """

    SELECTION = ("resource_type:seed", "config.materialized:view")
    """The same in dbt's words."""

    def __init__(self, home: Home, manifest: "Manifest") -> None:
        self._home = home
        self._ids = {
            key
            for key, node in manifest.nodes.items()
            if str(node.resource_type) == "seed"
            or (str(node.resource_type) == "model" and node.config.materialized == "view")
        }
        self.code = _code(home)

    def stand(self) -> bool:
        """Whether all of them are there as the code says; dbt may leave them out if so."""
        return views_code(self._home.build_db) == self.code

    def record(self, made: Iterable[str]) -> None:
        """Writes down that they stand, if ``made`` has all of their unique ids."""
        if self._ids <= set(made):
            record_views_code(self._home.build_db, self.code)


def forget_views(home: Home) -> None:
    """Removes the record of all views: call it before whatever might change some of them."""
    record_views_code(home.build_db, None)


def _code(home: Home) -> str:
    digest = hashlib.sha256(dbt_manifest.project_digest().encode())
    digest.update(plain(home.path).encode())
    for path in seed_files(home):
        digest.update(str(path.relative_to(home.lake)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
