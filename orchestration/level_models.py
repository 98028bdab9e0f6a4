"""Which models report at which level of detail, found by their yml files.

dbt must know what a model refers to while it parses the project, before it knows the other models.
So the unions of a level (`macros/levels.sql`) get the names of its models as a variable.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from orchestration.column_words import read_yaml

VARIABLE = "level_models"


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


def with_level_models(arguments: Sequence[str], project: Path) -> list[str]:
    """Returns the arguments of ``dbt parse`` with the models of each level among its variables."""
    words = list(arguments)
    if "--vars" not in words:
        words += ["--vars", "{}"]
    at = words.index("--vars") + 1
    variables = read_yaml(words[at]) | {VARIABLE: level_models(project)}
    return [*words[:at], json.dumps(variables), *words[at + 1 :]]
