"""Which of dbt's tests a build has to run: those of tables that changed since they last passed.

A test looks at whole tables. One whose tables no build has touched since it passed would say the
same again, however long that takes; and one that failed, or never ran because the process was
killed, is due until it passes. The same record holds releases back (`release_blockers`).
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from orchestration.check_names import full_name
from orchestration.model_inputs import TABLES
from warehouse.build_records import (
    Test,
    Verdict,
    built_names,
    outdated_tests,
    record_plan,
    record_tests,
    settled_tests,
)
from warehouse.home import Home

NOT_IN_A_RUN = "resource_type:unit_test config.meta.reads:history"
"""What only `make test` runs. Unit tests are about the SQL, not about the data; a test of a staging
view reads the whole history from Parquet, and the tables above it carry the same test. Those of
which no table does state `reads: little`. Not by path: a path would leave out each test that
reads a staging model, wherever the test stands."""


class DueTests:
    """The tests of one manifest, seen against what the build files record.

    Args:
        home: whose build files; the build lock is held.
        manifest: dbt's, as a dictionary.
    """

    def __init__(self, home: Home, manifest: Mapping[str, Any]) -> None:
        self._home = home
        self._files = (home.build_db, home.serve_db)
        self._nodes: Mapping[str, Any] = manifest["nodes"]
        self._code = _checksum(manifest)

    def plan(self) -> None:
        """Writes down all tests of a run, before it changes anything."""
        record_plan(
            self._home.build_db,
            [
                Test(key, full_name(node), self._code, self._tables(key))
                for key, node in self._nodes.items()
                if node["resource_type"] == "test" and not is_left_out(node)
            ],
        )

    def settled(self) -> list[str]:
        """Returns what dbt calls the tests that need not run."""
        settled = settled_tests(self._files, self._home.build_db)
        return sorted(self._nodes[key]["name"] for key in settled if key in self._nodes)

    def without_verdict(self) -> list[str]:
        """Returns what dbt calls the tests that have not seen their tables, which are all built."""
        built = built_names(self._files)
        return sorted(
            self._nodes[key]["name"]
            for key in outdated_tests(self._files, self._home.build_db)
            if key in self._nodes and self._reads(key) <= built
        )

    def record(self, verdicts: Mapping[str, Verdict]) -> None:
        """Writes down how tests have just ended, by their unique ids."""
        record_tests(self._files, self._home.build_db, verdicts)

    def _reads(self, test: str) -> set[str]:
        """The models that a test names itself."""
        parents = self._nodes[test]["depends_on"].get("nodes", [])
        return {self._nodes[parent]["name"] for parent in parents if parent in self._nodes}

    def _tables(self, test: str) -> tuple[str, ...]:
        """The tables whose rows a test sees, itself or through views."""
        found, seen = set(), {test}
        waiting = list(self._nodes[test]["depends_on"].get("nodes", []))
        while waiting:
            key = waiting.pop()
            if key in seen or key not in self._nodes:
                continue
            seen.add(key)
            node = self._nodes[key]
            if node["config"]["materialized"] in TABLES:
                found.add(node["name"])
            else:
                waiting += node["depends_on"].get("nodes", [])
        return tuple(sorted(found))


def is_left_out(test: Mapping[str, Any]) -> bool:
    """Whether a test of the manifest is one that a run leaves out (`NOT_IN_A_RUN`)."""
    return bool(test["config"].get("meta", {}).get("reads") == "history")


def _checksum(manifest: Mapping[str, Any]) -> str:
    """One text for all code of the project: a test's meaning may lie in a macro."""
    digest = hashlib.sha256()
    for kind, field in (("nodes", "raw_code"), ("macros", "macro_sql")):
        for key in sorted(manifest[kind]):
            node = manifest[kind][key]
            if node["package_name"] == "tributary":
                digest.update(f"{key}{node.get(field, '')}{node.get('checksum', '')}".encode())
    return digest.hexdigest()[:16]
