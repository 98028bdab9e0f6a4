"""What happens in every shop by script, so that whoever looks for it can be checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from connectors.sandbox.business.parameters import Parameters


@dataclass(frozen=True, slots=True)
class Script:
    """The scripted orders of a shop: their days and places, and the day of the refund wave."""

    wave: date
    long: tuple[date, int]
    very_long: tuple[date, int]
    several_refunds: tuple[date, int]
    deleted: tuple[date, int]
    deletion: date
    deleted_late: tuple[date, int]
    late_deletion: date


def script_of(parameters: Parameters) -> Script:
    """Returns the script, squeezed into a short business."""
    back = parameters.days_before_end
    return Script(
        wave=back(15),
        long=(back(38), 0),
        very_long=(back(20), 3),
        several_refunds=(back(40), 1),
        deleted=(back(25), 2),
        deletion=back(12),
        deleted_late=(back(33), 2),
        late_deletion=back(5),
    )
