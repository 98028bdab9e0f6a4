"""A collector's files in the landing folder, as they come to be there with the clock."""

from __future__ import annotations

import gzip
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from connectors.sandbox import service
from connectors.sandbox.business import Business, Parameters
from connectors.sandbox.server import SandboxClient
from connectors.sandbox.tracking.sources import collect
from orchestration.commands.demo import END


@pytest.fixture(scope="module")
def of_the_demo() -> Business:
    return service.simulated(Parameters(days=20, end=END.date() - timedelta(days=1)))


def files(landing: Path) -> dict[str, list[str]]:
    """The lines of each file below a folder."""
    return {
        str(path.relative_to(landing)): gzip.decompress(path.read_bytes()).decode().splitlines()
        for path in sorted(landing.rglob("*.gz"))
    }


def test_clock_by_clock_comes_what_comes_at_once(of_the_demo: Business, tmp_path: Path) -> None:
    clocks = [END - timedelta(days=days) for days in (28, 7, 1.25, 0)]
    lines = [collect(of_the_demo, tmp_path / "by clock", moment) for moment in clocks]
    assert lines[0] == 0
    assert min(lines[1:]) > 100
    assert collect(of_the_demo, tmp_path / "by clock", END) == 0
    assert collect(of_the_demo, tmp_path / "at once", END) == sum(lines)
    written = files(tmp_path / "by clock")
    assert written == files(tmp_path / "at once")
    folders = {name.rsplit("/", 1)[0] for name in written}
    assert folders == {"acme_outdoor/web_shop", "kiwi_kitchen/storefront"}
    latest = max(path.stat().st_mtime for path in tmp_path.rglob("*.gz"))
    assert latest == END.timestamp()


def test_sources_are_declared_where_they_are_asked_for(sandbox: SandboxClient) -> None:
    usual, landed = (
        yaml.safe_load(sandbox.connections_yaml(landed=one))["connections"] for one in (False, True)
    )
    more = [one for one in landed if one not in usual]
    assert [one for one in landed if one in usual] == usual
    assert {(one["organization"], one["platform"]) for one in more} == {
        ("acme_outdoor", "events"),
        ("kiwi_kitchen", "events"),
    }
    assert more[1]["settings"] == {"time_zone": "Pacific/Auckland"}


def test_files_go_where_the_clock_and_the_folder_say(
    sandbox: SandboxClient, tmp_path: Path
) -> None:
    sandbox.set_clock("2026-11-15T06:00:00Z")
    count = sandbox.collect(tmp_path)
    assert count == sum(len(lines) for lines in files(tmp_path).values()) > 1_000


def test_a_folder_without_a_root_is_refused(acme: object, sandbox: SandboxClient) -> None:
    for body in (b'{"landing": "lake"}', b"{}", b"[]"):
        status, _, answer = acme.call("PUT", "/sandbox/collected", body)
        assert (status, b"error" in answer) == (400, True)
