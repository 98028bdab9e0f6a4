"""Euro reference rates of the European Central Bank.

Surprises: one file holds every day since 1999, newest first; there is no rate on weekends and
TARGET holidays; rates of a day appear around 16:00 in Frankfurt; `N/A` stands where a currency had
no rate. https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates
"""

from __future__ import annotations

from connectors.core.auth import NoAuth
from connectors.core.platform import Platform
from connectors.core.stream import Stream
from connectors.platforms.exchange_rates import schema
from connectors.platforms.exchange_rates.hooks import describe_account, discover, pages, read_error
from connectors.platforms.exchange_rates.publication import publication

PLATFORM = Platform(
    name="exchange_rates",
    display_name="ECB euro reference rates",
    category="file",
    api_version="eurofxref",
    api_sunset=None,
    base_url="https://www.ecb.europa.eu",
    auth=NoAuth(),
    # One file a run: a courtesy to a public server.
    requests_per_second=1.0,
    streams=(
        Stream(
            name="reference_rates",
            kind="report",
            description="A currency on a day on which the ECB set rates.",
            columns=schema.REFERENCE_RATES,
            pages=pages,
            lookback_days=7,
            lookback_reason=(
                "The ECB corrects a rate within days, and the rates of a day appear in its "
                "afternoon; a week also spans every run of holidays."
            ),
            grain="day",
            publication=publication,
        ),
    ),
    credential_fields=(),
    discover=discover,
    describe_account=describe_account,
    read_error=read_error,
    shared=True,
    # Nobody should wait for it: what is missing today is due in the next run.
    unreachable_retries=1,
    docs_url=(
        "https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates"
    ),
)
