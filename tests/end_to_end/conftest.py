"""What the tests of this folder share, each made once.

``demo`` is `tributary demo` as a user runs it; ``reference`` is a smaller business pulled at two
clocks without any trouble, to which troubled runs are compared.
"""

import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from connectors.sandbox.server import SandboxClient, SandboxProcess
from orchestration.commands.demo import CLOCKS, DAYS, FIRST_PULL, LAST_DAY, SEED
from tests.end_to_end import stages
from tests.end_to_end.tables import differences
from tests.parsed_project import share_parsed_project
from tests.patience import PATIENCE_SECONDS

TRIBUTARY = str(Path(sys.executable).with_name("tributary"))


@dataclass(frozen=True)
class Demo:
    """A finished demo: its home, what it printed, and the sandbox that knows the truth."""

    home: Path
    printed: str
    printed_again: str
    sandbox: SandboxClient
    environment: dict[str, str]

    def release(self, index: int) -> duckdb.DuckDBPyConnection:
        """Opens the release that the run at ``CLOCKS[index]`` published."""
        releases = sorted((self.home / "published" / "releases").glob("*.duckdb"))
        return duckdb.connect(str(releases[index]), read_only=True)

    def tributary(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs the command line on the demo's home, at the demo's last clock."""
        return subprocess.run(
            [TRIBUTARY, *arguments],
            env=self.environment | {"TRIBUTARY_NOW": CLOCKS[-1].isoformat()},
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_SECONDS,
        )


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Runs the demo twice."""
    folder = tmp_path_factory.mktemp("demo")
    share_parsed_project(folder / "home")
    environment = {
        **clean_environment(),
        "TRIBUTARY_HOME": str(folder / "home"),
        "TRIBUTARY_KEY_FILE": str(folder / "key"),
    }
    printed = _run_demo(environment)
    again = _run_demo(environment)
    arguments = ["--seed", str(SEED), "--days", str(DAYS), "--end", LAST_DAY.isoformat()]
    with SandboxProcess(*arguments, now=CLOCKS[-1].isoformat()) as sandbox:
        yield Demo(folder / "home", printed, again, sandbox, environment)


def _run_demo(environment: dict[str, str]) -> str:
    done = subprocess.run(
        [TRIBUTARY, "demo"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout


@dataclass(frozen=True)
class Reference:
    """A small business, and the home of a run over it that nothing disturbed.

    Attributes:
        seconds: how long the run took, by clock and stage.
    """

    sandbox: SandboxClient
    folder: Path
    clocks: tuple[str, ...] = ("2026-11-09T06:00:00+00:00", "2026-11-16T06:00:00+00:00")
    seconds: dict[tuple[str, str], float] = field(default_factory=dict)

    def environment(self, folder: Path, now: str) -> dict[str, str]:
        """The environment of a home in ``folder`` at a clock."""
        return clean_environment() | {
            "TRIBUTARY_HOME": str(folder / "home"),
            "TRIBUTARY_KEY_FILE": str(folder / "key"),
            "TRIBUTARY_SANDBOX": self.sandbox.url,
            "TRIBUTARY_NOW": now,
            "TRIBUTARY_RETRY_BASE": "0.01",
        }

    def connected(self, folder: Path) -> Path:
        """Makes a home in ``folder`` that is connected to every account.

        Organizations have the same keys in each home: a guest of a shop is the token of an address.
        """
        folder.mkdir(exist_ok=True)
        numbers = itertools.count(1)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("secrets.token_bytes", lambda size: bytes([next(numbers)]) * size)
            for name, value in self.environment(folder, self.clocks[0]).items():
                patch.setenv(name, value)
            stages.connect(self.sandbox)
        share_parsed_project(folder / "home")
        return folder

    def run(self, folder: Path, now: str) -> None:
        """Pulls, builds and publishes at a clock, and notes how long each stage took."""
        self.sandbox.set_clock(now)
        for stage in stages.STAGES:
            self.seconds[now, stage] = stages.finish(stage, self.environment(folder, now))

    def copy(self, folder: Path, clocks: int) -> Path:
        """Copies the undisturbed home as it was after so many clocks, at least one.

        A refresh token is good for one home, so the copy gets tokens of its own.
        """
        shutil.copytree(self.folder.with_name(f"reference_{clocks}"), folder, symlinks=True)
        return self.connected(folder)

    def differences(self, folder: Path) -> dict[str, object]:
        """What another home published differently at the end; sync counters aside."""
        published = Path("home", "published", "tributary.duckdb")
        ours, theirs = self.folder / published, folder / published
        with duckdb.connect(str(ours), read_only=True) as connection:
            (days,) = connection.execute(
                "select count(*) from fact_campaign_performance"
            ).fetchone()
            assert days > 100
        return dict(differences(ours, theirs, frozenset({"fact_syncs"})))


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reference]:
    """Runs the undisturbed home through all clocks."""
    size = ["--days", "24", "--campaigns", "3", "--ad-groups", "2", "--ads", "2"]
    with SandboxProcess(*size, now=Reference.clocks[0]) as sandbox:
        found = Reference(sandbox, tmp_path_factory.mktemp("of_all") / "reference")
        found.connected(found.folder)
        for clocks, now in enumerate(found.clocks, 1):
            found.run(found.folder, now)
            shutil.copytree(
                found.folder, found.folder.with_name(f"reference_{clocks}"), symlinks=True
            )
        yield found


@dataclass(frozen=True)
class Releases:
    """What was published at each clock, beside what is true then.

    Attributes:
        is_demo: it is of the whole demo, not of the small business.
        clocks: when each was published.
        first_pull: when the first pull was; the demo builds nothing of it yet.
    """

    is_demo: bool
    sandbox: SandboxClient
    first_pull: datetime
    clocks: tuple[datetime, ...]
    files: tuple[Path, ...]

    def open(self, index: int) -> duckdb.DuckDBPyConnection:
        """Opens what was published at a clock."""
        return duckdb.connect(str(self.files[index]), read_only=True)

    def truth(self, level: str, index: int) -> list[dict[str, Any]]:
        """Asks the sandbox what is true at a clock."""
        return list(self.sandbox.truth(level, self.clocks[index]))


@pytest.fixture(scope="session")
def releases(request: pytest.FixtureRequest) -> Releases:
    """The releases of the fixture named by the test's parameter."""
    found = request.getfixturevalue(request.param)
    if isinstance(found, Demo):
        files = sorted((found.home / "published" / "releases").glob("*.duckdb"))
        return Releases(True, found.sandbox, FIRST_PULL, tuple(CLOCKS), tuple(files))
    homes = [found.folder.with_name(f"reference_{count}") for count in (1, 2)]
    clocks = tuple(datetime.fromisoformat(clock) for clock in found.clocks)
    return Releases(
        False,
        found.sandbox,
        clocks[0],
        clocks,
        tuple(home / "home" / "published" / "tributary.duckdb" for home in homes),
    )


def _of_a_release(indices: Mapping[str, Iterable[int]]) -> pytest.MarkDecorator:
    marks = {"demo": [pytest.mark.long], "reference": []}
    cases = [
        pytest.param(name, index, marks=[*marks[name], pytest.mark.xdist_group(name)])
        for name, some in indices.items()
        for index in some
    ]
    return pytest.mark.parametrize(("releases", "index"), cases, indirect=["releases"])


each_release = _of_a_release({"demo": range(len(CLOCKS)), "reference": range(2)})
each_demo_release = _of_a_release({"demo": range(len(CLOCKS))})
the_last_release = _of_a_release({"demo": [-1], "reference": [-1]})


def clean_environment() -> dict[str, str]:
    ours = ("TRIBUTARY_", "DAGSTER_", "DBT_")
    return {k: v for k, v in os.environ.items() if not k.startswith(ours)}
