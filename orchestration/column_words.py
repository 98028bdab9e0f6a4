"""What the columns of each model are and mean, added to dbt's parsed project.

A column is described once, in `columns.yml`: of the project, or of a folder of models, which is
read first. A description in the model's own yml comes before both. A name that begins with `*` is
an ending: it describes what is another column in a form of its own, as `spend_previous_day` is.
Which columns a model has is in `columns.lock` of its folder, which `make columns` writes
(`column_listing`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

WORDS = "columns.yml"
LISTING = "columns.lock"
IN_REPORTING = ("account's currency", "reporting currency")

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # PyYAML without its C library
    from yaml import SafeLoader as Loader  # type: ignore[assignment]


def describe_columns(manifest: Manifest, project: Path) -> Manifest:
    """Returns a parsed project with the columns of each model, in their order and with their words.

    Args:
        manifest: changed in place; its flat graph, which models read, is as it was.
        project: the folder of `dbt_project.yml`.
    """
    from dbt.artifacts.resources.v1.components import ColumnInfo

    known: dict[Path, tuple[Mapping[str, str], Mapping[str, list[str]]]] = {}
    for node in manifest.nodes.values():
        if str(node.resource_type) != "model":
            continue
        folder = (project / node.original_file_path).parent
        if folder not in known:
            known[folder] = read_words(folder, project), read_listing(folder)
        words, listing = known[folder]
        own = node.columns
        listed = {name: own.get(name) or ColumnInfo(name) for name in listing.get(node.name, [])}
        node.columns = listed | own
        for name, column in node.columns.items():
            column.description = column.description or words_of(name, words)
    return manifest


def words_of(column: str, words: Mapping[str, str]) -> str:
    """Returns what a column means, by its own words or by those of its ending; empty without any.

    An ending's `{words}` are those of the column without it, `{reporting}` the same with its money
    in the reporting currency.
    """
    if column in words:
        return words[column]
    if (ending := ending_of(column, words)) is None:
        return ""
    whole = words_of(column.removesuffix(ending[1:]), words)
    plain = whole.removesuffix(" Additive.")
    return words[ending].format(words=plain, reporting=plain.replace(*IN_REPORTING))


def ending_of(column: str, words: Mapping[str, str]) -> str | None:
    """Returns the longest ending that describes a column by another one, as ``*_previous``."""
    fitting = [
        name
        for name in words
        if name.startswith("*")
        and column.endswith(name[1:])
        and words_of(column.removesuffix(name[1:]), words)
    ]
    return max(fitting, key=len, default=None)


def read_words(folder: Path, project: Path) -> Mapping[str, str]:
    """Returns what each column name means in the models of a folder."""
    above = {} if folder == project else read_words(folder.parent, project)
    path = folder / WORDS
    return {**above, **(read_yaml(path.read_text()) if path.exists() else {})}


def read_yaml(text: str) -> Any:
    """Returns what a YAML text says, by PyYAML's C library where it is there."""
    return yaml.load(text, Loader)


def read_listing(folder: Path) -> Mapping[str, list[str]]:
    """Returns the columns of each model of a folder, by the model's name."""
    path = folder / LISTING
    lines = path.read_text().splitlines() if path.exists() else []
    pairs = (line.partition(":") for line in lines if not line.startswith("#"))
    return {model: columns.split() for model, _, columns in pairs}
