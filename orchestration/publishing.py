"""Publishing under the build lock, with the one clock."""

from collections.abc import Callable

import yaml

from connectors.core import clock
from orchestration.build_report import check_build, first_of, published_now
from orchestration.last_run import record_published
from orchestration.settings import DBT_PROJECT_DIR, retention
from warehouse.build_files import kept_open
from warehouse.build_fingerprints import build_fingerprint
from warehouse.home import Home
from warehouse.locks import LockHolder, build_lock
from warehouse.organization_files import OrganizationFiles, Progress, publish_organizations
from warehouse.organization_fingerprints import organization_fingerprints
from warehouse.publishing import publish, rollback
from warehouse.releases import HeldBack, Release


def schema_version() -> str:
    """Returns the version of the published tables, as dbt_project.yml states it."""
    project = yaml.safe_load((DBT_PROJECT_DIR / "dbt_project.yml").read_text())
    return str(project["vars"]["schema_version"])


def publish_build(home: Home, on_wait: Callable[[str], object] | None = None) -> Release:
    """Publishes what the last build left in the serve database.

    Args:
        home: the home.
        on_wait: called with who holds the build lock when it has to wait.

    Raises:
        HeldBack: a model or test of the build failed, or a test has not run on what it made.
        PublishError: there is no build yet, or the copy does not pass its checks.
    """

    def say(holder: LockHolder) -> None:
        if on_wait:
            on_wait(f"waiting for the build lock, held by {holder}")

    with build_lock(home, on_wait=say):
        with kept_open((home.build_db, home.serve_db), read_only=True):
            blockers = check_build(home)
            if blockers:
                raise HeldBack(_held_back_message(home, [str(blocker) for blocker in blockers]))
            fingerprint = build_fingerprint(home.serve_db)
            organizations = organization_fingerprints(home.serve_db)
        release = publish(
            home,
            clock.now(),
            schema_version=schema_version(),
            keep=retention(),
            fingerprint=fingerprint,
            organizations=organizations,
        )
        record_published(home)
        return release


def _held_back_message(home: Home, blockers: list[str]) -> str:
    return (
        f"no release: {'; '.join(first_of(blockers))}. {published_now(home)}. "
        "Remove the cause and call `tributary run`, which builds and tests again"
    )


def publish_organization_files(
    home: Home,
    on_wait: Callable[[str], object] | None = None,
    progress: Progress | None = None,
) -> OrganizationFiles:
    """Brings every organization's own file up to the published release; holds up no build.

    Raises:
        PublishError: nothing was published yet.
    """

    def say(holder: LockHolder) -> None:
        if on_wait:
            on_wait(f"waiting for {holder}, which is writing the files of organizations")

    return publish_organizations(home, on_wait=say, progress=progress)


def roll_back(home: Home, release: str) -> Release:
    """Makes an older release the published one, under the build lock.

    Raises:
        PublishError: there is no such release.
    """
    with build_lock(home):
        return rollback(home, release)
