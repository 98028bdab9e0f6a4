"""`python -m connectors.sandbox.tracking FOLDER`: drops the files of a collector into a folder."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from connectors.sandbox import service
from connectors.sandbox.business import Parameters
from connectors.sandbox.tracking.lines import drop_files
from connectors.sandbox.tracking.truth import truth_of
from connectors.sandbox.tracking.visits import Visits


def main(arguments: list[str] | None = None) -> None:
    """Writes the events of the last days of a business, and prints what they must come to."""
    usual = Parameters()
    parser = argparse.ArgumentParser(prog="python -m connectors.sandbox.tracking")
    parser.add_argument("folder", type=Path, help="the landing folder of a source")
    parser.add_argument("--organization", default="acme_outdoor")
    parser.add_argument("--days", type=int, default=3, help="of events")
    parser.add_argument("--end", type=date.fromisoformat, default=usual.end)
    parser.add_argument("--seed", type=int, default=usual.seed)
    parser.add_argument("--now", type=datetime.fromisoformat, help="what comes later is left out")
    given = parser.parse_args(arguments)
    now = given.now if given.now is None or given.now.tzinfo else given.now.replace(tzinfo=UTC)
    # A site has its tag for the last part of the business' days only.
    size = Parameters(seed=given.seed, days=max(given.days * 3, 10), end=given.end)
    business = service.simulated(size)
    known = {one.id: one for one in business.people.organizations}
    if given.organization not in known:
        parser.error(f"there is no {given.organization}; there are {', '.join(known)}")
    visits = Visits(business, known[given.organization])
    days = [given.end - timedelta(days=back) for back in range(given.days)]
    lines = drop_files(visits, days, given.folder, now)
    truth = truth_of(visits, days)
    print(f"{lines} lines; {len(truth.visits)} visits, and {truth.blocked} that a blocker hides")


if __name__ == "__main__":
    main()
