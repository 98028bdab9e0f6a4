"""How the nodes of a dbt command ended, in the words of our records."""

from typing import TYPE_CHECKING, Any

from orchestration.check_names import finding
from warehouse.build_records import Verdict

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult

FAILED = {"error", "fail", "runtime error"}
SKIPPED = "skipped"
MESSAGE_LENGTH = 300


def with_status(outcome: "dbtRunnerResult", statuses: set[str]) -> set[str]:
    """Returns the nodes that dbt reports on and that ended in one of the statuses."""
    return {r.node.unique_id for r in _results(outcome) if str(r.status) in statuses}


def failed(outcome: "dbtRunnerResult") -> dict[str, tuple[str, str]]:
    """Returns unique id -> name and message of each node that failed itself."""
    return {
        r.node.unique_id: (r.node.name, _one_line(r.message))
        for r in _results(outcome)
        if str(r.status) in FAILED
    }


def verdicts(outcome: "dbtRunnerResult") -> dict[str, Verdict]:
    """Returns unique id -> how it ended, of each test that has run."""
    return {
        r.node.unique_id: Verdict(str(r.status), _finding(r))
        for r in _results(outcome)
        if str(r.status) != SKIPPED
    }


def _finding(result: Any) -> str:
    """Of a test that found rows, how many and how to see them; of all else what dbt says."""
    if str(result.status) in {"fail", "warn"} and result.failures:
        return finding({"name": result.node.name}, result.failures)
    return _one_line(result.message)


def _results(outcome: "dbtRunnerResult") -> list[Any]:
    return list(getattr(outcome.result, "results", []))


def _one_line(message: object) -> str:
    return " ".join(str(message or "").split())[:MESSAGE_LENGTH]
