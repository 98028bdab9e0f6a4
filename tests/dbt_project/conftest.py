"""The helpers of this folder are modules beside the tests.

None may be called `dbt_…`: dbt imports every such module that it finds on the path as a plugin of
its own, in all processes that were forked from these tests.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

assert not list(HERE.glob("dbt_*")), "dbt would take this module for a plugin: rename it"
