"""Results: figures with their units and gates, and the machine that they come from."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import psutil
from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value.

    Attributes:
        name: what was measured.
        value: the value; a median where several runs were made.
        unit: its unit, e.g. ``rows/s``.
        gate: what it is held to, or None where it is told for information only.
        side: whether the gate is the least or the most that will do.
    """

    name: str
    value: float
    unit: str
    gate: float | None = None
    side: Literal["at least", "below"] = "at least"

    @property
    def verdict(self) -> str:
        """``met`` or ``not met``; empty without a gate."""
        if self.gate is None:
            return ""
        good = self.value >= self.gate if self.side == "at least" else self.value < self.gate
        return "met" if good else "not met"

    def record(self) -> dict[str, Any]:
        """The figure for machines."""
        record: dict[str, Any] = {"name": self.name, "value": self.value, "unit": self.unit}
        if self.gate is not None:
            record |= {"gate": f"{self.side} {number(self.gate)}", "verdict": self.verdict}
        return record


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one benchmark found.

    Attributes:
        name: the benchmark.
        measured: what was measured and how, in a sentence or two.
        figures: the values.
        notes: what else a reader should know.
    """

    name: str
    measured: str
    figures: Sequence[Figure]
    notes: Sequence[str] = field(default_factory=tuple)

    def record(self) -> dict[str, Any]:
        """The outcome for machines."""
        return {
            "benchmark": self.name,
            "measured": self.measured,
            "figures": [figure.record() for figure in self.figures],
            "notes": list(self.notes),
        }


def machine() -> dict[str, Any]:
    """What the figures depend on; nothing that names the machine."""
    return {
        "cpu": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0,
        "memory_gib": round(psutil.virtual_memory().total / 2**30),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load_at_start": round(os.getloadavg()[0], 1),
    }


def show(outcome: Outcome, console: Console) -> None:
    """Prints an outcome as a table."""
    table = Table(title=outcome.name, title_justify="left", caption_justify="left")
    for heading in ("figure", "value", "gate", ""):
        table.add_column(heading, justify="right" if heading == "value" else "left")
    for figure in outcome.figures:
        gate = "" if figure.gate is None else f"{figure.side} {number(figure.gate)}"
        table.add_row(figure.name, f"{number(figure.value)} {figure.unit}", gate, figure.verdict)
    console.print(table)
    console.print(outcome.measured, style="dim")
    for note in outcome.notes:
        console.print(f"- {note}", style="dim")
    console.print()


def number(value: float) -> str:
    """A figure as people read it: whole with separators when large, else three digits."""
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def _processor() -> str:
    try:
        with open("/proc/cpuinfo") as lines:
            for line in lines:
                if line.startswith("model name"):
                    return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
