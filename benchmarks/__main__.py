"""`python -m benchmarks [name ...] [--quick] [--json]`."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from rich.console import Console

from benchmarks.report import Figure, Outcome, machine, show

Benchmark = Callable[[bool], Outcome]


def _own(name: str) -> Benchmark:
    return lambda quick: import_module(f"benchmarks.{name}").measure(quick)


def _readers(quick: bool) -> Outcome:
    from benchmarks import readers

    publishes = 20 if quick else 200
    with tempfile.TemporaryDirectory() as folder:
        found = readers.measure(8, publishes, 20_000, Path(folder))
    return Outcome(
        "readers",
        f"8 processes open the published file, read all of it and close, in a loop, during "
        f"{publishes} publishes.",
        [
            Figure("failed or mixed reads", found["errors"], "", 1, "below"),
            Figure("reads", found["reads"], ""),
            Figure("releases seen by one reader", found["releases_seen"], ""),
            Figure("publish", found["publish_seconds_median"], "s"),
        ],
        found["first_errors"],
    )


BENCHMARKS: dict[str, Benchmark] = {
    "throughput": _own("throughput"),
    "sandbox": _own("sandbox"),
    "refresh": _own("refresh"),
    "full": _own("full"),
    "start": _own("start"),
    "compaction": _own("compaction"),
    "organizations": _own("organizations"),
    "landing": _own("landing"),
    "webhooks": _own("webhooks"),
    "events": _own("events"),
    "size": _own("size"),
    "readers": _readers,
}


def main() -> int:
    """Runs the benchmarks; a gate that is not met is told, not an error."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(BENCHMARKS)}")
    parser.add_argument("--quick", action="store_true", help="a small size, for a first look")
    parser.add_argument("--json", action="store_true", help="one JSON document for machines")
    options = parser.parse_args()
    unknown = set(options.names) - set(BENCHMARKS)
    if unknown:
        parser.error(
            f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}"
        )
    console, outcomes, where = Console(), [], machine()
    for name in options.names or BENCHMARKS:
        outcome = BENCHMARKS[name](options.quick)
        outcomes.append(outcome)
        if not options.json:
            show(outcome, console)
    if options.json:
        results = [outcome.record() for outcome in outcomes]
        print(json.dumps({"machine": where, "benchmarks": results}, indent=2))
    else:
        console.print("machine: " + ", ".join(f"{k} {v}" for k, v in where.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
