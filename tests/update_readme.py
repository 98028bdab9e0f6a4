"""Writes the demo's real output into README.md: ``python tests/update_readme.py HOME PRINTED``.

``HOME`` is the demo's home, ``PRINTED`` a file with what `tributary demo` printed. The tests
compare; this only saves the typing.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main(home: str, printed: str) -> None:
    """Replaces the README's output blocks."""
    readme = (ROOT / "README.md").read_text()
    text = Path(printed).read_text()
    shown = text[text.index("What the business did") :].replace(home, "data")
    readme = _replaced(readme, "output of make run", shown)
    for number in (1, 2, 3):
        (sql,) = re.findall(rf'<!-- query {number} -->.*?query "\n(.*?)"', readme, re.DOTALL)
        answer = subprocess.run(
            [Path(sys.executable).with_name("tributary"), "query", sql],
            env=os.environ | {"TRIBUTARY_HOME": home},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        readme = _replaced(readme, f"answer {number}", answer)
    (ROOT / "README.md").write_text(readme)


def _replaced(readme: str, label: str, content: str) -> str:
    body = "\n".join(line.rstrip() for line in content.strip().splitlines())
    pattern = rf"(<!-- {label} -->\s*```text\n).*?(```)"
    return re.sub(pattern, lambda found: f"{found[1]}{body}\n{found[2]}", readme, flags=re.DOTALL)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
