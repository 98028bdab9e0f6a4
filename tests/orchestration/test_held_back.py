"""Nothing red is published, whoever asks: a test of the build really fails, on a real home."""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg
import pytest

from orchestration.build_report import held_back
from orchestration.publishing import publish_build
from tests.orchestration.house import ORDERS, House, open_house
from warehouse.releases import HeldBack

pytestmark = pytest.mark.long

PUBLISHED = dg.AssetKey(["published", "tributary"])

FAILS = f"{ORDERS}.one_row_per_order_key"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("held_back")) as found:
        yield found


def test_nothing_red_is_published_whoever_asks(house: House) -> None:
    good = house.release()
    house.order("+")
    house.drop("second.csv", "3;2026-11-03 10:00;tea;1;5.00")

    done = house.tributary("run", "--platform", "files")
    assert done.returncode == 1
    assert house.release() == good
    # Dagster keeps what a step prints; what the run is at is printed all the same.
    assert "pulling files/orders" in done.stderr.splitlines()

    # As a schedule or the automation would, after the run that failed: publishing by itself, and
    # with a table whose own tests pass.
    with pytest.raises(HeldBack, match=FAILS) as refused:
        publish_build(house.home)
    assert f"{good} stays published" in str(refused.value)
    assert not house.from_the_ui("mart_shop_daily_summary", PUBLISHED)
    assert house.release() == good

    said = house.tributary("status")
    assert said.returncode == 3
    assert f"no release: test {FAILS}: 1 row does not hold" in " ".join(said.stderr.split())

    house.order("-")
    house.pull_and_build()
    assert held_back(house.home) == []
    publish_build(house.home)
    assert house.release() != good
