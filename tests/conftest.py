"""What all tests share: dbt's parsed project, no sense of time, the options of the crash test."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from connectors.core import redaction
from orchestration.garbage import collect_rarely
from tests import parsed_project
from tests.small_disk import SmallDisk, small_disk

# A busy machine is slow: that is no failure of what is tested.
settings.register_profile(
    "house", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("house")
# As the commands do: Dagster, dbt and its parsed project are in every process that tests.
collect_rarely()

LONGEST_ID = 60
HERE = Path(__file__).parent
SLOW_FOLDERS = {"end_to_end", "dbt_project", "orchestration"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the long tests, and how often the crash tests kill."""
    parser.addoption("--long", action="store_true", help="run what takes minutes as well")
    parser.addoption("--kills", type=int, default=20, help="kills of pull, build and publish")
    parser.addoption("--whole-run-kills", type=int, default=1, help="kills of `tributary run`")


def pytest_configure(config: pytest.Config) -> None:
    """Makes the session's folder for the parsed project; workers inherit its name."""
    if not hasattr(config, "workerinput"):
        os.environ[parsed_project.VARIABLE] = tempfile.mkdtemp(prefix="tests-of-tributary-")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keeps the tests of a file on one worker, folders whose files take minutes first.

    What a file's tests share is then made once. Whatever looks at the whole demo is long.
    """
    if not config.getoption("--long"):
        long = [item for item in items if _is_long(item)]
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if not _is_long(item)]
    for item in items:
        if not item.get_closest_marker("xdist_group"):
            name = item.path.relative_to(HERE).with_suffix("").as_posix()
            item.add_marker(pytest.mark.xdist_group(name))
    items.sort(key=lambda item: item.path.relative_to(HERE).parts[0] not in SLOW_FOLDERS)


def _is_long(item: pytest.Item) -> bool:
    return (
        "demo" in getattr(item, "fixturenames", ()) or item.get_closest_marker("long") is not None
    )


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Refuses long bytes as a test's name: those of a zip differ from one second to the next.

    The workers would then collect different tests, and run none.
    """
    if isinstance(val, bytes) and len(val) > LONGEST_ID:
        raise pytest.UsageError(f"give the values of {argname!r} ids in words: ids=[...]")
    return None


def pytest_unconfigure(config: pytest.Config) -> None:
    """Removes that folder."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop(parsed_project.VARIABLE))


@pytest.fixture
def is_long(pytestconfig: pytest.Config) -> bool:
    """Whether minutes do not matter: `make test-all`."""
    return bool(pytestconfig.getoption("--long"))


@pytest.fixture(autouse=True)
def _own_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Starts a test without known secrets: made-up ones are words of another test's messages."""
    monkeypatch.setattr(redaction, "_KNOWN", redaction.Redactor())


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A file system of 30 MB; the test is skipped where none can be mounted."""
    with small_disk(tmp_path / "disk", megabytes=30) as mounted:
        yield mounted
