"""``tributary doctor``: damaged files and odd values, what is lost, and how it is mended."""

from typing import Annotated

import typer

from orchestration.commands.output import EXIT_FAILED, console, errors, print_json
from orchestration.settings import home_path
from warehouse.doctor import examine
from warehouse.doctor import repair as mend
from warehouse.home import Home
from warehouse.locks import LockHolder, build_lock


def doctor(
    repair: Annotated[
        bool, typer.Option("--repair", help="Mend what can be mended; nothing is deleted.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Look for damaged and missing files: build files, sync log, raw files, current.json.

    Reads the whole lake. Values that no table can hold are named too: they are read as unknown and
    are no failure. With --repair damaged files are moved to damaged/ in the home, build files are
    made anew by the next run, and what the lake lost is due again. What is published stays readable
    all the while.

    Example: tributary doctor --repair
    """
    home = Home.open(home_path())
    with build_lock(home, on_wait=_say_waiting):
        findings = examine(home)
        damaged = [finding for finding in findings if finding.kind != "values"]
        moved = mend(home, findings) if repair else []
    if json:
        print_json(
            [
                {"file": f.path, "trouble": f.trouble, "lost": f.lost, "remedy": f.remedy}
                for f in findings
            ]
        )
    else:
        for finding in findings:
            console.print(f"{finding.path}", markup=False, soft_wrap=True)
            console.print(f"  trouble:    {finding.trouble}", markup=False, soft_wrap=True)
            console.print(f"  lost:       {finding.lost}", markup=False, soft_wrap=True)
            if not repair or finding.kind == "values":
                console.print(f"  what to do: {finding.remedy}", markup=False, soft_wrap=True)
        for path in moved:
            console.print(f"moved to {path}", markup=False, soft_wrap=True)
        if not damaged:
            console.print("no file is damaged")
        elif repair:
            console.print("mended; `tributary run` makes anew and pulls again what is due")
    if damaged and not repair:
        raise typer.Exit(EXIT_FAILED)


def _say_waiting(holder: LockHolder) -> None:
    errors.print(f"waiting for the build lock, held by {holder}", markup=False)
