"""Bulk jobs: pages of CSV, jobs that fail half way, and when there is no bulk at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from connectors.core.errors import (
    BadRequest,
    FieldRefused,
    NetworkTrouble,
    ShapeChanged,
    Transient,
)
from connectors.core.window import BEGINNING, Window
from connectors.platforms.salesforce.failures import JobFailed, NotInBulk, of_job

NOW = datetime(2026, 11, 15, 6, tzinfo=UTC)
SINCE = Window(datetime(2026, 11, 1, tzinfo=UTC), NOW)
HALF_WAY = "InternalServerError: Retried more than 15 times"


@pytest.fixture
def job(api: Any, made: Any) -> Callable[..., None]:
    """Lets an organization have so many rows, and a job that ends in a state."""

    def put(rows: int, *, processed: int | None = None, **ended: Any) -> None:
        api.answers[f"{made.api}/queryAll"] = made.counted(made.page(), rows)
        api.answers[f"{made.api}/jobs/query"] = {"id": made.job.rpartition("/")[2]}
        states = [{"state": one, "numberRecordsProcessed": 7} for one in made.stages]
        last = {"state": "JobComplete", "numberRecordsProcessed": processed or rows, **ended}
        api.answers[made.job] = [*states, last]

    return put


def results(kit: Any, body: bytes, rows: int, locator: str = "null") -> Any:
    headers = {"Sforce-Locator": locator, "Sforce-NumberOfRecords": str(rows)}
    return kit.answer(body=body, headers=headers)


def test_few_rows_take_no_job(api: Any, job: Callable[..., None]) -> None:
    job(1999)
    api.rows("opportunities", SINCE)
    assert "jobs" not in " ".join(one.path for one in api.asked)


def test_values_of_csv_are_those_of_rest(
    api: Any, kit: Any, made: Any, job: Callable[..., None]
) -> None:
    job(2000, processed=2)
    api.answers[f"{made.job}/results"] = results(kit, made.csv("results"), 2)
    first, second = api.rows("opportunities", SINCE)
    assert (first["name"], first["amount"]) == ('Two lines\nand "quotes"', Decimal("1200.50"))
    assert (first["is_won"], first["probability"], first["campaign_id"]) == (True, 100, None)
    assert first["updated_at"] == datetime(2026, 11, 1, 9, 12, 3, tzinfo=UTC)
    assert first["pipeline_name"] == "Sales"
    assert (second["is_deleted"], second["amount"], second["pipeline_name"]) == (True, None, None)
    assert {first["_extra"], second["_extra"]} == {None}
    (started,) = [one for one in api.asked if one.method == "POST" and "jobs" in one.path]
    assert started.json["operation"] == "queryAll"
    assert "ORDER BY" not in started.json["query"]


def test_300000_rows_though_jobs_fail_half_way(api: Any, kit: Any, made: Any) -> None:
    """Jobs of more than 200,000 rows fail after having processed some; none of theirs is used."""
    total, span = 300_000, NOW - BEGINNING
    jobs: dict[str, tuple[int, int]] = {}
    looks: dict[str, int] = {}
    failed: list[str] = []

    def rows_of(query: str) -> tuple[int, int]:
        """The rows of a window: spread evenly over the last hundred days."""
        begin, end = (
            datetime.fromisoformat(query.partition(f"SystemModstamp {sign} ")[2][:20])
            for sign in (">=", "<")
        )
        zero = NOW - timedelta(days=100)
        first, last = ((max(one, zero) - zero) / timedelta(days=100) for one in (begin, end))
        return round(first * total), round(last * total)

    def start(asked: Any) -> Any:
        id_ = f"750{len(jobs)}"
        jobs[id_] = rows_of(asked.json["query"])
        looks[id_] = 0
        return {"id": id_}

    def look(asked: Any) -> Any:
        id_ = asked.path.split("/")[6]
        first, last = jobs[id_]
        if asked.path.endswith("/results"):
            begin = first + int(asked.params.get("locator", "0"))
            end = min(begin + int(asked.params["maxRecords"]), last)
            lines = "".join(
                f'"{one:018d}","2026-11-02T00:00:00.000Z","true"\n' for one in range(begin, end)
            )
            locator = str(end - first) if end < last else "null"
            head = '"Id","SystemModstamp","IsDeleted"\n'
            return results(kit, (head + lines).encode(), end - begin, locator)
        looks[id_] += 1
        if looks[id_] == 1:
            return {"state": "InProgress", "numberRecordsProcessed": 100}
        if last - first > 200_000:
            failed.append(id_)
            return {"state": "Failed", "numberRecordsProcessed": 100, "errorMessage": HALF_WAY}
        return {"state": "JobComplete", "numberRecordsProcessed": last - first}

    def query(asked: Any) -> Any:
        first, last = rows_of(asked.params["q"])
        return made.count(last - first)

    class Jobs(dict[str, Any]):
        def get(self, path: str, default: Any = None) -> Any:
            return look if "/jobs/query/" in path else super().get(path, default)

    api.answers = Jobs(api.answers)
    api.answers[f"{made.api}/queryAll"] = query
    api.answers[f"{made.api}/jobs/query"] = start
    assert span > timedelta(days=365 * 50)
    found = api.read("accounts", Window(BEGINNING, NOW))
    assert found.rejected == []
    assert [int(one["record_id"]) for one in found.rows] == list(range(total))
    assert len(failed) > 2
    pages = [one for one in found.asked if one.path.endswith("/results")]
    assert len(pages) >= 6
    assert not {one.path.split("/")[6] for one in pages} & set(failed)


def test_a_second_that_fails_in_bulk_is_read_by_rest(
    api: Any, made: Any, job: Callable[..., None]
) -> None:
    job(2000, state="Failed", errorMessage=HALF_WAY)
    numbers = count()

    def answer(asked: Any) -> Any:
        if "COUNT()" in asked.params["q"]:
            return made.count(2000)
        row = {"Id": f"001{next(numbers)}", "SystemModstamp": "2026-11-02T00:00:00.000+0000"}
        return made.page(row)

    api.answers[f"{made.api}/queryAll"] = answer
    second = Window(NOW, NOW + timedelta(seconds=1))
    assert [one["record_id"] for one in api.rows("accounts", second)] == ["0010"]


def test_an_object_that_bulk_cannot_read_is_read_by_rest(
    api: Any, made: Any, job: Callable[..., None]
) -> None:
    said = "INVALIDENTITY: 'User' is not supported by the Bulk API"
    job(2000, state="Failed", errorMessage=said)
    assert api.rows("accounts", SINCE) == []
    assert sum("SELECT" in one.params.get("q", "") for one in api.asked) == 2


def test_pages_that_are_not_whole_are_fetched_anew(
    api: Any, kit: Any, made: Any, job: Callable[..., None]
) -> None:
    job(2000, processed=3)
    api.answers[f"{made.job}/results"] = results(kit, made.csv("results"), 2)
    with pytest.raises(NetworkTrouble, match="2 of 3 rows") as trouble:
        api.rows("opportunities", SINCE)
    assert trouble.value.restart_chunk
    job(2000, processed=2)
    api.answers[f"{made.job}/results"] = results(kit, made.csv("results"), 3)
    with pytest.raises(NetworkTrouble, match="2 of 3 rows of a page"):
        api.rows("opportunities", SINCE)


def test_pages_in_a_circle_and_unknown_states(
    api: Any, kit: Any, made: Any, job: Callable[..., None]
) -> None:
    job(2000, processed=4)
    api.answers[f"{made.job}/results"] = results(kit, made.csv("results"), 2, "MTAwMDA")
    with pytest.raises(ShapeChanged, match="circles"):
        api.rows("opportunities", SINCE)
    job(2000, state="Paused")
    with pytest.raises(ShapeChanged, match="Paused"):
        api.rows("opportunities", SINCE)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (HALF_WAY, JobFailed),
        ("UNABLE_TO_LOCK_ROW", JobFailed),
        ("Your query timed out", JobFailed),
        ("", JobFailed),
        ("INVALIDENTITY : Foo", NotInBulk),
        ("Selecting compound data not supported in Bulk Query", NotInBulk),
        ("INVALID_FIELD: No such column 'X__c' on entity 'Lead'", FieldRefused),
        ("MALFORMED_QUERY: unexpected token", BadRequest),
    ],
)
def test_what_the_message_of_a_failed_job_means(message: str, expected: type[Transient]) -> None:
    assert type(of_job(message)) is expected
