"""Writes the tables of presets and columns into docs/files.md.

Run ``python -m tests.update_files_docs``. A test compares; this only saves the typing.
"""

import re
from pathlib import Path

from connectors.platforms.files import reference

PAGE = Path(__file__).resolve().parents[1] / "docs" / "files.md"


def expected(page: str) -> str:
    """Returns the page with the tables as the code has them."""
    tables = {"presets": reference.preset_table(), "columns": reference.markdown()}
    for label, table in tables.items():
        pattern = rf"(<!-- {label} -->\n).*?(<!-- end of {label} -->)"
        page = re.sub(
            pattern,
            lambda found, table=table: f"{found[1]}\n{table}\n{found[2]}",
            page,
            flags=re.DOTALL,
        )
    return page


if __name__ == "__main__":
    PAGE.write_text(expected(PAGE.read_text("utf-8")), "utf-8")
