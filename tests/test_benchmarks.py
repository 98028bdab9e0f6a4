"""A benchmark that nobody ran for a while still finds what it stands on."""

import importlib
import pkgutil

import pytest

import benchmarks

# dlt has an environment of its own.
MODULES = {one.name for one in pkgutil.iter_modules(benchmarks.__path__)} - {"__main__", "dlt_path"}


@pytest.mark.parametrize("name", sorted(MODULES))
def test_a_benchmark_can_be_imported(name: str) -> None:
    importlib.import_module(f"benchmarks.{name}")
