"""dbt with its parsed project read once, so that what is forked from here need not learn to."""

import dbt.adapters.duckdb.connections
import dbt.cli.main  # noqa: F401
from dbt.contracts.graph.manifest import Manifest
from dbt.parser.manifest import extended_mashumuro_decoder

from orchestration import dbt_manifest
from tests.parsed_project import parsed_project

_content = (parsed_project() / dbt_manifest.FILES[1]).read_bytes()
Manifest.from_msgpack(_content, decoder=extended_mashumuro_decoder)
