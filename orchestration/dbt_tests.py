"""Which of dbt's tests a build has to run: those of tables that changed since they last passed.

A test looks at whole tables. One whose tables no build has touched since it passed would say the
same again, however long that takes; and one that failed, or never ran because the process was
killed, is due until it passes.
"""

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from warehouse.build_records import passed_tests, record_tests, rewrite_counts
from warehouse.home import Home


class DueTests:
    """The tests of one manifest, seen against what the build files record.

    Args:
        home: whose build files; the build lock is held.
        manifest: dbt's, as a dictionary.
    """

    def __init__(self, home: Home, manifest: Mapping[str, Any]) -> None:
        self._home = home
        self._nodes: Mapping[str, Any] = manifest["nodes"]
        self._tests = [key for key, node in self._nodes.items() if node["resource_type"] == "test"]
        self._code = _checksum(manifest)

    def settled(self) -> list[str]:
        """Returns the names of the tests that need not run."""
        passed, now = passed_tests(self._home.build_db), self._tested()
        return sorted(
            self._nodes[test]["name"] for test in self._tests if passed.get(test) == now[test]
        )

    def record(self, passed: Iterable[str], failed: Iterable[str]) -> None:
        """Writes down what has just been tested, by the tests' unique ids."""
        now = self._tested()
        record_tests(self._home.build_db, {test: now[test] for test in passed}, list(failed))

    def _tested(self) -> dict[str, str]:
        """What each test would test now: the code, and how often its tables were rewritten."""
        counts = rewrite_counts([self._home.build_db, self._home.serve_db])

        @cache
        def above(key: str) -> frozenset[str]:
            parents = self._nodes.get(key, {}).get("depends_on", {}).get("nodes", [])
            return frozenset({key}).union(*(above(parent) for parent in parents))

        found = {}
        for test in self._tests:
            names = (self._nodes[key]["name"] for key in above(test) if key in self._nodes)
            found[test] = f"{self._code}:{sum(counts[name] for name in names)}"
        return found


def _checksum(manifest: Mapping[str, Any]) -> str:
    """One text for all code of the project: a test's meaning may lie in a macro."""
    digest = hashlib.sha256()
    for kind, field in (("nodes", "raw_code"), ("macros", "macro_sql")):
        for key in sorted(manifest[kind]):
            node = manifest[kind][key]
            if node["package_name"] == "tributary":
                digest.update(f"{key}{node.get(field, '')}{node.get('checksum', '')}".encode())
    return digest.hexdigest()[:16]
