"""Where things are and how loudly to speak: the environment, read in one place."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from warehouse.retention import Retention

PROJECT_ROOT = Path(__file__).resolve().parent.parent
DBT_PROJECT_DIR = PROJECT_ROOT / "dbt_project"
CODE_LOCATION = "tributary"
DEFINITIONS = "orchestration.definitions"
"""What `workspace.yaml` calls the code location, and the module that it names."""


def home_path() -> Path:
    """The lake's root: ``TRIBUTARY_HOME``, else ``./data``."""
    return Path(os.environ.get("TRIBUTARY_HOME") or "data").expanduser().resolve()


def database_url() -> str | None:
    """``TRIBUTARY_DATABASE_URL`` for the registry; None means SQLite inside the home."""
    return os.environ.get("TRIBUTARY_DATABASE_URL") or None


def accounts_at_once() -> int:
    """How many accounts of one stream are fetched at once (``TRIBUTARY_ACCOUNTS_AT_ONCE``).

    Four keeps both of two cores busy while the network waits; the order of rows in the file does
    not depend on it.
    """
    return max(1, int(os.environ.get("TRIBUTARY_ACCOUNTS_AT_ONCE") or 4))


def retention() -> Retention:
    """Which releases are kept: ``TRIBUTARY_KEEP_RELEASES`` and ``TRIBUTARY_KEEP_RELEASE_DAYS``."""
    from warehouse.retention import KEEP_DAYS, KEEP_NEWEST, Retention

    return Retention(
        newest=int(os.environ.get("TRIBUTARY_KEEP_RELEASES") or KEEP_NEWEST),
        days=int(os.environ.get("TRIBUTARY_KEEP_RELEASE_DAYS") or KEEP_DAYS),
    )
