"""Columns of HubSpot's streams.

Values stay as HubSpot sends them; all of a record's properties are text there. What names a person
is never asked for, but for the e-mail address, which becomes a token.
"""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from connectors.core.columns import DAY, MONEY, TEXT, WHOLE, Column, attribute, dimension

_INSTANT, _FLAG = pa.timestamp("us", "UTC"), pa.bool_()
_SHARE = pa.decimal128(20, 8)

PERSONAL = frozenset(
    {
        "firstname", "lastname", "phone", "mobilephone", "fax", "address", "street", "zip", "city",
        "date_of_birth", "salutation", "twitterhandle", "linkedinbio", "photo", "ip_city",
        "message", "work_email", "hs_additional_emails", "hs_email_domain", "hs_full_name_or_email",
    }
)  # fmt: skip
"""Properties of people that are not asked for and that no connection may declare."""

IGNORED = PERSONAL | {
    # Said by other fields, or of no use.
    "url", "objectWriteTraceId", "createdAt", "updatedAt", "createdate", "lastmodifieddate",
    "hs_lastmodifieddate", "hs_object_id", "associations", "writePermissions",
    "userIdIncludingInactive",
}  # fmt: skip
"""Known and dropped."""


def _property(name: str, source: str, description: str, type_: pa.DataType = TEXT) -> Column:
    return attribute(name, f"properties.{source}", description, type_)


def _record(what: str) -> tuple[Column, ...]:
    """Returns the columns of every record."""
    return (
        attribute("record_id", "id", f"HubSpot's id of the {what}.", required=True),
        attribute("updated_at", "changed", "When it last changed.", _INSTANT, required=True),
        attribute("created_at", "created", "When it was made.", _INSTANT),
        attribute("is_archived", "archived", "True if it is in the bin.", _FLAG),
        attribute("archived_at", "archivedAt", "When it was put there.", _INSTANT),
        attribute("merged_ids", "merged", "Ids that it has taken in, a JSON list."),
        attribute("custom", "custom", "Declared properties, a JSON object."),
        _property("owner_id", "hubspot_owner_id", "Id of its owner."),
    )


_SOURCE = (
    _property("source", "hs_analytics_source", "ORGANIC_SEARCH, PAID_SOCIAL or another word."),
    _property("source_detail_1", "hs_analytics_source_data_1", "More on the source."),
    _property("source_detail_2", "hs_analytics_source_data_2", "More on that."),
)

CONTACTS = (
    *_record("contact"),
    replace(_property("email", "email", "E-mail address, as a token."), pii="email"),
    _property("lifecycle_stage", "lifecyclestage", "lead, opportunity, customer and others."),
    _property("lead_status", "hs_lead_status", "NEW, OPEN and others, the account's own."),
    _property("company_id", "associatedcompanyid", "Id of the primary company."),
    _property("country", "country", "Country, as it was typed in."),
    *_SOURCE,
    *(
        _property(f"utm_{part}", f"utm_{part}", f"utm_{part}, where the account keeps it.")
        for part in ("source", "medium", "campaign", "term", "content")
    ),
    *(
        _property(
            f"{stage}_at", f"hs_v2_date_entered_{stage}", f"When it became a {stage}.", _INSTANT
        )
        for stage in ("lead", "opportunity", "customer")
    ),
)

COMPANIES = (
    *_record("company"),
    _property("name", "name", "Name."),
    _property("domain", "domain", "Domain of its site."),
    _property("industry", "industry", "Industry, HubSpot's word."),
    _property("country", "country", "Country, as it was typed in."),
    _property("employees", "numberofemployees", "How many work there.", WHOLE),
)

DEALS = (
    *_record("deal"),
    _property("name", "dealname", "Name."),
    _property("pipeline_id", "pipeline", "Id of the pipeline."),
    _property("stage_id", "dealstage", "Id of the stage."),
    _property("amount", "amount", "Amount, in `currency`.", MONEY),
    _property("currency", "deal_currency_code", "Currency; empty for the account's own."),
    _property("close_at", "closedate", "When it closed, or is to close.", _INSTANT),
    _property("is_closed", "hs_is_closed", "True if won or lost.", _FLAG),
    _property("is_won", "hs_is_closed_won", "True if won.", _FLAG),
    _property("probability", "hs_deal_stage_probability", "Of being won, 0 to 1.", _SHARE),
    *_SOURCE,
    attribute(
        "history",
        "history",
        "What stage, pipeline, amount, close date and owner were: a JSON list of changes.",
    ),
)

HISTORY = ("dealstage", "pipeline", "amount", "closedate", "hubspot_owner_id")
"""Properties of deals of which all values are read."""

PIPELINES = (
    attribute("pipeline_id", "pipeline_id", "Id of the pipeline.", required=True),
    attribute("stage_id", "stage_id", "Id of the stage, unique in the account.", required=True),
    attribute("pipeline_name", "pipeline_name", "Name of the pipeline."),
    attribute("pipeline_order", "pipeline_order", "Place among pipelines.", WHOLE),
    attribute("stage_name", "stage_name", "Name of the stage."),
    attribute("stage_order", "stage_order", "Place among its stages.", WHOLE),
    attribute("is_archived", "is_archived", "True if no deal may enter it.", _FLAG),
    attribute("is_closed", "is_closed", "True if deals end there.", _FLAG),
    attribute("probability", "probability", "Of being won, 0 to 1.", _SHARE),
)

OWNERS = (
    attribute("owner_id", "id", "Id of the owner.", required=True),
    attribute("first_name", "firstName", "First name of the employee."),
    attribute("last_name", "lastName", "Last name."),
    replace(attribute("email", "email", "E-mail address, as a token."), pii="email"),
    attribute("user_id", "userId", "Id of the user.", TEXT),
    attribute("owner_type", "type", "PERSON or QUEUE."),
    attribute("is_archived", "archived", "True if it no longer works there.", _FLAG),
    attribute("created_at", "createdAt", "When it was made.", _INSTANT),
    attribute("updated_at", "updatedAt", "When it last changed.", _INSTANT),
    attribute("teams", "teams", "Teams, a JSON list."),
)

ASSOCIATIONS = (
    attribute("deal_id", "deal_id", "Id of the deal.", required=True),
    attribute("object_type", "object_type", "contacts or companies.", required=True),
    attribute("object_id", "object_id", "Id of the contact or company.", required=True),
    attribute("is_primary", "is_primary", "True of the deal's primary company.", _FLAG),
    attribute("labels", "labels", "Labels, a JSON list."),
)

FORM_SUBMISSIONS = (
    dimension("date", "date", "Day in the account's zone.", DAY),
    dimension("submission_id", "conversionId", "Id of the submission."),
    attribute("form_id", "form_id", "Id of the form."),
    attribute("form_name", "form_name", "Name of the form."),
    attribute("submitted_at", "submitted", "When.", _INSTANT),
    replace(attribute("email", "email", "E-mail address, as a token."), pii="email"),
    attribute("page_path", "page_path", "Path of the page, without its parameters."),
)

EMAIL_EVENTS = (
    dimension("date", "date", "Day in the account's zone.", DAY),
    dimension("event_id", "id", "Id of the event."),
    dimension("created_ms", "created", "When, in milliseconds since 1970; part of the key."),
    attribute("happened_at", "happened", "The same as a time.", _INSTANT),
    attribute("event_type", "type", "SENT, DELIVERED, OPEN, CLICK, BOUNCE and others."),
    replace(attribute("recipient", "recipient", "E-mail address, as a token."), pii="email"),
    attribute("email_campaign_id", "emailCampaignId", "Id of the mail."),
)
