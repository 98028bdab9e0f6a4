"""Which tables a build has to make: those of which something below them in the lake has changed.

A table that was built whole, by this code, of what the lake and the registry still hold, would be
built the same again; to look at it costs dbt a tenth of a second all the same. The record of it is
removed before a build may change the table, and written once the build of it has succeeded: after
whatever was interrupted, failed or was done by hand the table is built.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from orchestration.input_states import InputStates
from orchestration.last_run import code_digest
from orchestration.model_inputs import ModelInputs
from warehouse.home import Home
from warehouse.made_of import forget_made_of, forget_seen, made_of, record_made_of

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest


class Tables:
    """The tables of one manifest, seen against what the build files record.

    Args:
        home: whose build files; the build lock is held.
        manifest: dbt's, as a dictionary.
        views_code: a text for the state of views and seeds, which tables are computed through.
    """

    def __init__(self, home: Home, manifest: Mapping[str, Any], views_code: str) -> None:
        self._nodes = {
            key: node for key, node in manifest["nodes"].items() if node["resource_type"] == "model"
        }
        self._files = {"build": home.build_db, "serve": home.serve_db}
        states, code = InputStates(home), code_digest() + views_code
        tables = [k for k, node in self._nodes.items() if node["config"]["materialized"] != "view"]
        inputs = ModelInputs(manifest)
        self._made_of = {key: states.made_of(code, inputs.of(key)) for key in tables}
        self._read = {
            key: {
                "own_inputs": states.made_of(code, read.inputs),
                "own_tables": sorted(read.tables),
            }
            for key in tables
            for read in [inputs.read_by(key)]
        }

    def standing(self) -> list[str]:
        """Returns the names of the tables that dbt may leave out, in order."""
        recorded = {name: made_of(path) for name, path in self._files.items()}
        return sorted(
            self._name(key)
            for key, text in self._made_of.items()
            if text is not None and recorded[self._database(key)].get(self._name(key)) == text
        )

    def mark_inputs(self, project: "Manifest", is_whole: bool) -> None:
        """Writes into a parsed project what each table reads itself, for `what_is_read`.

        Args:
            project: what dbt is going to build.
            is_whole: all that tables read is built, too. If not, the log that a table reads may be
                older than the log's files, so that nothing can be said of what it has read.
        """
        for key, read in self._read.items():
            project.nodes[key].config.meta.update(read if is_whole else {"own_inputs": None})

    def begin(self, standing: Iterable[str]) -> None:
        """Removes the records of all tables but those that a build leaves out."""
        kept = list(standing)
        for path in self._files.values():
            forget_made_of(path, kept)

    def record(self, made: Iterable[str]) -> None:
        """Writes down what tables are made of, by their unique ids, once they are built."""
        texts: dict[str, dict[str, str]] = {name: {} for name in self._files}
        for key in made:
            if text := self._made_of.get(key):
                texts[self._database(key)][self._name(key)] = text
        for name, path in self._files.items():
            record_made_of(path, texts[name])

    def _name(self, key: str) -> str:
        return str(self._nodes[key]["name"])

    def _database(self, key: str) -> str:
        return str(self._nodes[key]["database"])


def forget_tables(home: Home) -> None:
    """Removes the records of all tables: call it before whatever might change some of them."""
    for path in (home.build_db, home.serve_db):
        forget_made_of(path)
        forget_seen(path)
