"""One demo for all tests of this folder: `tributary demo` as a user runs it, in its own home."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from connectors.sandbox.server import SandboxClient, SandboxProcess
from orchestration.commands.demo import CLOCKS, DAYS, LAST_DAY, SEED

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
            timeout=300,
        )


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Runs the demo twice."""
    folder = tmp_path_factory.mktemp("demo")
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("TRIBUTARY_", "DAGSTER_"))},
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
