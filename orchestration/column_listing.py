"""Writes down which columns each model has: `make columns`, after a change of a model's columns.

dbt's parser does not know them, and to let DuckDB find them out costs more than parsing does. So
they are read from a warehouse that is built over an empty lake, and kept in the repository, where a
change of the published columns is seen.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from orchestration.column_words import LISTING
from orchestration.dbt_manifest import EXECUTABLE
from orchestration.settings import DBT_PROJECT_DIR
from orchestration.workspace import open_workspace
from warehouse.built_columns import built_columns
from warehouse.home import Home

HEAD = "# Which columns each model has, in their order. Written by `make columns`; do not edit.\n"


def main() -> None:
    """Builds a warehouse without rows and writes the `columns.lock` of each folder of models."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TRIBUTARY_HOME"] = str(Path(folder, "home"))
        space = open_workspace()
        space.prepare_lake()
        build = [EXECUTABLE, "build", "--quiet", "--exclude-resource-types", "test", "unit_test"]
        done = subprocess.run(build, check=False)
        if done.returncode:
            sys.exit("The models could not be built, so their columns are not known.")
        write_listings(space.home, DBT_PROJECT_DIR)


def write_listings(home: Home, project: Path) -> None:
    """Writes the columns of all models, as they are in a home's build files."""
    built = built_columns((home.build_db, home.serve_db))
    lines: dict[Path, list[str]] = {}
    for path in sorted(project.glob("models/**/*.sql")):
        names = " ".join(built[path.stem])
        lines.setdefault(path.parent, []).append(f"{path.stem}: {names}\n")
    for folder, listed in lines.items():
        (folder / LISTING).write_text(HEAD + "".join(listed))


if __name__ == "__main__":
    main()
