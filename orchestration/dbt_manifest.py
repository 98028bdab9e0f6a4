"""dbt's parsed project, kept beside a home's data and parsed anew only when its files changed.

Parsing takes several times as long as a refresh that found nothing to do, and dbt's own partial
parsing starts over whenever a variable differs; ours, ``as_of``, differs in every run. No model's
configuration depends on it: the SQL is rendered with it when a node runs. Nor is a home part of
what is kept: sources name the lake below ``ANY_HOME`` until it is loaded for one.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import metadata
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from connectors.core import clock
from orchestration.column_words import describe_columns
from orchestration.level_models import with_level_models
from orchestration.settings import DBT_PROJECT_DIR
from warehouse.home import Home
from warehouse.plain_paths import plain

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult
    from dbt.contracts.graph.manifest import Manifest

EXECUTABLE = str(Path(sys.executable).with_name("tributary-dbt"))
SEMANTIC_FILE = "semantic_manifest.json"
FILES = ("manifest.json", "manifest.msgpack", SEMANTIC_FILE)
"""What `parse` writes: the first is for Dagster, the second for dbt, the third for MetricFlow."""
ANY_HOME = "/any-tributary-home"
"""Stands for the home in a parsed project. Nothing is there, so nothing can be read by mistake."""
PROJECT_OPTIONS = {"--project-dir", "--profiles-dir", "--profile", "--target", "-t", "--vars"}
"""Options that change what the parsed project says."""
STAMP = "project.sha256"
KEPT_RUNS = 10


def own_options(arguments: Sequence[str]) -> dict[str, str]:
    """Returns options that mean another project than the one that is kept; its clock is none."""
    options = {name: value for name, value in pairwise(arguments) if name in PROJECT_OPTIONS}
    variables = yaml.safe_load(options.pop("--vars", "{}"))
    return options | ({"--vars": json.dumps(variables)} if variables.keys() - {"as_of"} else {})


@dataclass
class Project:
    """The parsed project.

    Attributes:
        manifest: as a ``dbtRunner`` wants it.
    """

    manifest: "Manifest"

    @cached_property
    def dictionary(self) -> dict[str, Any]:
        """The same in plain values, made once; its sources may name no home."""
        return self.manifest.to_dict()


_preloaded: dict[str, Project] = {}
"""State of the project's files -> what `preload` has read."""


def target_path(home: Home) -> Path:
    """Where dbt compiles to; beside the data, since the compiled SQL names the lake's paths."""
    return home.path / "dbt" / "target"


def parsed(home: Home) -> Path:
    """Returns the path of dbt's manifest, parsing the project only if its files changed.

    Raises:
        RuntimeError: dbt could not parse the project; the message is dbt's.
    """
    target = target_path(home)
    stamp = target / STAMP
    digest = project_digest()
    if not (stamp.exists() and stamp.read_text() == digest):
        target.mkdir(parents=True, exist_ok=True)
        # Elsewhere first: another process may be reading what is there.
        with tempfile.TemporaryDirectory(dir=target, prefix="parse-") as folder:
            _parse(folder)
            # Killed from here on, two projects are mixed there; without a stamp it is not used.
            stamp.unlink(missing_ok=True)
            for name in FILES:
                os.replace(Path(folder, name), target / name)
            Path(folder, stamp.name).write_text(digest)
            os.replace(Path(folder, stamp.name), stamp)
    return target / FILES[0]


def load(home: Home) -> Project:
    """Returns the parsed project, its sources in this home's lake.

    Raises:
        RuntimeError: dbt could not parse the project; the message is dbt's.
    """
    path = parsed(home)
    digest = (path.parent / STAMP).read_text()
    project = _preloaded.pop(digest, None) or Project(_read(path))
    for source in project.manifest.sources.values():
        place = source.config.extra["external_location"]
        source.config.extra["external_location"] = place.replace(ANY_HOME, plain(home.path))
    return project


def preload(home: Home) -> None:
    """Reads the parsed project ahead for the first `load`, if it stands as its files are."""
    stamp = target_path(home) / STAMP
    if stamp.exists() and (digest := stamp.read_text()) == project_digest():
        project = Project(_read(stamp.with_name(FILES[0])))
        # It may have been replaced while it was read.
        if stamp.exists() and stamp.read_text() == digest:
            _preloaded[digest] = project
            _ = project.dictionary


def _read(path: Path) -> "Manifest":
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    content = path.with_name(FILES[1]).read_bytes()
    manifest = Manifest.from_msgpack(content, decoder=extended_mashumuro_decoder)
    # No macro asks it where a source lies, so that it is right for any home.
    manifest.build_flat_graph()  # type: ignore[no-untyped-call]
    return manifest


def parse(arguments: Sequence[str], folder: str = "") -> "dbtRunnerResult":
    """Runs ``dbt parse`` in this process; what it returns has the columns of all models.

    Args:
        arguments: dbt's, the command among them; what they leave out is in the environment.
        folder: where to write the project for its readers, unless the arguments say another one;
            without one it is not written.
    """
    from dbt.cli.main import dbtRunner
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import write_manifest

    options = dict(pairwise(arguments))
    project = Path(options.get("--project-dir", os.environ["DBT_PROJECT_DIR"]))
    found = dbtRunner().invoke([*with_level_models(arguments, project), "--no-write-json"])
    if found.success and isinstance(found.result, Manifest):
        manifest = describe_columns(found.result, project)
        manifest.flat_graph = {}
        if folder:
            target = Path(options.get("--target-path", folder))
            write_manifest(manifest, str(target))
            (target / FILES[1]).write_bytes(manifest.to_msgpack())
        manifest.build_flat_graph()  # type: ignore[no-untyped-call]
    return found


def forget_old_runs(home: Home) -> None:
    """Removes what the dbt of all but the newest runs wrote: logs, compiled SQL, some 15 MB a run.

    Call it under the build lock: the folder of the run that holds it is the newest.
    """
    folders = sorted(
        (path for path in target_path(home).glob("*-*") if path.is_dir()),
        key=lambda path: path.stat().st_mtime,
        reverse=True,
    )
    for folder in folders[KEPT_RUNS:]:
        shutil.rmtree(folder)


def project_digest() -> str:
    """Returns one text for all that a parsed project is made of: its files, and dbt."""
    digest = hashlib.sha256()
    for package in ("dbt-core", "dbt-duckdb"):
        digest.update(metadata.version(package).encode())
    for path in sorted(DBT_PROJECT_DIR.rglob("*")):
        if path.is_file() and not {"target", "logs"} & set(path.parts):
            digest.update(str(path.relative_to(DBT_PROJECT_DIR)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _parse(folder: str) -> None:
    variables = json.dumps({"as_of": clock.now().isoformat()})
    options = ["--quiet", "--no-partial-parse", "--target-path", folder, "--vars", variables]
    done = subprocess.run(
        [EXECUTABLE, "parse", *options],
        cwd=DBT_PROJECT_DIR,
        env=os.environ | {"TRIBUTARY_HOME": ANY_HOME},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"dbt could not parse {DBT_PROJECT_DIR}:\n{done.stdout}{done.stderr}")
