"""`tributary dev`: one Dagster UI a home."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from orchestration import cli, dbt_manifest
from warehouse.home import Home

OPEN = """
import sys
from warehouse.home import Home
from warehouse.locks import file_lock
with file_lock(Home.open(sys.argv[1]).dev_lock_file, "the Dagster UI"):
    print("open", flush=True)
    sys.stdin.readline()
"""


def test_a_second_page_of_one_home_says_so_and_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = Home.open(tmp_path / "home")
    monkeypatch.setenv("TRIBUTARY_HOME", str(home.path))
    monkeypatch.setattr("sys.argv", ["tributary", "dev"])
    monkeypatch.setattr(dbt_manifest, "parsed", lambda _: pytest.fail("it went on"))
    first = subprocess.Popen(
        [sys.executable, "-c", OPEN, str(home.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert first.stdout is not None
    assert first.stdout.readline() == "open\n"
    with pytest.raises(SystemExit) as ended:
        cli.main()
    first.communicate("\n")
    assert ended.value.code == 1
    said = " ".join(capsys.readouterr().err.split())
    assert f"is open already (process {first.pid} on" in said
