"""`python -m connectors.sandbox`: serves the sandbox; its first line of output is the URL."""

from __future__ import annotations

import argparse
import sys
from datetime import date

from connectors.sandbox.business import Parameters
from connectors.sandbox.server import serve


def main(arguments: list[str] | None = None) -> int:
    """Runs the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m connectors.sandbox", description=__doc__)
    default = Parameters()
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one (default)")
    parser.add_argument("--seed", type=int, default=default.seed)
    parser.add_argument("--organizations", type=int, default=default.organizations)
    parser.add_argument("--accounts", type=int, help="per organization (default: as scripted)")
    parser.add_argument("--campaigns", type=int, default=default.campaigns, help="per account")
    parser.add_argument("--ad-groups", type=int, default=default.ad_groups, help="per campaign")
    parser.add_argument("--ads", type=int, default=default.ads, help="per ad group")
    parser.add_argument("--imported-people", type=int, default=0, help="in each system for sales")
    parser.add_argument("--days", type=int, default=default.days, help="business days")
    parser.add_argument("--end", type=date.fromisoformat, default=default.end, help="last day")
    parser.add_argument(
        "--until-stdin-closes", action="store_true", help="also stop when standard input ends"
    )
    given = parser.parse_args(arguments)
    try:
        parameters = Parameters(
            seed=given.seed,
            organizations=given.organizations,
            accounts=given.accounts,
            campaigns=given.campaigns,
            ad_groups=given.ad_groups,
            ads=given.ads,
            imported_people=given.imported_people,
            days=given.days,
            end=given.end,
        )
    except ValueError as trouble:
        parser.error(str(trouble))
    try:
        serve(
            given.port,
            parameters,
            announce=lambda url: print(url, flush=True),
            until_stdin_closes=given.until_stdin_closes,
        )
    except OSError as trouble:
        print(f"cannot listen on port {given.port}: {trouble}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
