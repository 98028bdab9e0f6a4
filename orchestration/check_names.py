"""What a dbt test is called where people read it, and what it means."""

from collections.abc import Mapping
from typing import Any

_LONGEST = 100


def check_name(test: Mapping[str, Any]) -> str:
    """Returns a name that is unique among the tests of one model.

    Args:
        test: the node of dbt's manifest.
    """
    kind, arguments = _kind(test)
    if kind == "unique_together":
        name = "one_row_per_" + "_and_".join(_key(arguments))
    elif kind == "accepted_values":
        name = f"{test['column_name']}_is_a_known_word"
    elif kind == "versions_tile":
        name = "versions_follow_one_another"
    elif kind == "money_is_converted":
        name = kind
    else:
        name = str(test["name"]).removeprefix(f"{model_of(test)}_")
    return name[:_LONGEST]


def check_description(test: Mapping[str, Any]) -> str:
    """Returns what must hold, in a sentence or two."""
    kind, arguments = _kind(test)
    if kind == "unique_together":
        known = [name for name in arguments["columns"] if not name.endswith("?")]
        known += [*arguments.get("never_null", [])]
        unique = f"No two rows have the same {_listed(_key(arguments))}."
        return unique + (f" Never null: {_listed(known)}." if known else "")
    if kind == "accepted_values":
        return f"{test['column_name']} is one of {_listed(arguments['values'])}."
    if kind == "versions_tile":
        return f"The versions of a {arguments['key']} follow one another: no gap, no overlap."
    if kind == "money_is_converted":
        return "All money has an exchange rate into the reporting currency."
    if kind == "always_true":
        rules = [" ".join(str(rule).split()) for rule in arguments.get("expressions", ())]
        if amount := arguments.get("converted"):
            rules.insert(0, f"{amount}_reporting is {amount} by exchange_rate, null without one")
        return "Holds in every row: " + "; ".join(rules) + "."
    return _comment(str(test.get("raw_code", "")))


def full_name(test: Mapping[str, Any]) -> str:
    """Returns ``model.check`` of a test that stands at a model, else the check's name alone."""
    model = model_of(test)
    return f"{model}.{check_name(test)}" if model else check_name(test)


def finding(test: Mapping[str, Any], failures: int) -> str:
    """Returns what a test found that has run, and how to look at it.

    Args:
        test: the node of dbt's manifest.
        failures: how many rows it returned.
    """
    rows = "1 row does" if failures == 1 else f"{failures:,} rows do"
    return f"{rows} not hold; see them with `tributary-dbt show --select {test['name']}`"


def model_of(test: Mapping[str, Any]) -> str:
    """Returns the model at which a test stands: by its `meta.dagster.ref`, its yml, or alone."""
    ref = test["config"].get("meta", {}).get("dagster", {}).get("ref", {})
    if ref:
        return str(ref["name"])
    parents = test["depends_on"].get("nodes", [])
    only = parents[0] if len(parents) == 1 else ""
    return str(test.get("attached_node") or only).rpartition(".")[2]


def _comment(code: str) -> str:
    """The comment that a test's file begins with."""
    found: list[str] = []
    for line in code.splitlines():
        if line.startswith("--"):
            found.append(line.removeprefix("--").strip())
        elif found:
            break
    return " ".join(found)


def _kind(test: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    metadata = test.get("test_metadata") or {}
    arguments = metadata.get("kwargs", {})
    return str(metadata.get("name", "")), {**arguments, **arguments.get("arguments", {})}


def _key(arguments: Mapping[str, Any]) -> list[str]:
    """The columns of a key; `?` marks those that may be null."""
    return [name.removesuffix("?") for name in arguments["columns"]]


def _listed(words: object) -> str:
    return ", ".join(map(str, words)) if isinstance(words, list | tuple) else str(words)
