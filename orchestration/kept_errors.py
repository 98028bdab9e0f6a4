"""What Dagster keeps and shows of an error, without secrets.

Dagster stores the text, the traceback and the causes of whatever a step, check, sensor or schedule
raises, and an error that nobody foresaw may hold a piece of an answer or a secret. All of them pass
one place on their way to its databases, its pages and its log.
"""

from __future__ import annotations

from traceback import TracebackException

from dagster_shared.error import SerializableErrorInfo

from connectors.core.redaction import masked
from orchestration.terminal import visible

_KEEP = SerializableErrorInfo.from_traceback.__func__  # type: ignore[attr-defined]


def mask_errors() -> None:
    """Makes Dagster mask every error of this process before it keeps or shows it."""
    SerializableErrorInfo.from_traceback = classmethod(_masked)  # type: ignore[assignment]


def _masked(cls: type[SerializableErrorInfo], trouble: TracebackException) -> SerializableErrorInfo:
    kept: SerializableErrorInfo = _KEEP(cls, trouble)
    return kept._replace(message=_clean(kept.message), stack=[_clean(line) for line in kept.stack])


def _clean(text: str) -> str:
    return visible(masked(text))
