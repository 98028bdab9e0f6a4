"""Writes reports: reads the published file, asks each section, writes what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from warehouse.home import Home, check_organization_id
from warehouse.organization_fingerprints import Tables, organizations_of
from warehouse.queries import opened
from warehouse.report.answers import ask_all
from warehouse.report.changed_files import write_changed
from warehouse.report.page import page
from warehouse.report.sections import SECTIONS
from warehouse.report.snapshots import snapshot_files, write_snapshots
from warehouse.report.subject import Subject

PAGE = "report.html"
_FOLDER = "reports"
Progress = Callable[[str], object]
"""Called with each organization before its report is made."""


class ReportError(ValueError):
    """A report cannot be made as asked; the message says what can."""


@dataclass(frozen=True, slots=True)
class Written:
    """A report.

    Attributes:
        organization_id: the organization.
        path: the page.
        is_new: whether the page was written; one with the same content stays as it is.
    """

    organization_id: str
    path: Path
    is_new: bool


def write_reports(
    home: Home,
    organizations: Iterable[str] = (),
    *,
    to: Path | None = None,
    release: str | None = None,
    progress: Progress | None = None,
) -> list[Written]:
    """Writes a page for each organization, with its snapshots beside it.

    No organization's numbers are in the page or the folder of another.

    Args:
        home: the home.
        organizations: whose; none means all that are published.
        to: the page of the one organization, alone; default its folder under `published/reports`.
        release: a kept release instead of the current one; it needs `to`.
        progress: called before each.

    Raises:
        ReportError: an organization is not published, `to` was given for several, or a release
            without it.
        NotPublished: nothing was published yet.
        PublishError: there is no such release.
        LakeFull: the disk is full; what was there before stays.
    """
    if release is not None and to is None:
        raise ReportError(f"{home.published / _FOLDER} is about the current release: give --to")
    with opened(home, release) as connection:
        tables = Tables.read(connection)
        published = organizations_of(connection, tables)
        chosen = _chosen(published, list(organizations))
        if to is not None and len(chosen) != 1:
            raise ReportError(
                f"one file is for one organization: give --organization with --to "
                f"({', '.join(chosen)})"
            )
        if to is None:
            _remove_gone(home, published)
        written = []
        for organization_id in chosen:
            if progress:
                progress(organization_id)
            subject = Subject.read(connection, organization_id)
            answers = ask_all(connection, tables, SECTIONS, organization_id)
            path = to or report_dir(home, organization_id) / PAGE
            is_new = write_changed(path, page(subject, answers).encode())
            if to is None:
                write_snapshots(connection, subject, answers, path.parent)
            written.append(Written(organization_id, path, is_new))
        return written


def report_dir(home: Home, organization_id: str) -> Path:
    """Returns the folder of one organization's report, with nothing of another's in it.

    Raises:
        HomeError: the id may not become a path.
    """
    return home.published / _FOLDER / check_organization_id(organization_id)


def _chosen(published: Sequence[str], asked: Sequence[str]) -> Sequence[str]:
    if not published:
        raise ReportError(
            "no organization is published: connect one (tributary connections add), then "
            "tributary run"
        )
    unknown = [name for name in asked if name not in published]
    if unknown:
        raise ReportError(f"not published: {', '.join(unknown)}; there are {', '.join(published)}")
    return [name for name in published if not asked or name in asked]


def _remove_gone(home: Home, published: Sequence[str]) -> None:
    """Removes the reports of organizations that are gone, and nothing else."""
    for folder in sorted((home.published / _FOLDER).glob("*/")):
        if folder.name not in published:
            for path in (folder / PAGE, *snapshot_files(folder)):
                path.unlink(missing_ok=True)
            with suppress(OSError):  # somebody keeps files of his own in it
                folder.rmdir()
