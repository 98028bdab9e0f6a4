"""Writes a platform to start from: `make new-platform NAME=pinwall`.

It is the made-up one of CONTRIBUTING.md under another name, file by file as the text has it. So
there is one example of a platform, and what people read is what they get.
"""

from __future__ import annotations

import argparse
import keyword
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = "pinwall"
_BLOCK = re.compile(r"^`([\w./]+)`\n\n(`{3,})\w+\n(.*?)^\2$", re.MULTILINE | re.DOTALL)
_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_LONGEST_NAME = 24
"""Characters: longer ones would not fit the lines of the example."""


def main(arguments: list[str] | None = None) -> int:
    """Runs the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="make new-platform", description=__doc__)
    parser.add_argument("name", metavar="NAME", help="in snake case: the name of its folders")
    name = parser.parse_args(arguments).name
    try:
        written = write(ROOT, name)
    except (ValueError, FileExistsError) as trouble:
        print(trouble, file=sys.stderr)
        return 2
    print("\n".join(str(path) for path in written))
    print(f"\nCONTRIBUTING.md explains each file. Try it: pytest -n 0 tests -k {name}")
    return 0


def write(root: Path, name: str) -> list[Path]:
    """Writes the files of a new platform; returns their paths below the root.

    Args:
        root: The repository.
        name: The platform's.

    Raises:
        ValueError: The name cannot be that of a platform.
        FileExistsError: The name is taken; nothing is written.
    """
    if not _NAME.fullmatch(name) or keyword.iskeyword(name) or len(name) > _LONGEST_NAME:
        raise ValueError(
            f"{name!r} cannot be the name of a platform: it takes small letters, digits and single "
            f"underscores, at most {_LONGEST_NAME}, as in snap_ads"
        )
    files = example((root / "CONTRIBUTING.md").read_text("utf-8"), name)
    taken = sorted(
        {path for path in files if (root / path).exists()}
        | {
            path.parent
            for path in files
            if path.parent.name == name and (root / path.parent).exists()
        }
    )
    if taken:
        raise FileExistsError(f"{name} is taken: there is {taken[0]}")
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    return list(files)


def example(page: str, name: str) -> dict[Path, str]:
    """Returns the files of the page's example under a name, by their paths."""
    shown = name.replace("_", " ").title()

    def renamed(text: str) -> str:
        text = text.replace(EXAMPLE, name).replace(EXAMPLE.upper(), name.upper())
        return text.replace(EXAMPLE.title(), shown)

    return {Path(renamed(path)): renamed(text) for path, _, text in _BLOCK.findall(page)}


if __name__ == "__main__":
    sys.exit(main())
