"""dbt's parsed project, made once for all processes of a test session."""

import os
import shutil
from pathlib import Path

from orchestration import dbt_manifest
from warehouse.home import Home
from warehouse.locks import build_lock

VARIABLE = "TESTS_PARSED_PROJECT"
"""Names a folder of the session, which its first process makes and removes (`conftest.py`)."""


def parsed_project() -> Path:
    """The folder with what dbt's parser wrote, parsed by the first who asks."""
    home = Home.open(Path(os.environ[VARIABLE]) / "home")
    with build_lock(home):
        return dbt_manifest.parsed(home).parent


def share_parsed_project(path: Path) -> None:
    """Puts the parsed project into a home, which then has nothing to parse."""
    target = dbt_manifest.target_path(Home.open(path))
    shutil.copytree(parsed_project(), target, dirs_exist_ok=True)
