"""When a table is refreshed by itself: declared on the table, decided by the daemon."""

from typing import Any

import dagster as dg


def when_inputs_land() -> dg.AutomationCondition[Any]:
    """Returns the house's refresh rule: as soon as something above has landed.

    ``eager()`` alone waits until every partition of a partitioned input exists, which below daily
    raw assets never happens: so the rule about missing inputs is taken out. It fires on the first
    landing and when an old partition is restated, makes one rebuild of many landings in one tick,
    and is quiet otherwise.
    """
    return dg.AutomationCondition.eager().without(~dg.AutomationCondition.any_deps_missing())
