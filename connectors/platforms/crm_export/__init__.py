"""A CRM that a company keeps itself, read from a spreadsheet by the Google Sheets API v4.

Surprises: a date is a plain number; empty cells at the end of a row are not there; a renamed tab
has another range. The same tables as files: presets `crm_…` of the platform `files`.
https://developers.google.com/workspace/sheets/api/reference/rest
"""

from __future__ import annotations

from connectors.core.accounts import AccountIds
from connectors.core.auth import ByCredential, OAuth2Refresh
from connectors.core.columns import Column
from connectors.core.consent import Consent
from connectors.core.credentials import CredentialField
from connectors.core.platform import Platform
from connectors.core.service_account import ServiceAccount
from connectors.core.stream import Stream
from connectors.platforms.crm_export import hooks, schema
from connectors.platforms.crm_export.failures import read_error
from connectors.platforms.crm_export.grid import Table

TOKEN_URL = "https://oauth2.googleapis.com/token"
SCOPE = "https://www.googleapis.com/auth/spreadsheets.readonly"


def _table(name: str, description: str, columns: tuple[Column, ...], *key: str) -> Stream:
    personal = schema.PERSONAL.get(name, ())
    return Stream(
        name=name,
        kind="snapshot",
        description=description,
        columns=columns,
        pages=hooks.Tab(Table(name, columns, key, personal)),
        key_columns=key,
        least_kept=hooks.least_kept,
    )


PLATFORM = Platform(
    name="crm_export",
    display_name="CRM export (Google Sheets)",
    category="crm",
    api_version="v4",
    # Google has named no day, nor a successor.
    api_sunset=None,
    base_url="https://sheets.googleapis.com",
    auth=ByCredential(
        (
            ("refresh_token", OAuth2Refresh(TOKEN_URL)),
            ("service_account_key", ServiceAccount(TOKEN_URL, SCOPE, "service_account_key")),
        )
    ),
    # 60 a minute for one user of a project.
    requests_per_second=1.0,
    streams=(
        _table("customers", "A customer.", schema.CUSTOMERS, "customer_id"),
        _table("employees", "Somebody who sells.", schema.EMPLOYEES, "employee_id"),
        _table("products", "Something that is sold.", schema.PRODUCTS, "product_id"),
        _table("orders", "A line of an order.", schema.ORDERS, "order_id", "line_no"),
    ),
    credential_fields=tuple(
        CredentialField(name, name != "client_id", text, required=False)
        for name, text in (
            ("client_id", "Id of your OAuth client."),
            ("client_secret", "Secret of that client."),
            ("refresh_token", "Refresh token with the scope …/auth/spreadsheets.readonly."),
            ("service_account_key", "In place of these: the key file (JSON) of a service account."),
        )
    ),
    discover=hooks.discover,
    describe_account=hooks.describe_account,
    read_error=read_error,
    account_ids=AccountIds(r"[A-Za-z0-9_-]{10,100}", "1sandboxCrmExportOfAcme", hooks.one_spelling),
    check_settings=hooks.check_settings,
    # Without prompt=consent Google gives a refresh token only the first time that it is asked.
    consent=Consent(
        "https://accounts.google.com/o/oauth2/v2/auth",
        TOKEN_URL,
        (SCOPE,),
        {"access_type": "offline", "prompt": "consent"},
    ),
    docs_url="https://developers.google.com/workspace/sheets/api/reference/rest",
)
