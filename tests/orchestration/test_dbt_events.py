"""Events that no logger writes are not made; all others are written as dbt writes them."""

import subprocess
import sys

CODE = """
import io, sys
from dbt.adapters.events.types import SQLQuery
from dbt.events.types import LogTestResult
from dbt_common.events.base_types import BaseEvent, EventLevel
from dbt_common.events.event_manager import EventManager
from dbt_common.events.logger import LoggerConfig
from dbt_common.events.types import Note

if sys.argv[1] == "on demand":
    from orchestration import dbt_events

    made, make = [], dbt_events._make
    dbt_events._make = lambda event, *_, **given: (made.append(event), make(event, **given))
    dbt_events.make_on_demand()
for level in (EventLevel.INFO, EventLevel.DEBUG):
    out, manager = io.StringIO(), EventManager()
    manager.add_logger(LoggerConfig(level.value, level=level, output_stream=out))
    manager.add_callback(lambda message: None)
    query = SQLQuery(conn_name="one", sql="select 1")
    manager.fire_event(query)
    manager.fire_event(SQLQuery(conn_name="two", sql="select 2"), level=EventLevel.WARN)
    manager.fire_event(SQLQuery(conn_name="three", sql="select 3"))
    manager.fire_event(Note(msg="seen"))
    said = LogTestResult(name="unique", status="fail", num_failures=2)
    said.index = 7
    manager.fire_event(said, level=EventLevel.ERROR)
    print([line[10:] for line in out.getvalue().splitlines()], query.sql, query.message())
    if sys.argv[1] == "on demand":
        print(len(made), file=sys.stderr)
        made.clear()
"""


def test_what_is_written_is_what_dbt_writes() -> None:
    of_dbt, ours = (
        subprocess.run(
            [sys.executable, "-c", CODE, how], capture_output=True, text=True, check=True
        )
        for how in ("at once", "on demand")
    )
    assert "select 2" in of_dbt.stdout
    assert "FAIL 2 unique" in of_dbt.stdout
    assert ours.stdout == of_dbt.stdout
    # The first query is asked for its SQL; the third is made only where debugging is written.
    assert ours.stderr.split() == ["4", "5"]
