"""`dagster_dbt` without dbt, whose import costs more than Dagster's own.

`dagster_dbt` works where dbt is not installed: it then has dbt's names for kinds and statuses
itself, and takes all nodes of a manifest, which is what we ask for. We run dbt in a process of its
own (`dbt_process`), so Dagster's never needs it. What we use of the package is named here.
"""

import sys

_VERSION = "dbt.version"
"""The module by which `dagster_dbt` finds out whether dbt is installed."""

_known = sys.modules.get(_VERSION)
sys.modules[_VERSION] = None  # type: ignore[assignment]
try:
    from dagster_dbt import (
        DagsterDbtTranslator,
        DagsterDbtTranslatorSettings,
        DbtProject,
        dbt_assets,
    )
finally:
    del sys.modules[_VERSION]
    if _known is not None:
        sys.modules[_VERSION] = _known

__all__ = ["DagsterDbtTranslator", "DagsterDbtTranslatorSettings", "DbtProject", "dbt_assets"]
