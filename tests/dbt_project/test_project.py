"""What holds of the project as a whole: one clock, portable SQL, words for everything."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
import sqlglot
import yaml
from built_home import PROJECT, DbtHome
from fixture_lake import Account, FixtureLake, campaign_row, listed_campaign
from lake_schemas import DECLARED, STREAMS
from scenarios import at, march, window
from sqlglot.errors import ParseError

from orchestration.column_words import WORDS, ending_of, read_words
from warehouse.built_columns import built_columns

# One worker, so that its homes are built once.
pytestmark = pytest.mark.xdist_group("dbt_project")
SQL_FILES = sorted(PROJECT.glob("models/**/*.sql"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> DbtHome:
    """A home whose lake holds one account with a little of everything, built."""
    path = tmp_path_factory.mktemp("project") / "home"
    path.mkdir()
    lake = FixtureLake(path)
    lake.organization("acme")
    account = Account("acme", "1")
    lake.connection(account)
    lake.pull_rates(at(5), window(1, 5), {march(d): {"USD": "1.1"} for d in (2, 3, 4, 5)})
    rows = [campaign_row(march(d), "1") for d in (3, 4, 5)]
    lake.pull(account, "campaign_stats", at(6), rows, window(3, 5))
    lake.pull(account, "campaigns", at(6), [listed_campaign("1")])
    built = DbtHome(path)
    built.build()
    return built


def without_words(text: str) -> str:
    """SQL without its comments."""
    text = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
    return re.sub(r"--[^\n]*", "", text)


@pytest.mark.parametrize("path", SQL_FILES, ids=lambda path: path.stem)
def test_no_model_reads_a_clock(path: Path) -> None:
    clock = r"\b(now\s*\(|current_date|current_timestamp|today\s*\(|get_current_time)"
    assert not re.search(clock, without_words(path.read_text()), re.IGNORECASE)


def test_house_style() -> None:
    for path in SQL_FILES:
        text = path.read_text()
        code = without_words(text)
        assert not re.search(r",\s*\bfrom\b", code), f"{path.name}: a comma before from"
        lines = [line for line in text.rstrip().splitlines() if line.strip()]
        calls_macro = lines[-1].startswith((")", "{{", "}}", "{% endcall"))
        assert calls_macro or re.fullmatch(r"select \* from \w+", lines[-1]), path.name
        for keyword in re.findall(r"\b(SELECT|FROM|WHERE|JOIN|GROUP BY|UNION|CASE)\b", code):
            raise AssertionError(f"{path.name}: {keyword} in capitals")


@pytest.mark.long
def test_every_compiled_model_parses_as_spark(home: DbtHome) -> None:
    compiled = home.compiled()
    assert compiled.keys() >= {path.stem for path in SQL_FILES}
    for name, sql in compiled.items():
        try:
            statements = sqlglot.parse(sql, read="spark")
        except ParseError as error:
            raise AssertionError(f"{name}: {error}") from error
        assert len([statement for statement in statements if statement]) == 1, name


def test_published_tables_are_tables_with_words(home: DbtHome) -> None:
    published = home.query(
        "select table_name, column_name from duckdb_columns() "
        "where database_name = 'serve' and schema_name = 'main'"
    )
    described = home.query(
        "select table_name, column_name from docs_columns where description <> ''"
    )
    assert sorted(published) == sorted(described)
    assert (
        home.query("select table_name from docs_tables where description = '' or grain = ''") == []
    )
    assert (
        home.query(
            "select view_name from duckdb_views() where database_name = 'serve' and not internal"
        )
        == []
    )


def test_every_column_of_every_model_is_described_and_every_description_is_used(
    home: DbtHome,
) -> None:
    built = built_columns((home.path / "build.duckdb", home.path / "serve.duckdb"))
    used = set()
    for node in home.manifest.nodes.values():
        if str(node.resource_type) != "model":
            continue
        assert list(node.columns) == built[node.name], f"{node.name}: run `make columns`"
        assert [name for name, one in node.columns.items() if not one.description] == [], node.name
        folder = (PROJECT / node.original_file_path).parent
        words = read_words(folder, PROJECT)
        for name in node.columns:
            for part in _described_by(name, words):
                above = [folder, *folder.parents]
                nearest = next((one for one in above if part in _words(one / WORDS)), None)
                used.add((nearest, part))
    written = {(path.parent, name) for path in PROJECT.rglob(WORDS) for name in _words(path)}
    assert written - used == set()


def _described_by(column: str, words: Mapping[str, str]) -> Iterator[str]:
    """Yields whose words describe a column: its own, or its ending's and the rest's."""
    ending = None if column in words else ending_of(column, words)
    if ending is None:
        yield column
    else:
        yield ending
        yield from _described_by(column.removesuffix(ending[1:]), words)


def test_a_column_is_described_once() -> None:
    for path in PROJECT.rglob(WORDS):
        names = re.findall(r'^"?([*\w]+)"?:', path.read_text(), re.MULTILINE)
        assert names == sorted(set(names)), path
        above = {} if path.parent == PROJECT else read_words(path.parent.parent, PROJECT)
        again = [name for name, text in _words(path).items() if above.get(name) == text]
        assert again == [], path


@cache
def _words(path: Path) -> dict[str, str]:
    return yaml.safe_load(path.read_text()) if path.exists() else {}


def test_the_sync_log_has_no_column_that_nothing_fills(home: DbtHome) -> None:
    ((syncs, *filled),) = home.query(
        "select count(*), count(rows_read), count(rows_failed), count(bytes), count(requests) "
        "from fact_syncs"
    )
    assert filled == [syncs] * 4
    columns = home.query("select column_name from (describe fact_syncs)")
    assert not {("rows_created",), ("rows_updated",)} & set(columns)


def test_every_tenant_table_names_its_organization(home: DbtHome) -> None:
    shared = {
        "dim_date",
        "dim_time",
        "dim_platforms",
        "dim_channels",
        "dim_holidays",
        "dim_fiscal_calendar",
        "fact_exchange_rates",
        "docs_tables",
        "docs_columns",
        "release_info",
    }
    with_owner = home.query(
        "select table_name from duckdb_columns() where database_name = 'serve' "
        "and schema_name = 'main' and column_name = 'organization_id'"
    )
    assert set(home.tables()) - {row[0] for row in with_owner} == shared


def test_every_model_has_its_yml_and_a_grain_that_is_tested() -> None:
    text = "\n".join(path.read_text() for path in PROJECT.glob("models/**/*.yml"))
    for path in SQL_FILES:
        # A model's block ends where the next begins.
        block = text.split(f"  - name: {path.stem}\n", 1)[1].split("\n  - name: ", 1)[0]
        assert "grain:" in block, path.stem
        assert "unique_together" in block or "[level_key]" in block, path.stem


def test_a_layer_reads_only_those_above_it(home: DbtHome) -> None:
    layers = ["log", "staging", "intermediate", "star", "marts", "docs"]
    place = {
        unique_id: layers.index(node.fqn[1])
        for unique_id, node in home.manifest.nodes.items()
        if str(node.resource_type) == "model"
    }
    assert set(place.values()) == set(range(len(layers)))
    back = [
        (unique_id, parent)
        for unique_id in place
        for parent in home.manifest.nodes[unique_id].depends_on.nodes
        if place.get(parent, 0) > place[unique_id]
    ]
    assert back == []


def test_raw_rows_are_read_by_one_macro() -> None:
    """Whoever read a source by itself would miss the rows of compacted files."""
    for path in [*SQL_FILES, *PROJECT.glob("macros/**/*.sql")]:
        direct = re.findall(r"(?<![\w.])source\((?!'(?:lake|registry)')", path.read_text())
        assert len(direct) == (2 if path.name == "streams.sql" else 0), path.name


def test_calendar(home: DbtHome) -> None:
    assert home.query(
        "select count(*), min(date_day)::text, max(date_day)::text from dim_date"
    ) == [(7670, "2015-01-01", "2035-12-31")]
    # ISO weeks differ from calendar years at their edges.
    assert home.query(
        "select iso_year, iso_week, day_name from dim_date where date_day in "
        "('2020-12-31', '2021-01-03', '2021-01-04') order by date_day"
    ) == [(2020, 53, "Thursday"), (2020, 53, "Sunday"), (2021, 1, "Monday")]
    # A year that begins in April: the last days of March are its fourth quarter.
    assert home.query(
        "select fiscal_year, fiscal_quarter, fiscal_month from dim_fiscal_calendar where "
        "fiscal_year_start_month = 4 and date_day in ('2026-03-31', '2026-04-01') "
        "order by date_day"
    ) == [(2026, 4, 12), (2027, 1, 1)]
    assert home.query("select holiday_names from dim_date where date_day = '2026-07-14'") == [
        ("National Day",)
    ]
    assert home.query("select day_part, label_12h from dim_time where time_key = 1700") == [
        ("evening", "5 PM")
    ]


def test_a_build_without_a_clock_is_refused(home: DbtHome) -> None:
    with pytest.raises(AssertionError, match="as_of"):
        home.build("--select", "release_info", as_of="")


def test_data_tests_of_the_project_pass_and_can_fail(home: DbtHome) -> None:
    kinds = ["money_is_decimal", "performance_days_have_a_campaign_home", "mart_reconciliation"]
    home.invoke("test", "--select", *kinds)
    home.execute(
        "update serve.mart_campaign_daily_summary set spend = spend + 1 "
        "where date_day = '2026-03-04'; "
        "delete from serve.state.mart_reconciliation"
    )
    home.build("--select", "mart_reconciliation")
    with pytest.raises(AssertionError, match="mart_reconciliation"):
        home.invoke("test", "--select", "mart_reconciliation")
    home.build("--select", "mart_campaign_daily_summary", "mart_reconciliation", "--full-refresh")


SUMMARY = "mart_campaign_daily_summary"
UNIQUE, RATIOS = f"unique_together_{SUMMARY}", f"{SUMMARY}_ratios_of_nothing_are_null"


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (f"insert into serve.{SUMMARY} from serve.{SUMMARY}", UNIQUE),
        (f"update serve.{SUMMARY} set campaign_key = null", UNIQUE),
        (f"update serve.{SUMMARY} set channel = null", UNIQUE),
        (f"update serve.{SUMMARY} set spend = 0, roas = 1", RATIOS),
        (f"update serve.{SUMMARY} set impressions = 0, ctr = 1", RATIOS),
    ],
)
def test_each_rule_of_a_table_can_fail(home: DbtHome, change: str, rule: str) -> None:
    """One test holds several rules: a repeated key, a key and another column that are null."""
    home.execute(f"create table serve.state.kept as from serve.{SUMMARY}")
    try:
        home.invoke("test", "--select", SUMMARY)
        home.execute(change)
        with pytest.raises(AssertionError, match=rule):
            home.invoke("test", "--select", SUMMARY)
    finally:
        home.execute(
            f"delete from serve.{SUMMARY}; insert into serve.{SUMMARY} from serve.state.kept; "
            "drop table serve.state.kept"
        )


def test_a_seed_of_an_earlier_version_may_have_other_columns(home: DbtHome) -> None:
    columns = "select column_name from duckdb_columns() where table_name = 'order_channel_rules'"
    before = home.query(columns)
    home.execute("alter table build.order_channel_rules add column platform varchar")
    assert home.query(columns) != before
    home.invoke("seed", "--select", "order_channel_rules")
    assert home.query(columns) == before


def test_unit_tests_of_the_project_pass(home: DbtHome) -> None:
    result = home.invoke("test", "--select", "test_type:unit")
    assert len(result.results) >= 6


def test_the_fixture_lake_has_the_columns_that_connectors_write() -> None:
    for key, columns in STREAMS.items():
        assert dict(columns) == dict(DECLARED[key]), key
