"""The tree under ``TRIBUTARY_HOME``: one place that knows where every file lives."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import orjson

from warehouse.durable_files import ensure_directory, sweep_temporaries, write_bytes
from warehouse.plain_paths import why_not

ORGANIZATION_PATTERN = re.compile(r"^[a-z0-9][a-z0-9_-]{0,62}$")
SHARED_ORGANIZATION = "_shared"
"""Owner of feeds nobody owns (exchange rates); only the code itself creates it."""

PARTITION = "synced="
COMPACTED = "compacted="
PARTITIONS = (PARTITION, COMPACTED)
"""What the folders of a stream's raw files begin with: as syncs left them, and compacted."""

SEED_DAY = date(1970, 1, 1)
"""The day of the zero-row files that let globs match."""

_NAME_PATTERN = re.compile(r"^[a-z0-9][a-z0-9_-]{0,62}$")
_SYNC_PATTERN = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")


class HomeError(ValueError):
    """A home that this version cannot use, or a name that may not become a path."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the tree's format: ``version`` it leads to, its name, what it does."""

    version: int
    name: str
    apply: Callable[[Home], None]


@dataclass(frozen=True, slots=True)
class Home:
    """Typed paths of one ``TRIBUTARY_HOME``. Holds no open file; safe to pass to any process.

    Attributes:
        path: the absolute directory.
    """

    path: Path

    @classmethod
    def open(cls, path: Path | str) -> Home:
        """Opens a home, creating its tree when absent and migrating an older format.

        Raises:
            HomeError: the directory was written by a newer version, or ``format.json`` is
                unreadable, or the path is a file or one that DuckDB cannot use.
        """
        home = cls(Path(path).expanduser().absolute())
        if home.path.exists() and not home.path.is_dir():
            raise HomeError(f"{home.path} is a file; TRIBUTARY_HOME must be a directory")
        if refused := why_not(home.path):
            raise HomeError(refused)
        for migration in MIGRATIONS:
            home.migrate(migration)
        _create_tree(home)
        for directory in (home.published, home.releases, home.organizations):
            sweep_temporaries(directory)
        return home

    def migrate(self, migration: Migration) -> None:
        """Takes one step of the format, unless it was taken; recorded once it is done."""
        done = applied_migrations(self)
        if migration.name not in done:
            migration.apply(self)
            _write_format(self, migration.version, [*done, migration.name])

    def _tree(self) -> tuple[Path, ...]:
        return (
            *(self.lake / name for name in ("raw", "quarantine", "landing", "registry")),
            self.syncs_dir,
            self.releases,
            self.organizations,
            self.dagster_dir,
        )

    @property
    def format_file(self) -> Path:
        """The format version and the migrations that were applied."""
        return self.path / "format.json"

    @property
    def lake(self) -> Path:
        """Parquet as reported, the sync log, quarantine, landing and registry exports."""
        return self.path / "lake"

    @property
    def syncs_dir(self) -> Path:
        """The sync log: the commit record of the lake."""
        return self.lake / "syncs"

    @property
    def registry_dir(self) -> Path:
        """Registry exports that dbt reads; they hold no secret."""
        return self.lake / "registry"

    @property
    def quarantine_root(self) -> Path:
        """Parent of every quarantine directory."""
        return self.lake / "quarantine"

    @property
    def build_db(self) -> Path:
        """dbt's staging and intermediate models; touched only under the build lock."""
        return self.path / "build.duckdb"

    @property
    def serve_db(self) -> Path:
        """Star and marts, attached to the build; touched only under the build lock."""
        return self.path / "serve.duckdb"

    @property
    def build_lock_file(self) -> Path:
        """The file whose flock guards the build and publishing."""
        return self.path / "build.lock"

    @property
    def writers_lock_file(self) -> Path:
        """The file whose flock all writers of the lake share."""
        return self.path / "writers.lock"

    @property
    def dev_lock_file(self) -> Path:
        """The file whose flock lets one Dagster UI with its daemon work on the home."""
        return self.path / "dev.lock"

    @property
    def compaction_lock_file(self) -> Path:
        """The file whose flock lets one process at a time compact the lake."""
        return self.path / "compaction.lock"

    @property
    def published(self) -> Path:
        """Directory that BI tools read."""
        return self.path / "published"

    @property
    def published_db(self) -> Path:
        """The newest release under its fixed name."""
        return self.published / "tributary.duckdb"

    @property
    def current_file(self) -> Path:
        """Which release ``published/tributary.duckdb`` is."""
        return self.published / "current.json"

    @property
    def pins_file(self) -> Path:
        """Releases that readers pinned and pruning leaves alone."""
        return self.published / "pins.json"

    @property
    def organizations_file(self) -> Path:
        """Which release each organization's file holds."""
        return self.published / "organizations.json"

    @property
    def organizations_lock_file(self) -> Path:
        """The file whose flock lets one process at a time write organizations' files."""
        return self.path / "organizations.lock"

    @property
    def organizations(self) -> Path:
        """Every organization's own file."""
        return self.published / "organizations"

    @property
    def releases(self) -> Path:
        """Every kept release under its own name."""
        return self.published / "releases"

    @property
    def control_db(self) -> Path:
        """The registry's SQLite file, unless TRIBUTARY_DATABASE_URL names another database."""
        return self.path / "control.db"

    @property
    def dagster_dir(self) -> Path:
        """DAGSTER_HOME."""
        return self.path / "dagster"

    def raw_dir(self, platform: str, stream: str) -> Path:
        """Directory of a stream's raw files, above the ``synced=…`` partitions."""
        return self.lake / "raw" / _name(platform, "platform") / _name(stream, "stream")

    def quarantine_dir(self, platform: str, stream: str) -> Path:
        """Directory of a stream's rows that could not be typed."""
        return self.quarantine_root / _name(platform, "platform") / _name(stream, "stream")

    def landing_dir(self, organization_id: str, source: str) -> Path:
        """Directory where people, webhooks and collectors drop files of one organization."""
        organization = check_organization_id(organization_id)
        return self.lake / "landing" / organization / _name(source, "source")

    def organization_db(self, organization_id: str) -> Path:
        """One tenant's published file."""
        organization = check_organization_id(organization_id)
        return self.organizations / f"{organization}.duckdb"


