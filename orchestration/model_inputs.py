"""What of the lake the models of dbt's manifest are computed from, themselves or through others.

An input is a text: ``raw/<platform>/<stream>`` for a stream's files, ``log/<platform>/<stream>``,
``log/<platform>`` or ``log`` for the rows that the sync log has of a stream, a platform or at all,
``registry/<name>`` for a table that the registry exports, and `CLOCK` and `UNKNOWN`.

Nearly every model reads the log somewhere above, so whoever shows a part of it alone says which:

- the macros of `BY_STREAM` read the log of the stream that they read the rows of;
- a model's ``config.meta.streams_of`` names levels for an input: of the log it sees, through that
  input, the streams of these levels only;
- ``config.meta.platforms_of`` likewise: only the platforms that have a stream of these levels.

Without any of these a model is taken to depend on the whole log.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

CLOCK = "clock"
"""It calls ``as_of()``: it is another one at any other moment."""

UNKNOWN = "unknown"
"""It reads a source of which nothing is known here."""

WHOLE_LOG = "log"

TABLES = ("dirty_keys", "table")
"""The materializations that record what they rewrite. All others show what is above them."""

BY_STREAM = (
    "winning_rows",
    "winning_day_fingerprints",
    "listed_rows",
    "last_listed_rows",
    "committed_rows",
    "newest_rows",
    "newest_record_fingerprints",
    "received_rows",
)
"""Macros that name a platform and a stream, and filter by both whatever they read of the log."""

_MACRO = "macro.tributary."
_LOG_LAYER = "log"


@dataclass(frozen=True, slots=True)
class Read:
    """What a model reads itself or through views.

    Attributes:
        inputs: of the lake, as texts.
        tables: the names of the tables above it: whatever changes them is recorded of them.
    """

    inputs: frozenset[str]
    tables: frozenset[str] = frozenset()


class ModelInputs:
    """The inputs of the models of one manifest.

    Args:
        manifest: dbt's, as a dictionary.
    """

    def __init__(self, manifest: Mapping[str, Any]) -> None:
        self._nodes: Mapping[str, Any] = manifest["nodes"]
        self._sources: Mapping[str, Any] = manifest["sources"]
        self._macros: Mapping[str, Any] = manifest["macros"]
        self._log_models = {
            key: node["name"]
            for key, node in self._nodes.items()
            if node["resource_type"] == "model" and node["fqn"][1] == _LOG_LAYER
        }
        self._log_readers = {
            key for key, macro in self._macros.items() if self._names_the_log(macro["macro_sql"])
        }
        self._streams: dict[str, set[str]] = defaultdict(set)
        for source in self._sources.values():
            if level := source["config"].get("meta", {}).get("level"):
                self._streams[level].add(f"{source['source_name']}/{source['name']}")
        self._found: dict[str, frozenset[str]] = {}
        self._read: dict[str, Read] = {}

    def of(self, key: str) -> frozenset[str]:
        """Returns the inputs of a model, seed or source by its unique id."""
        if key not in self._found:
            source = self._sources.get(key)
            self._found[key] = _of_source(source) if source else self._of_node(key)
        return self._found[key]

    def read_by(self, key: str) -> Read:
        """Returns what a model reads itself or through views, by its unique id."""
        if key not in self._read:
            self._read[key] = self._read_by(key)
        return self._read[key]

    def levels(self, key: str) -> dict[str, Sequence[str]]:
        """Returns what a model says of its inputs: name -> levels of which it sees the log."""
        meta = self._nodes[key]["config"].get("meta", {})
        return {**meta.get("streams_of", {}), **meta.get("platforms_of", {})}

    def streams(self, level: str) -> set[str]:
        """Returns the streams of a level, each as ``<platform>/<stream>``."""
        return self._streams.get(level, set())

    def _of_node(self, key: str) -> frozenset[str]:
        node = self._nodes.get(key)
        if node is None:
            return frozenset({UNKNOWN})
        used = self._macros_of(node)
        is_by_stream = self._is_by_stream(node, used)
        found = {CLOCK} if f"{_MACRO}as_of" in used else set[str]()
        for parent in node["depends_on"].get("nodes", []):
            if not (is_by_stream and parent in self._log_models):
                found |= self._seen(node, parent)
        return frozenset(found)

    def _read_by(self, key: str) -> Read:
        node = self._nodes.get(key)
        if node is None or key in self._sources:
            return Read(self.of(key))
        used = self._macros_of(node)
        is_by_stream = self._is_by_stream(node, used)
        inputs = {CLOCK} if f"{_MACRO}as_of" in used else set[str]()
        tables = set[str]()
        for parent in node["depends_on"].get("nodes", []):
            if is_by_stream and parent in self._log_models:
                continue
            above = self._nodes.get(parent)
            if parent.rpartition(".")[2] in self.levels(key):
                inputs |= self._seen(node, parent)
            elif above and above["config"]["materialized"] in TABLES:
                tables.add(above["name"])
            else:
                read = self.read_by(parent)
                inputs, tables = inputs | read.inputs, tables | read.tables
        return Read(frozenset(inputs), frozenset(tables))

    def _seen(self, node: Mapping[str, Any], parent: str) -> Set[str]:
        """The inputs of a parent, as far as a model says that it sees them."""
        inputs = self.of(parent)
        meta = node["config"].get("meta", {})
        name = parent.rpartition(".")[2]
        streams, platforms = meta.get("streams_of", {}), meta.get("platforms_of", {})
        levels = [*streams.get(name, ()), *platforms.get(name, ())]
        if WHOLE_LOG not in inputs or not levels or not all(map(self.streams, levels)):
            return inputs
        seen = set(inputs - {WHOLE_LOG})
        for level in streams.get(name, ()):
            seen |= {f"{WHOLE_LOG}/{stream}" for stream in self.streams(level)}
        for level in platforms.get(name, ()):
            seen |= {f"{WHOLE_LOG}/{stream.partition('/')[0]}" for stream in self.streams(level)}
        return seen

    def _is_by_stream(self, node: Mapping[str, Any], used: Collection[str]) -> bool:
        """Whether all that a node reads of the log is what `BY_STREAM` shows of its own sources."""
        readers = self._log_readers & set(used)
        allowed = {f"{_MACRO}{name}" for name in BY_STREAM}
        has_source = any(key in self._sources for key in node["depends_on"].get("nodes", []))
        names_it = self._names_the_log(node.get("raw_code") or "")
        return has_source and readers <= allowed and not names_it

    def _names_the_log(self, sql: str) -> bool:
        return any(name in sql for name in self._log_models.values())

    def _macros_of(self, node: Mapping[str, Any]) -> set[str]:
        """All macros that a node calls, itself or through others."""
        found: set[str] = set()
        waiting = list(node["depends_on"].get("macros", []))
        while waiting:
            key = waiting.pop()
            if key in found or key not in self._macros:
                continue
            found.add(key)
            waiting += self._macros[key]["depends_on"]["macros"]
        return found


def _of_source(source: Mapping[str, Any]) -> frozenset[str]:
    """The inputs of a source, by its place in the lake."""
    platform, name = source["source_name"], source["name"]
    place = str(source["config"].get("external_location", ""))
    if "/lake/syncs/" in place:
        return frozenset({WHOLE_LOG})
    if "/lake/registry/" in place:
        return frozenset({f"registry/{name}"})
    if f"/lake/raw/{platform}/" in place:
        return frozenset({f"raw/{platform}/{name}", f"{WHOLE_LOG}/{platform}/{name}"})
    return frozenset({UNKNOWN})
