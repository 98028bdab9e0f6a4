"""dbt's events, made only when somebody reads them.

dbt makes a message of each event, dozens a node, and looks after that whether its level is written
at all. Nearly all of them are for debugging and are not: they take a quarter of dbt's own time.
"""

from typing import Any

from dbt_common.events.base_types import BaseEvent, EventLevel
from dbt_common.events.event_manager import EventManager

_FOR_DEBUGGING = {EventLevel.DEBUG, EventLevel.TEST}
_MESSAGE = "pb_msg"
_make, _fire = BaseEvent.__init__, EventManager.fire_event


def make_on_demand() -> None:
    """Changes dbt in this process, once: what it writes stays as it is."""
    for name, method in {
        "__init__": _keep,
        "__getattr__": _read,
        "__setattr__": _write,
    }.items():
        setattr(BaseEvent, name, method)
    setattr(EventManager, "fire_event", _fire_if_written)  # noqa: B010


def _keep(event: BaseEvent, *args: Any, **kwargs: Any) -> None:
    object.__setattr__(event, "_made_of", (args, kwargs))


def _message(event: BaseEvent) -> Any:
    """The event's message, made by the first who asks."""
    if _MESSAGE not in vars(event):
        args, kwargs = vars(event)["_made_of"]
        _make(event, *args, **kwargs)
    return vars(event)[_MESSAGE]


def _read(event: BaseEvent, name: str) -> Any:
    message = _message(event)
    return message if name == _MESSAGE else getattr(message, name)


def _write(event: BaseEvent, name: str, value: Any) -> None:
    if name == _MESSAGE:
        object.__setattr__(event, name, value)
    else:
        setattr(_message(event), name, value)


def _fire_if_written(
    manager: EventManager,
    e: BaseEvent,
    level: EventLevel | None = None,
    node: Any = None,
    force_warn_or_error_handling: bool = False,
) -> None:
    """`EventManager.fire_event` without what no logger writes.

    dbt has a callback of its own, which looks for warnings: those are made.
    """
    is_read = any(one.level in _FOR_DEBUGGING for one in manager.loggers)
    if is_read or force_warn_or_error_handling or (level or e.level_tag()) not in _FOR_DEBUGGING:
        _fire(manager, e, level, node, force_warn_or_error_handling)
