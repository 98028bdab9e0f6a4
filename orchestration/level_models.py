"""Which models and streams report at which level of detail, found by their yml files.

dbt must know what a model refers to while it parses the project, before it knows the other models.
So what unites a level (`macros/levels.sql`) gets the names of its models and streams as variables.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from orchestration.column_words import read_yaml

VARIABLE, SOURCES = "level_models", "level_sources"


def level_models(project: Path) -> dict[str, list[str]]:
    """Returns the models of each level, by name; a model's level is its `config.meta.level`.

    Seeds that each platform has one of are of the level that their folder is named after.

    Args:
        project: the folder of `dbt_project.yml`.
    """
    found: dict[str, list[str]] = {}
    for path in sorted(project.glob("models/**/*.yml")):
        content = read_yaml(path.read_text()) or {}
        for model in content.get("models", ()):
            level = model.get("config", {}).get("meta", {}).get("level")
            if level:
                found.setdefault(level, []).append(model["name"])
    for path in project.glob("seeds/*/*.csv"):
        found.setdefault(path.parent.name, []).append(path.stem)
    return {level: sorted(models) for level, models in sorted(found.items())}


def level_sources(project: Path) -> dict[str, list[list[str]]]:
    """Returns the streams of each level, as platform and name; they say it as models do.

    Args:
        project: the folder of `dbt_project.yml`.
    """
    found: dict[str, list[list[str]]] = {}
    for path in sorted(project.glob("models/staging/*/*.yml")):
        for source in (read_yaml(path.read_text()) or {}).get("sources", ()):
            for table in source["tables"]:
                level = table.get("config", {}).get("meta", {}).get("level")
                if level:
                    found.setdefault(level, []).append([source["name"], table["name"]])
    return {level: sorted(streams) for level, streams in sorted(found.items())}


def with_level_models(arguments: Sequence[str], project: Path) -> list[str]:
    """Returns the arguments of ``dbt parse`` with what is of each level among its variables."""
    words = list(arguments)
    if "--vars" not in words:
        words += ["--vars", "{}"]
    at = words.index("--vars") + 1
    known = {VARIABLE: level_models(project), SOURCES: level_sources(project)}
    variables = read_yaml(words[at]) | known
    return [*words[:at], json.dumps(variables), *words[at + 1 :]]
