"""``tributary rates`` and the pegs of a file: what is kept, and what is refused with a remedy."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from orchestration import cli
from orchestration.workspace import Workspace, open_workspace
from warehouse.own_rates import OwnRate

Run = Callable[..., tuple[int, str, str]]
PEG = ("rates", "add", "AED", "3.6725", "--per", "USD", "--from", "2020-01-01")
STATED = (*PEG, "--provider", "Central Bank of the UAE")


@pytest.fixture
def space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("TRIBUTARY_NOW", "2026-03-20T06:00:00Z")
    for name in ("TRIBUTARY_KEY", "TRIBUTARY_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TRIBUTARY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TRIBUTARY_KEY_FILE", str(tmp_path / "key"))
    return open_workspace()


@pytest.fixture
def run(
    space: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["tributary", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err.replace("\n", " ")

    return call


def test_a_rate_is_kept_exported_and_removed(run: Run, space: Workspace) -> None:
    code, printed, _ = run(*STATED)
    assert code == 0
    sentence = "3.6725 AED for 1 USD from 2020-01-01 on (Central Bank of the UAE)"
    assert f"added: {sentence}" in printed
    assert "unchanged: " in run(*STATED)[1]
    again = ("rates", "add", "AED", "--per", "USD", "3.7", "--from", "2026-01-01")
    assert run(*again, "--to", "2026-01-31", "--provider", "bank")[0] == 0
    assert json.loads(run("rates", "list", "--json")[1]) == [
        {
            "currency": "AED",
            "units": "3.67250000",
            "per": "USD",
            "from": "2020-01-01",
            "to": None,
            "provider": "Central Bank of the UAE",
        },
        {
            "currency": "AED",
            "units": "3.70000000",
            "per": "USD",
            "from": "2026-01-01",
            "to": "2026-01-31",
            "provider": "bank",
        },
    ]
    assert "Central Bank" in run("rates", "list")[1]
    space.prepare_lake()
    exported = pq.read_table(space.home.registry_dir / "own_rates.parquet").to_pylist()
    assert exported[0] == {
        "currency": "AED",
        "base_currency": "USD",
        "units_per_base": Decimal("3.67250000"),
        "valid_from": date(2020, 1, 1),
        "valid_to": None,
        "provider": "Central Bank of the UAE",
    }
    assert run("rates", "remove", "AED", "--from", "2026-01-01")[1].startswith("removed: 3.7")
    assert [rate.valid_from for rate in space.registry.own_rates()] == [date(2020, 1, 1)]
    assert run("rates", "remove", "AED")[0] == 0
    code, _, complained = run("rates", "remove", "AED")
    assert (code, "`tributary rates list` shows all" in complained) == (2, True)
    actions = [(entry.action, entry.subject) for entry in space.registry.audit_log()]
    assert actions[::-1] == [
        ("own_rates added", "AED/2020-01-01"),
        ("own_rates added", "AED/2026-01-01"),
        ("own_rates removed", "AED/2026-01-01"),
        ("own_rates removed", "AED/2020-01-01"),
    ]


@pytest.mark.parametrize(
    ("changed", "remedy"),
    [
        ({"AED": "aed"}, "three capital letters"),
        ({"AED": "EUR"}, "state the other currency"),
        ({"USD": "AED"}, "currency of the feed"),
        ({"USD": "DOLLAR"}, "three capital letters"),
        ({"3.6725": "0"}, "number above 0"),
        ({"3.6725": "0.000000001"}, "8 after it"),
        ({"3.6725": "3,67"}, "with a point"),
        ({"3.6725": "1e3"}, "number above 0"),
        ({"3.6725": "NaN"}, "number above 0"),
        ({"3.6725": "٣"}, "number above 0"),
        ({"3.6725": "1000000000"}, "at most 9 digits"),
        ({"2020-01-01": "1998-12-31"}, "between 1999-01-01 and a year from now"),
        ({"2020-01-01": "2027-12-31"}, "between 1999-01-01 and a year from now"),
        ({"2020-01-01": "01.02.2020"}, "write it as 2026-01-31"),
        ({"Central Bank of the UAE": " "}, "name who states the rate"),
        ({"Central Bank of the UAE": "a\x1b[2Jb"}, "name who states the rate"),
        ({"Central Bank of the UAE": "x" * 101}, "name who states the rate"),
    ],
    ids=lambda given: "_".join(given) if isinstance(given, dict) else "",
)
def test_what_no_rate_can_be_is_refused(
    run: Run, space: Workspace, changed: dict[str, str], remedy: str
) -> None:
    code, _, complained = run(*(changed.get(word, word) for word in STATED))
    assert code == 2
    assert remedy in " ".join(complained.split())
    assert space.registry.own_rates() == []


def test_a_range_ends_after_it_begins(run: Run, space: Workspace) -> None:
    code, _, complained = run(*STATED, "--to", "2019-12-31")
    assert (code, "leave the last day out" in complained) == (2, True)
    assert run(*STATED, "--to", "2020-01-01")[0] == 0
    assert space.registry.own_rates()[0].valid_to == date(2020, 1, 1)


def test_own_rates_are_not_chained(run: Run, space: Workspace) -> None:
    assert run(*STATED)[0] == 0
    more = ("--from", "2020-01-01", "--provider", "bank")
    code, _, complained = run("rates", "add", "BHD", "0.1", "--per", "AED", *more)
    assert code == 2
    assert "tributary rates remove AED --from 2020-01-01" in " ".join(complained.split())
    assert run("rates", "add", "USD", "1.1", "--per", "EUR", *more)[0] == 2
    assert len(space.registry.own_rates()) == 1


def test_a_file_states_pegs(run: Run, space: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "connections.yaml"
    file.write_text(
        "pegs:\n  - {currency: AED, per: USD, units: 3.6725, provider: peg}\n"
        "  - {currency: BHD, per: USD, units: 0.376, provider: peg, from: 2026-01-01, "
        "to: 2026-12-31}\n"
    )
    assert "added     peg AED/1999-01-01" in run("connections", "apply", str(file))[1]
    assert "unchanged peg BHD/2026-01-01" in run("connections", "apply", str(file))[1]
    assert space.registry.own_rates() == [
        OwnRate("AED", "USD", Decimal("3.6725"), date(1999, 1, 1), None, "peg"),
        OwnRate("BHD", "USD", Decimal("0.376"), date(2026, 1, 1), date(2026, 12, 31), "peg"),
    ]


@pytest.mark.parametrize(
    ("peg", "remedy"),
    [
        ("{currency: AED, per: USD, units: 3.6725}", "'provider' is missing"),
        ("{currency: AED, per: USD, units: -1, provider: p}", "line 3: peg: '-1' is not a rate"),
        ("{currency: AED, per: USD, units: 1, provider: p, from: soon}", "example: 2026-01-01"),
        ("{currency: AED, per: BHD, units: 1, provider: p}", "line 3: rate AED/1999-01-01: own"),
        ("{currency: EUR, per: USD, units: 1, provider: p}", "state the other currency"),
    ],
    ids=["provider", "units", "day", "chain", "euro"],
)
def test_a_file_with_a_wrong_peg_changes_nothing(
    run: Run, space: Workspace, tmp_path: Path, peg: str, remedy: str
) -> None:
    file = tmp_path / "connections.yaml"
    first = "{currency: BHD, per: USD, units: 0.376, provider: peg}"
    file.write_text(f"pegs:\n  - {first}\n  - {peg}\n")
    code, _, complained = run("connections", "apply", str(file))
    assert code == 2
    assert remedy in " ".join(complained.split())
    assert space.registry.own_rates() == []
