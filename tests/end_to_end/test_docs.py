"""Prose that drifts from the product fails here."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.cli import Commands
from tests.end_to_end.conftest import Demo

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
PAGES = [ROOT / "README.md", ROOT / "DECISIONS.md", *sorted((ROOT / "docs").glob("*.md"))]
STEPS = sorted(ROOT.glob("connectors/platforms/*/connecting.md"))


def _page(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _commands() -> list[list[str]]:
    found = []
    for name in Commands.PLACES:
        found.append([name])
        found += [[name, sub] for sub in getattr(Commands.load(name), "commands", {})]
    return found


@pytest.mark.parametrize("command", _commands(), ids=" ".join)
def test_every_command_has_help_and_is_in_the_readme(command: list[str]) -> None:
    current = Commands.load(command[0])
    for name in command[1:]:
        current = current.commands[name]
    assert current.help
    for parameter in current.params:
        assert getattr(parameter, "help", None) or parameter.name == "help", parameter.name
    rows = [line for line in README.splitlines() if line.startswith("| `tributary")]
    assert any(command[0] in row and command[-1] in row for row in rows)


def test_every_environment_variable_is_documented() -> None:
    documented = (ROOT / "docs" / "connections.md").read_text()
    used: set[str] = set()
    for folder in ("connectors", "warehouse", "orchestration"):
        for path in (ROOT / folder).rglob("*.py"):
            used |= set(re.findall(r"\bTRIBUTARY_[A-Z_]+\b", path.read_text()))
    used |= set(re.findall(r"env_var\('(TRIBUTARY_\w+)'", _text_of("dbt_project", "*.yml")))
    missing = {name for name in used if f"`{name}`" not in documented}
    assert not missing


def test_every_make_target_has_a_help_line() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    helped = set(re.findall(r"^([a-z]+):.*## \S", makefile, re.MULTILINE))
    assert targets == helped
    assert {"run", "test", "dev", "check", "bench"} <= targets


def test_every_folder_of_the_map_exists() -> None:
    (table,) = re.findall(r"## The folders\n\n(.*?)\n\n", README, re.DOTALL)
    folders = re.findall(r"^\| `([\w/]+)` ", table, re.MULTILINE)
    assert len(folders) > 6
    assert [folder for folder in folders if not (ROOT / folder).is_dir()] == []


@pytest.mark.parametrize("page", [*PAGES, *STEPS], ids=_page)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text()):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), target


def test_every_platform_is_in_the_readme() -> None:
    for folder in (ROOT / "connectors" / "platforms").iterdir():
        if (folder / "__init__.py").exists():
            assert f"connectors/platforms/{folder.name}/README.md" in README
            assert (folder / "README.md").exists()


def test_no_module_is_longer_than_it_should_be() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for folder in ("connectors", "warehouse", "orchestration", "benchmarks")
        for path in (ROOT / folder).rglob("*.py")
        if (lines := len(path.read_text().splitlines())) > 310
    }
    assert not long


@pytest.mark.xdist_group("demo")
def test_every_published_column_is_described(demo: Demo) -> None:
    with demo.release(-1) as release:
        bare = release.execute(
            "select table_name, column_name from information_schema.columns "
            "where (table_name, column_name) not in "
            "(select (table_name, column_name) from docs_columns where description <> '') "
            "and table_name <> 'schema_version'"
        ).fetchall()
        undescribed = release.execute(
            "select table_name from duckdb_tables() where table_name not in "
            "(select table_name from docs_tables where description <> '') "
            "and table_name <> 'schema_version'"
        ).fetchall()
    assert bare == []
    assert undescribed == []


@pytest.mark.xdist_group("demo")
def test_the_readmes_output_is_the_demos(demo: Demo) -> None:
    shown = _block("output of make run")
    tail = demo.printed[demo.printed.index("What the business did") :]
    printed = tail.replace(str(demo.home), "data")
    assert _trimmed(shown) == _trimmed(printed)


@pytest.mark.xdist_group("demo")
@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_readmes_questions_have_these_answers(demo: Demo, number: int) -> None:
    command = _block(f"query {number}")
    (sql,) = re.findall(r'query "\n(.*?)"', command, re.DOTALL)
    asked = demo.tributary("query", sql)
    assert asked.returncode == 0, asked.stderr
    assert _trimmed(asked.stdout) == _trimmed(_block(f"answer {number}"))


@pytest.mark.xdist_group("demo")
def test_every_query_of_the_handbook_runs_and_finds_something(demo: Demo) -> None:
    # `test_marts_page` looks at the page of marts, some of which the demo has no rows of.
    pages = (page for page in (ROOT / "docs").glob("*.md") if page.name != "marts.md")
    text = "".join(page.read_text() for page in pages)
    queries = re.findall(r"```sql\n(.*?)```", text, re.DOTALL)
    assert len(queries) >= 6
    with demo.release(-1) as release:
        for query in queries:
            # The demo's business drops no files, and none of its identifiers is shared by many.
            found = release.execute(query).fetchall()
            assert found or re.search("fact_file_records|where ignored_reason", query), query


@pytest.mark.xdist_group("demo")
def test_every_query_command_of_the_handbook_finds_something(demo: Demo) -> None:
    text = _text_of("docs", "*.md") + "".join(page.read_text() for page in STEPS)
    asked = re.findall(r'tributary query "([^"]+)"', text)
    assert len(asked) >= 5
    with demo.release(-1) as release:
        for query in asked:
            # Nobody posts to the demo's business, and it collects no events.
            found = release.execute(query).fetchall()
            assert found or re.search("fact_webhook_deliveries|fact_events", query), query


@pytest.mark.parametrize("page", [*PAGES, *STEPS], ids=_page)
def test_every_call_on_a_page_is_one_that_the_command_takes(page: Path) -> None:
    for words in _calls(page.read_text()):
        command = Commands.load_skeleton(words[0])
        rest = words[1:]
        while rest and rest[0] in getattr(command, "commands", {}):
            command, rest = command.commands[rest[0]], rest[1:]
        command.make_context(words[0], rest)


def _calls(text: str) -> Iterator[list[str]]:
    """The words behind `tributary` of each call in the blocks of a page that are for a shell."""
    for block in re.findall(r"```(?:sh|bash)\n(.*?)```", text, re.DOTALL):
        said = ""
        for line in block.replace("\\\n", " ").splitlines():
            said += line + "\n"
            try:
                words = shlex.split(said, comments=True)
            except ValueError:
                continue  # a quotation goes on in the next line
            said = ""
            if words and Path(words[0]).name == "tributary" and "--help" not in words:
                end = next((n for n, word in enumerate(words) if word in {">", "|"}), len(words))
                yield words[1:end]


def test_the_command_is_installed() -> None:
    tributary = Path(sys.executable).with_name("tributary")
    done = subprocess.run([tributary, "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "Usage: tributary" in done.stdout


def _block(label: str) -> str:
    (found,) = re.findall(rf"<!-- {label} -->\s*```\w+\n(.*?)```", README, re.DOTALL)
    return str(found)


def _text_of(folder: str, pattern: str) -> str:
    return "\n".join(path.read_text() for path in sorted((ROOT / folder).rglob(pattern)))


def _trimmed(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]
