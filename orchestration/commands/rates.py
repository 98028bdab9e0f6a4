"""``tributary rates``: exchange rates of one's own, for currencies that the feed lacks."""

from datetime import date
from typing import Annotated

import typer

from orchestration.commands.output import console, print_json, print_table
from orchestration.workspace import open_workspace
from warehouse.own_rates import OwnRate, units
from warehouse.registry_records import RegistryError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Exchange rates of your own, where the ECB publishes none.",
)
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Currency = Annotated[str, typer.Argument(help="Currency that the rate is of, such as AED.")]
_COLUMNS = ["currency", "units", "per", "from", "to", "provider"]


@app.command()
def add(
    currency: Currency,
    rate: Annotated[
        str, typer.Argument(metavar="UNITS", help="Units of it for one of --per, such as 3.6725.")
    ],
    per: Annotated[
        str, typer.Option(help="What one unit of is counted: EUR, or a currency of the ECB.")
    ],
    valid_from: Annotated[
        str, typer.Option("--from", help="First day that the rate holds on, YYYY-MM-DD.")
    ],
    provider: Annotated[str, typer.Option(help="Who states it, such as 'central bank'.")],
    valid_to: Annotated[
        str | None, typer.Option("--to", help="Last day, YYYY-MM-DD; without it there is no end.")
    ] = None,
) -> None:
    """Add a rate of CURRENCY, or change the one that begins on the same day.

    It holds for every organization, on every day from --from to --to on which the ECB has no rate
    of the currency. A later --from takes over from the earlier ones. The next run converts with it.

    Example: tributary rates add AED 3.6725 --per USD --from 1999-01-01 --provider "Central Bank"
    """
    own = OwnRate(
        currency=currency,
        base_currency=per,
        units_per_base=units(rate),
        valid_from=_day(valid_from),
        valid_to=_day(valid_to) if valid_to else None,
        provider=provider,
    )
    change = open_workspace().registry.add_own_rate(own)
    console.print(f"{change}: {_sentence(own)}", markup=False, soft_wrap=True)
    console.print("`tributary run` converts with it", markup=False)


@app.command("list")
def list_(json: Json = False) -> None:
    """List all rates of your own: units of a currency for one of another, and from when to when.

    What the ECB publishes is not among them: see the table fact_exchange_rates.

    Example: tributary rates list
    """
    rows = [
        (r.currency, str(r.units_per_base), r.base_currency, r.valid_from, r.valid_to, r.provider)
        for r in open_workspace().registry.own_rates()
    ]
    if json:
        print_json([dict(zip(_COLUMNS, row, strict=True)) for row in rows])
    else:
        print_table(_COLUMNS, rows)


@app.command()
def remove(
    currency: Currency,
    valid_from: Annotated[
        str | None,
        typer.Option("--from", help="Only the rate that begins on this day, YYYY-MM-DD."),
    ] = None,
) -> None:
    """Remove the rates of CURRENCY. What only they converted is unconverted again.

    Without --from all of them go; with it, the one that begins on that day.

    Example: tributary rates remove NGN --from 2026-01-01
    """
    day = _day(valid_from) if valid_from else None
    for gone in open_workspace().registry.remove_own_rates(currency, day):
        console.print(f"removed: {_sentence(gone)}", markup=False, soft_wrap=True)


def _sentence(rate: OwnRate) -> str:
    until = f"to {rate.valid_to}" if rate.valid_to else "on"
    return (
        f"{rate.units_per_base} {rate.currency} for 1 {rate.base_currency} from {rate.valid_from} "
        f"{until} ({rate.provider})"
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise RegistryError(f"{text!r} is not a date; write it as 2026-01-31") from error
