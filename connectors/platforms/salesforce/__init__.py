"""Salesforce Sales Cloud, by REST queries and Bulk API 2.0.

Surprises: a field that is hidden and one that is not there give the same error, which fails the
whole query; an organization's address moves; deleted rows show in `queryAll` for 15 days.
https://developer.salesforce.com/docs/apis
"""

from __future__ import annotations

from datetime import timedelta

from connectors.core.accounts import AccountIds
from connectors.core.auth import ByCredential, ClientCredentials, OAuth2Refresh
from connectors.core.credentials import CredentialField
from connectors.core.platform import Platform
from connectors.core.stream import Stream
from connectors.platforms.salesforce import hooks, schema
from connectors.platforms.salesforce.failures import read_error
from connectors.platforms.salesforce.records import API_VERSION, Records

_TOKENS = "https://login.salesforce.com/services/oauth2/token"
"""Its path alone counts: tokens are asked for at the organization's own host."""
_LASTS = 1800.0
"""Seconds. Salesforce states no end of a token; a new one names the present address."""


def _changes(name: str, what: str, records: Records) -> Stream:
    return Stream(
        name=name,
        kind="changes",
        description=what,
        columns=records.columns,
        pages=records,
        # A long transaction shows its records minutes after the time that they bear.
        cursor_overlap=timedelta(minutes=10),
        reads_all=True,
        version_column="updated_at",
        key_columns=("record_id",),
    )


def _snapshot(name: str, what: str, records: Records) -> Stream:
    """Returns a whole list; its first column is its key."""
    key = (records.columns[0].name,)
    return Stream(name, "snapshot", what, records.columns, records, key_columns=key)


PLATFORM = Platform(
    name="salesforce",
    display_name="Salesforce",
    category="crm",
    api_version=API_VERSION,
    # Supported for three years at least; no day has been announced.
    api_sunset=None,
    base_url="https://{place}.my.salesforce.com",
    place_of=hooks.my_domain,
    moves_within=(".salesforce.com", ".force.com"),
    auth=ByCredential(
        (
            ("refresh_token", OAuth2Refresh(_TOKENS, lasts=_LASTS)),
            ("client_secret", ClientCredentials(_TOKENS, lasts=_LASTS)),
        )
    ),
    # Short calls have no limit but that of the day.
    requests_per_second=10.0,
    streams=(
        _changes(
            "accounts",
            "A company as it was at one time.",
            Records("Account", schema.ACCOUNTS),
        ),
        _changes(
            "contacts",
            "A contact as it was at one time, without name and address.",
            Records("Contact", schema.CONTACTS),
        ),
        _changes(
            "leads",
            "A lead as it was at one time, without name and address.",
            Records("Lead", schema.LEADS),
        ),
        _changes(
            "opportunities",
            "An opportunity as it was at one time.",
            Records("Opportunity", schema.OPPORTUNITIES),
        ),
        _changes(
            "opportunity_history",
            "Stage, amount and date of an opportunity from a time on.",
            Records("OpportunityHistory", schema.HISTORY),
        ),
        _changes(
            "opportunity_field_history",
            "A change of an opportunity's owner.",
            Records(
                "OpportunityFieldHistory",
                schema.FIELD_HISTORY,
                cursor="CreatedDate",
                where="Field IN ('Owner', 'created')",
                optional=True,
            ),
        ),
        _changes(
            "opportunity_contact_roles",
            "A contact of an opportunity as it was at one time.",
            Records("OpportunityContactRole", schema.ROLES, optional=True),
        ),
        _changes(
            "campaign_members",
            "A lead or contact of a campaign as it was at one time.",
            Records("CampaignMember", schema.MEMBERS, optional=True),
        ),
        _snapshot(
            "campaigns", "A campaign.", Records("Campaign", schema.CAMPAIGNS, "", optional=True)
        ),
        _snapshot("users", "Who looks after deals.", Records("User", schema.USERS, "")),
        _snapshot("opportunity_stages", "A stage.", Records("OpportunityStage", schema.STAGES, "")),
    ),
    credential_fields=tuple(
        CredentialField(name, name not in ("my_domain", "client_id"), text, required=required)
        for name, text, required in (
            ("my_domain", "Host of the organization, such as acme.my.salesforce.com.", True),
            ("client_id", "Consumer key of the app.", True),
            ("client_secret", "Consumer secret of the app.", True),
            ("refresh_token", "Refresh token; without it the app signs in by itself.", False),
        )
    ),
    discover=hooks.discover,
    describe_account=hooks.describe_account,
    read_error=read_error,
    account_ids=AccountIds(r"00D[A-Za-z0-9]{15}", "00DRO0000001abc2AA", hooks.eighteen),
    check_settings=hooks.check_settings,
    no_consent=(
        "Salesforce sends a browser back to the addresses alone that are registered with the app, "
        "which are the app's own and not this machine. Client credentials need no browser"
    ),
    docs_url="https://developer.salesforce.com/docs/apis",
)
