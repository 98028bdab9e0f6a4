"""Which mapping a file that lies somewhere is read by."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from connectors.platforms.files.mapping import FileMapping
from connectors.platforms.files.mapping_parser import parse_json
from orchestration.settings import home_path
from orchestration.workspace import open_workspace
from warehouse.apply_file import tree_json
from warehouse.registry_records import Connection


@dataclass(frozen=True, slots=True)
class UsedMapping:
    """A mapping and where it comes from.

    Attributes:
        origin: for people: a file's name, a source, or a draft.
        assumed: what a draft leaves open and was assumed, to be able to read.
    """

    mapping: FileMapping
    origin: str
    assumed: list[str] = field(default_factory=list)


def mapping_for(file: Path, given: Path | None) -> UsedMapping:
    """Returns the mapping that is given, that of the file's source, or a draft.

    Args:
        file: the file that is to be read.
        given: a mapping of its own, as YAML.

    Raises:
        MappingError: it cannot work.
        ShapeChanged: the file cannot be read, so that no draft can be made.
    """
    if given is not None:
        return UsedMapping(parse_json(tree_json(given)), f"the mapping {given.name}")
    source = source_of(file)
    if source is not None:
        name = f"{source.organization_id}/{source.account_id}"
        mapping = parse_json(source.settings.get("mapping", ""))
        return UsedMapping(mapping, f"the mapping of {name}")
    from connectors.platforms.files.draft import draft, filled

    mapping, assumed = filled(draft(file))
    return UsedMapping(
        mapping, "a draft (`tributary files draft` prints it; check every line)", assumed
    )


def source_of(file: Path) -> Connection | None:
    """Returns the source in whose landing folder, or at whose path, a file lies."""
    if not home_path().is_dir():
        return None
    space = open_workspace()
    place = file.resolve()
    for one in space.registry.connections(platform="files"):
        landing = space.home.landing_dir(one.organization_id, one.account_id)
        path = _path(one.settings.get("mapping", ""))
        folder = Path(path) if path else landing
        if place.is_relative_to(folder.resolve()):
            return one
    return None


def _path(mapping: str) -> str:
    try:
        return str(json.loads(mapping).get("path") or "")
    except (ValueError, AttributeError):
        return ""
