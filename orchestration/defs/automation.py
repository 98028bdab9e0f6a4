"""When a table is refreshed by itself: declared on the table, decided by the daemon."""

from typing import Any

import dagster as dg


def when_inputs_land() -> dg.AutomationCondition[Any]:
    """Returns the house's refresh rule: as soon as something above has landed.

    ``eager()`` alone waits until every partition of a partitioned input exists, which below daily
    raw assets never happens: so the rule about missing inputs is taken out. It fires on the first
    landing and when an old partition is restated, makes one rebuild of many landings in one tick,
    and is quiet otherwise.

    What lies below a table that failed is not asked for until that table is built again, with it
    or before it: its other inputs may have moved on. A failed pull holds nothing back, since the
    other accounts' numbers are there.
    """
    eager = dg.AutomationCondition.eager()
    failed = dg.AutomationCondition.execution_failed()
    asked_for = dg.AutomationCondition.will_be_requested()
    held = dg.AutomationCondition.any_deps_match(failed & ~asked_for)
    raw = dg.AssetSelection.key_prefixes("raw")
    return eager.without(~dg.AutomationCondition.any_deps_missing()) & ~held.ignore(raw)
