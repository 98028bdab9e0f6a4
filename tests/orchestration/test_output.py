"""What commands print: every answer is printed whole, and nothing in it steers a terminal."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.text import Text

from orchestration import cli
from orchestration.commands import output
from orchestration.commands.cells import json_rows, json_text
from orchestration.terminal import SafeConsole, visible, visible_json
from warehouse import queries

LONG = "12345678901234567890123456789012"
HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m\x7f\u202edrow\x00end"
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
Ask = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """`tributary query` on a published file with one table."""
    file = tmp_path / "published.duckdb"
    with duckdb.connect(str(file)) as made:
        made.execute("create table campaigns as select chr(27) || '[2J' as name, 1 as spend")
    monkeypatch.setattr(queries, "_file", lambda *_: file)
    monkeypatch.setenv("TRIBUTARY_HOME", str(tmp_path / "home"))

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["tributary", "query", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return call


def test_columns_of_one_name_are_all_in_json(ask: Ask) -> None:
    code, out, _ = ask("select 1 as a, 2 as a, 3 as a_1, 4 as a", "-f", "json")
    assert code == 0
    assert json.loads(out) == [{"a": 1, "a_2": 2, "a_1": 3, "a_3": 4}]


def test_a_query_comes_from_a_file_or_a_pipe(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "query.sql"
    file.write_text("select 1 as one")
    printed = (0, "one\r\n1\r\n", "")
    assert ask("-f", "csv", "--file", str(file)) == printed
    for words in ((), ("-",)):
        monkeypatch.setattr("sys.stdin", io.StringIO("select 1 as one"))
        assert ask(*words, "-f", "csv") == printed
    twice = "error: a query and --file are given: leave one of them out\n"
    assert ask("select 1", "--file", str(file)) == (2, "", twice)
    file.write_bytes(b"select '\xff'")
    assert ask("--file", str(file)) == (2, "", f"error: {file} is no text in UTF-8\n")


@pytest.mark.parametrize("sql", [";;", ";", "/* nothing */", "  "])
def test_a_statement_that_is_none_is_an_empty_query(ask: Ask, sql: str) -> None:
    assert ask(sql) == (2, "", "error: the query is empty\n")


@pytest.mark.parametrize(
    "sql",
    [
        "call enable_logging('HTTP', storage='file', storage_path='{0}'); select 1",
        "select * from ENABLE_LOGGING('HTTP', storage='file', storage_path='{0}')",
    ],
)
def test_the_engines_own_log_is_refused_before_it_ends_the_process(
    ask: Ask, tmp_path: Path, sql: str
) -> None:
    code, _, told = ask(sql.format(tmp_path / "log"))
    assert code == 2
    assert "enable_logging is not allowed" in told
    assert not (tmp_path / "log").exists()


@pytest.mark.parametrize("shape", ["json", "csv", "table"])
@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("date '10000-01-01'", "10000-01-01"),
        ("date 'infinity'", "infinity"),
        ("timestamp '-infinity'", "-infinity"),
        ("timestamptz '20000-01-01 00:00:00+00'", "20000-01-01 00:00:00+00"),
        ("date '0001-01-01 (BC)'", "0001-01-01 (BC)"),
        ("timestamp_ns '2020-01-01 00:00:00.123456789'", "2020-01-01 00:00:00.123456789"),
        ("[date '10000-01-01']", "[10000-01-01]"),
    ],
)
def test_times_that_python_has_no_value_for_are_text(
    ask: Ask, shape: str, value: str, shown: str
) -> None:
    code, out, _ = ask(f"select {value} as odd, date '2026-03-01' as day", "-f", shape)
    assert code == 0
    assert shown in out
    assert "2026-03-01" in out


def test_no_text_in_csv_is_a_formula(ask: Ask) -> None:
    starts = ["=1+1", "+1", "-2+3", "@SUM(A1)", "\tx", "\rx", "\nx", "plain", "it's"]
    values = ", ".join("('" + one.replace("'", "''") + "')" for one in starts)
    _, out, _ = ask(f"select name, -1.5 as number from (values {values}) as t (name)", "-f", "csv")
    rows = list(csv.reader(io.StringIO(out, newline="")))[1:]
    guarded = [f"'{one}" for one in starts[:7]]
    assert [row[0] for row in rows] == [*guarded, "plain", "it's"]
    assert {row[1] for row in rows} == {"-1.5"}
    _, out, _ = ask(f"select name from (values {values}) as t (name)", "-f", "json")
    assert [row["name"] for row in json.loads(out)] == starts


def test_cells_and_names_of_columns_do_not_steer_a_terminal(ask: Ask) -> None:
    code, out, _ = ask('select name, 1 as "b\x1b[31m" from campaigns')
    assert code == 0
    assert STEERING.search(out) is None
    assert "\\x1b[2J" in out
    assert "b\\x1b[31m" in out
    _, out, told = ask("select \x1b[31m")
    assert STEERING.search(out + told) is None


def test_what_is_piped_stays_as_it_is_and_a_terminal_is_shown_it(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "\x1b[2J" in ask("select name from campaigns", "-f", "csv")[1]
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    out = ask("select name from campaigns", "-f", "csv")[1]
    assert "\\x1b[2J" in out
    assert STEERING.search(out) is None


def test_json_says_the_same_without_control_characters(capsys: pytest.CaptureFixture[str]) -> None:
    output.print_json({"name": HOSTILE})
    out = capsys.readouterr().out
    assert STEERING.search(out) is None
    assert json.loads(out) == {"name": HOSTILE}


@pytest.mark.parametrize("way", ["print", "markup", "text", "status", "table"])
def test_whatever_way_a_text_takes_to_the_console(way: str) -> None:
    written = io.StringIO()
    console = SafeConsole(file=written, force_terminal=False, width=200)
    if way == "print":
        console.print(HOSTILE, markup=False)
    elif way == "markup":
        console.print(f"[bold]{HOSTILE}[/bold]")
    elif way == "text":
        console.print(Text(HOSTILE))
    elif way == "status":
        console.print(console.status(HOSTILE).renderable)
    else:
        before, output.console = output.console, console
        try:
            output.print_table([HOSTILE], [[HOSTILE]], HOSTILE)
        finally:
            output.console = before
    assert STEERING.search(written.getvalue()) is None
    assert "owned" in written.getvalue()
    assert "\\x9b31m" in written.getvalue()


def test_styles_of_its_own_still_reach_a_terminal() -> None:
    written = io.StringIO()
    SafeConsole(file=written, force_terminal=True, color_system="standard").print(
        "red", style="red"
    )
    assert "\x1b[31m" in written.getvalue()


@given(text=st.text())
@settings(deadline=None)
def test_no_text_steers(text: str) -> None:
    assert STEERING.search(visible(text)) is None
    assert STEERING.search(visible_json(text)) is None


def test_every_console_of_the_commands_is_the_safe_one() -> None:
    folder = Path(output.__file__).parents[1]
    made = re.compile(r"(?<!Safe)\bConsole\(|\btyper\.echo\(|\bclick\.echo\(")
    files = [path for path in folder.rglob("*.py") if path.name != "terminal.py"]
    assert len(files) > 20
    assert [path.name for path in files if made.search(path.read_text())] == []


def test_a_table_shows_numbers_without_noise(ask: Ask) -> None:
    sql = (
        "select 0.1::double + 0.2::double as tenths, 1234567.891::double as large, "
        "1e-7::double as small, 1842.52::decimal(18, 6) as spend, 1e300::double as huge, "
        "3::double as three, 'nan'::double as none_at_all, [1.50::decimal(4, 2)] as list"
    )
    _, out, _ = ask(sql, "--vertical")
    shown = dict(line.split() for line in out.splitlines()[1:])
    assert shown == {
        "tenths": "0.3",
        "large": "1234567.891",
        "small": "1e-07",
        "spend": "1842.52",
        "huge": "1e+300",
        "three": "3",
        "none_at_all": "nan",
        "list": "[1.50]",
    }


def test_decimals_lose_zeros_that_all_of_the_column_have_and_nothing_else(ask: Ask) -> None:
    sql = "select unnest([{0}])::decimal({1}) as n"
    for numbers, kind, shown in (
        ("1842.52, 10", "18, 6", ["1842.52", "10.00"]),
        ("1.132, 0.00001", "20, 18", ["1.13200", "0.00001"]),
        ("7.40, null", "18, 2", ["7.40", ""]),
        (f"{LONG}.5, 1", "38, 4", [f"{LONG}.50", "1.00"]),
        ("5, 6", "18, 0", ["5", "6"]),
    ):
        _, out, _ = ask(sql.format(numbers, kind))
        cells = [line.strip("│ ") for line in out.splitlines() if line.startswith("│")]
        assert cells == shown


def test_what_does_not_fit_is_printed_row_by_row(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = "select " + ", ".join(f"{n} as column_number_{n}" for n in range(12))
    assert "┃" in ask("select 1 as a, repeat('long ', 100) as b")[1]
    _, out, _ = ask(wide)
    assert "┃" not in out
    assert out.splitlines()[:2] == ["row 1", "  column_number_0   0"]
    assert "┃" in ask(wide, "--no-vertical")[1]
    assert ask("select 1 as a, 'x' as bb", "--vertical")[1] == "row 1\n  a   1\n  bb  x\n"
    _, out, _ = ask('select name as "b\x1b[31m" from campaigns', "--vertical")
    assert STEERING.search(out) is None
    assert "b\\x1b[31m  \\x1b[2J" in out


def test_json_has_numbers_as_numbers_and_loses_no_digit(ask: Ask) -> None:
    sql = (
        "select unnest([1842.52, 0.1])::decimal(18, 6) as spend, "
        "unnest([1, 123456789012345678.123456])::decimal(38, 6) as exact, sum(2::bigint) as total, "
        "170141183460469231731687303715884105727 as huge, 'inf'::double as inf, "
        "[1.5::decimal(4, 2)] as list, {'a': 0.5::decimal(4, 2)} as struct, 'nan'::double as nan"
    )
    code, out, _ = ask(sql, "-f", "json")
    assert code == 0
    first, second = json.loads(out, parse_constant=lambda name: pytest.fail(name))
    assert (first["spend"], second["spend"]) == (1842.52, 0.1)
    assert (first["exact"], second["exact"]) == ("1.000000", "123456789012345678.123456")
    assert first["total"] == 2
    assert first["huge"] == "170141183460469231731687303715884105727"
    assert (first["list"], first["struct"]) == ([1.5], {"a": 0.5})
    assert (first["inf"], first["nan"]) == (None, None)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6))
@settings(deadline=None)
def test_a_decimal_in_json_is_the_same_when_it_is_read(number: Decimal) -> None:
    (row,) = json.loads(json_text(json_rows(["n"], [[number]])))
    assert Decimal(str(row["n"])) == number
