"""The levels of detail: each stream is in the union of its level, in its words and types."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from typing import Any

import pytest
import yaml
from built_home import PROJECT, BuildFailed, DbtHome
from fixture_lake import FixtureLake

from orchestration.level_models import level_models

pytestmark = pytest.mark.xdist_group("dbt_project")
LEVELS: Mapping[str, Any] = yaml.safe_load((PROJECT / "dbt_project.yml").read_text())["vars"][
    "levels"
]
TYPES = {
    "text": "VARCHAR",
    "origin": "VARCHAR",
    "flag": "BOOLEAN",
    "day": "DATE",
    "time": "TIMESTAMP WITH TIME ZONE",
    "integer": "INTEGER",
    "count": "BIGINT",
    "people": "BIGINT",
    "money": "DECIMAL(18,6)",
    "number": "DECIMAL(18,6)",
    "score": "DECIMAL(18,6)",
    "amount": "DECIMAL(24,6)",
}
ENTITIES = {
    "campaign_id",
    "ad_group_id",
    "ad_id",
    "keyword_id",
    "location_id",
    "product_id",
    "variant_id",
    "order_id",
    "document_id",
    "line_id",
}
SEEDS = {"words", "channel_rules"}
UNION = "int_campaigns_unioned"
STATUSES = {"ACTIVE", "PAUSED", "COMPLETED", "ARCHIVED", "DELETED"}
CONVERSION_STATUSES = {"PENDING", "APPROVED", "REJECTED"}
MESSAGE_STATUSES = {"DRAFT", "SCHEDULED", "SENDING", "SENT", "PAUSED", "CANCELLED", "ARCHIVED",
                    "LIVE"}  # fmt: skip


def streams() -> Iterator[tuple[str, str]]:
    """Yields the platform and the level of every stream that has one of the levels."""
    for path in PROJECT.glob("models/staging/*/_*.yml"):
        for source in yaml.safe_load(path.read_text()).get("sources", ()):
            for table in source["tables"]:
                level = table.get("config", {}).get("meta", {}).get("level")
                if level in LEVELS:
                    yield source["name"], level


def of_platform(platform: str, models: list[str]) -> list[str]:
    """Returns the staging models of a platform."""
    return [model for model in models if model.startswith(f"stg_{platform}__")]


def test_every_stream_of_a_level_has_one_model_in_its_union() -> None:
    models = level_models(PROJECT)
    expected = Counter(streams())
    assert len({platform for platform, _ in expected}) > 2
    for (platform, level), count in expected.items():
        assert len(of_platform(platform, models.get(level, []))) == count, (platform, level)
        if level == "campaign_day":
            versions = of_platform(platform, models["campaign_day_version"])
            assert len(versions) == count, f"{platform}: restatements need its versions"


def test_a_level_that_models_name_is_one() -> None:
    assert set(level_models(PROJECT)) - SEEDS == set(LEVELS)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> DbtHome:
    """A warehouse without rows."""
    path = tmp_path_factory.mktemp("levels") / "home"
    path.mkdir()
    FixtureLake(path)
    built = DbtHome(path)
    models = {model for level in LEVELS for model in level_models(PROJECT).get(level, ())}
    built.build(models=sorted(models | {UNION}))
    return built


def test_models_have_the_columns_of_their_level_in_its_types(home: DbtHome) -> None:
    found: dict[str, dict[str, str]] = {}
    rows = home.query("select table_name, column_name, data_type from duckdb_columns()")
    for model, column, data_type in rows:
        found.setdefault(model, {})[column] = data_type
    for level, models in level_models(PROJECT).items():
        if level in SEEDS:
            continue
        kinds = LEVELS[level]
        named = {name: TYPES[kind] for kind, names in kinds.items() for name in names}
        keys = {"organization_id", "connection_id", "platform", "account_id", "_sync_id"}
        needed = keys | {name for name in named if name in ENTITIES or name == "date_day"}
        measures = {name for kind in ("count", "money", "amount") for name in kinds.get(kind, ())}
        for model in models:
            columns = found[model]
            assert needed <= set(columns), (model, needed - set(columns))
            assert not measures or measures & set(columns) or level.endswith("_list"), model
            wrong = {
                name: columns[name]
                for name, data_type in named.items()
                if columns.get(name, data_type) != data_type
            }
            assert wrong == {}, (model, level)


def test_of_a_level_the_models_of_shown_platforms_alone_are_planned(home: DbtHome) -> None:
    platforms = sorted({platform for platform, level in streams() if level == "campaign_list"})
    assert len(platforms) > 2
    with home.reading() as query:

        def files_in_plan(shown: list[str] | None) -> int:
            value = f"{shown or []}::varchar[]" if shown is not None else "null::varchar[]"
            query(f"set variable shown_platforms = {value}")
            return str(query(f"explain select * from build.main.{UNION}")).count("READ_PARQUET")

        one_by_one = [files_in_plan([platform]) for platform in platforms]
        assert files_in_plan([]) == 0 < min(one_by_one)
        # What all of them read, such as the log, is read once.
        assert max(one_by_one) < files_in_plan(platforms) == files_in_plan(None)


@pytest.mark.parametrize(
    ("rows", "failures"),
    [
        (["('c', '1', 's')"], 0),
        (["('c', '1', 's')", "('c', '1', 't')"], 0),
        (["('c', '1', 's')", "('c', '1', 's')"], 1),
        (["('c', null, 's')"], 1),
    ],
    ids=["one", "in two lists", "twice in a list", "without an id"],
)
def test_the_key_of_a_level_is_tested(home: DbtHome, rows: list[str], failures: int) -> None:
    model = "stg_google_ads__campaigns"
    home.execute(
        f"create or replace view build.main.{model} as select * from (values {', '.join(rows)}) "
        "as listed (connection_id, campaign_id, _sync_id)"
    )
    broken = pytest.raises(BuildFailed, match="Got 1 result") if failures else nullcontext()
    with broken:
        home.invoke("test", "--select", f"level_key_{model}_")


def test_our_word_for_a_status_is_one_of_five() -> None:
    for path in PROJECT.glob("seeds/words/words_*.csv"):
        lines = [line.split(",") for line in path.read_text().splitlines()[1:]]
        statuses = {ours for kind, _, ours in lines if kind == "status"}
        assert statuses <= STATUSES, path.name
        of_mail = {ours for kind, _, ours in lines if kind == "message_status"}
        assert of_mail <= MESSAGE_STATUSES, path.name
        of_partners = {ours for kind, _, ours in lines if kind == "conversion_status"}
        assert of_partners <= CONVERSION_STATUSES, path.name
        kinds = {"status", "message_status", "conversion_status", "creative_type", "channel"}
        assert {kind for kind, *_ in lines} <= kinds, path.name


def test_the_rules_of_a_platform_have_an_order() -> None:
    for path in PROJECT.glob("seeds/**/*channel_rules*.csv"):
        numbers = [line.split(",")[0] for line in path.read_text().splitlines()[1:]]
        assert len(set(numbers)) == len(numbers) > 0, path.name


def test_orders_lines_and_refunds_of_a_platform_are_found_by_their_fingerprints() -> None:
    """The unions of these levels find what changed in the state of the platforms' models."""
    paths = {path.stem: path for path in PROJECT.glob("models/staging/*/*.sql")}
    models = level_models(PROJECT)
    for level in ("orders", "order_lines", "refunds"):
        for model in models[level]:
            config = paths[model].read_text().partition("}}")[0]
            assert "materialized='dirty_keys', key=['connection_id', 'order_id']" in config, model