def check_organization_id(organization_id: str) -> str:
    """Returns the id when it may be used in paths and SQL.

    Raises:
        HomeError: it is neither ``_shared`` nor lower-case letters, digits, ``-`` and ``_``.
    """
    if organization_id == SHARED_ORGANIZATION or ORGANIZATION_PATTERN.fullmatch(organization_id):
        return organization_id
    raise HomeError(
        f"organization id {organization_id!r} is not allowed: use 1 to 63 lower-case letters, "
        "digits, '-' and '_', starting with a letter or digit (example: acme_outdoor)"
    )


def partition(day: date) -> str:
    """Name of the partition directory of a UTC day: ``synced=YYYY-MM-DD``."""
    return f"{PARTITION}{day:%Y-%m-%d}"


def closed_period(folder: str, today: date) -> str | None:
    """What a stream's folder of raw files is merged into: its month, or its day until then.

    Returns:
        ``YYYY-MM`` or ``YYYY-MM-DD``; None for today, for days to come and for the seeds.
    """
    name = folder.removeprefix(PARTITION).removeprefix(COMPACTED)
    if name >= f"{today}" or name == f"{SEED_DAY}":
        return None
    return name[:7] if name[:7] < f"{today:%Y-%m}" else name


def part_name(sync_id: str, part: int) -> str:
    """File name of one part of a sync: ``<sync_id>.parquet``, then ``<sync_id>-001.parquet``…

    Raises:
        HomeError: the sync id is not the text of a UUID (it becomes a path).
    """
    if not _SYNC_PATTERN.fullmatch(sync_id):
        raise HomeError(f"sync id {sync_id!r} is not a UUID")
    return f"{sync_id}.parquet" if part == 0 else f"{sync_id}-{part:03d}.parquet"


def utc_day(instant: datetime) -> date:
    """The UTC calendar day of an aware instant.

    Raises:
        ValueError: the instant has no time zone.
    """
    if instant.tzinfo is None:
        raise ValueError(f"{instant!r} has no time zone; pass an aware datetime")
    return instant.astimezone(UTC).date()


def _name(name: str, what: str) -> str:
    if not _NAME_PATTERN.fullmatch(name):
        raise HomeError(f"{what} name {name!r} may not become a path: use [a-z0-9_-], at most 63")
    return name


def _create_tree(home: Home) -> None:
    for directory in home._tree():
        ensure_directory(directory)


MIGRATIONS: tuple[Migration, ...] = (Migration(1, "0001_tree", _create_tree),)
FORMAT_VERSION = 2
SPELLINGS = "0002_account_spellings"
"""The second step, the one spelling of each account, is taken by who opens the registry."""


def applied_migrations(home: Home) -> list[str]:
    """Returns the names of the steps that a home's format has taken."""
    try:
        found = orjson.loads(home.format_file.read_bytes())
        version, migrations = int(found["format"]), [str(name) for name in found["migrations"]]
    except FileNotFoundError:
        return []
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise HomeError(
            f"{home.format_file} is unreadable ({error}); restore it from a backup: "
            f'it should look like {{"format": {FORMAT_VERSION}, "migrations": [...]}}'
        ) from error
    if version > FORMAT_VERSION:
        raise HomeError(
            f"{home.path} has format {version}, this version of tributary knows up to "
            f"{FORMAT_VERSION}: upgrade tributary, or point TRIBUTARY_HOME at another directory"
        )
    return migrations


def _write_format(home: Home, version: int, migrations: list[str]) -> None:
    ensure_directory(home.path)
    content = {"format": version, "migrations": migrations}
    write_bytes(home.format_file, orjson.dumps(content, option=orjson.OPT_INDENT_2))
