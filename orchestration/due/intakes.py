"""Which planner decides for a platform: the one place that knows how many intakes there are."""

from connectors.core.objects import LandedObjects
from connectors.core.platform import Platform
from orchestration.due.chunks import Planner
from orchestration.due.objects import ObjectPlanner
from orchestration.due.windows import WindowPlanner


def planner_of(platform: Platform) -> type[Planner]:
    """Returns the planner of what a platform's streams are read by."""
    return ObjectPlanner if isinstance(platform.intake, LandedObjects) else WindowPlanner
