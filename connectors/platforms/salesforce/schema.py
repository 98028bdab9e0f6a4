"""Columns of Salesforce's streams.

Values stay as Salesforce sends them. What names a person is never asked for, but for the e-mail
address, which becomes a token; names of employees, companies, deals and campaigns are.
"""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from connectors.core.columns import DAY, MONEY, TEXT, WHOLE, Column, attribute

_INSTANT, _FLAG = pa.timestamp("us", "UTC"), pa.bool_()
_SHARE = pa.decimal128(20, 8)
OBJECTS = ("Account", "Contact", "Lead", "Opportunity", "Campaign", "CampaignMember")
"""Objects of which a connection may declare further fields."""
PERSONAL = frozenset(
    {
        "name", "firstname", "lastname", "middlename", "salutation", "suffix", "title", "birthdate",
        "fax", "description", "photourl", "mailingstreet", "otherstreet", "street", "postalcode",
        "mailingpostalcode", "mailingcity", "city", "billingstreet", "assistantname", "linkedin",
    }
)  # fmt: skip
"""Fields of people, in small letters, that no connection may declare."""
_UTM = ("source", "medium", "campaign", "term", "content")
OPTIONAL = frozenset(
    {
        # Only organizations with several currencies, or with record types, have these.
        "CurrencyIsoCode", "RecordTypeId", "RecordType.Name",
        *(f"utm_{part}__c" for part in _UTM),
    }
)  # fmt: skip
"""Fields that many organizations do not have: without them nothing is amiss."""
_CURRENCY = attribute(
    "currency", "CurrencyIsoCode", "Currency of the row; empty where the organization has one."
)


def _record(what: str) -> tuple[Column, ...]:
    """Returns the columns of every record that changes."""
    return (
        attribute("record_id", "Id", f"Salesforce's id of the {what}.", required=True),
        attribute("updated_at", "SystemModstamp", "When it last changed.", _INSTANT, required=True),
        attribute("created_at", "CreatedDate", "When it was made.", _INSTANT),
        attribute("is_deleted", "IsDeleted", "True if it is in the bin, or was merged.", _FLAG),
        attribute("custom", "custom", "Declared fields, a JSON object."),
    )


_OWNER = attribute("owner_id", "OwnerId", "Id of the user who looks after it.")
_MASTER = attribute("master_record_id", "MasterRecordId", "Id of the record that took it in.")
_SOURCE = attribute("lead_source", "LeadSource", "Where it came from, the account's own word.")
_EMAIL = replace(attribute("email", "Email", "E-mail address, as a token."), pii="email")

ACCOUNTS = (
    *_record("account"),
    _MASTER,
    _OWNER,
    attribute("name", "Name", "Name of the company."),
    attribute("website", "Website", "Its site."),
    attribute("industry", "Industry", "Its industry."),
    attribute("country", "BillingCountry", "Country, as it was typed in."),
    attribute("employees", "NumberOfEmployees", "How many work there.", WHOLE),
)

CONTACTS = (
    *_record("contact"),
    _MASTER,
    _OWNER,
    _EMAIL,
    _SOURCE,
    attribute("company_id", "AccountId", "Id of the account."),
    attribute("country", "MailingCountry", "Country, as it was typed in."),
)

LEADS = (
    *_record("lead"),
    _MASTER,
    _OWNER,
    _EMAIL,
    _SOURCE,
    attribute("status", "Status", "How it stands, the account's own word."),
    attribute("company_name", "Company", "Company, as it was typed in."),
    attribute("country", "Country", "Country, as it was typed in."),
    attribute("is_converted", "IsConverted", "True if it became a contact.", _FLAG),
    attribute("converted_date", "ConvertedDate", "The day on which it did.", DAY),
    attribute("converted_company_id", "ConvertedAccountId", "Id of the account then."),
    attribute("converted_contact_id", "ConvertedContactId", "Id of the contact then."),
    attribute("converted_deal_id", "ConvertedOpportunityId", "Id of the opportunity, if any."),
    *(
        attribute(f"utm_{part}", f"utm_{part}__c", f"utm_{part}, where the account keeps it.")
        for part in _UTM
    ),
)

OPPORTUNITIES = (
    *_record("opportunity"),
    _OWNER,
    _SOURCE,
    _CURRENCY,
    attribute("name", "Name", "Name."),
    attribute("company_id", "AccountId", "Id of the account."),
    attribute("campaign_id", "CampaignId", "Id of the campaign that it is credited to."),
    attribute("stage_id", "StageName", "Its stage."),
    attribute("amount", "Amount", "Amount, in `currency`.", MONEY),
    attribute("close_date", "CloseDate", "When it closed, or is to close.", DAY),
    attribute("is_closed", "IsClosed", "True if won or lost.", _FLAG),
    attribute("is_won", "IsWon", "True if won.", _FLAG),
    attribute("probability", "Probability", "Of being won, in per cent.", _SHARE),
    attribute("forecast_category", "ForecastCategory", "How it counts in forecasts."),
    attribute("type", "Type", "Kind of deal, the account's own word."),
    attribute("pipeline_id", "RecordTypeId", "Id of its record type, if there are any."),
    attribute("pipeline_name", "RecordType.Name", "Name of the record type."),
)

HISTORY = (
    *(one for one in _record("entry") if one.name != "custom"),
    _CURRENCY,
    attribute("deal_id", "OpportunityId", "Id of the opportunity."),
    attribute("stage_id", "StageName", "Its stage from then on."),
    attribute("amount", "Amount", "Its amount from then on.", MONEY),
    attribute("close_date", "CloseDate", "When it was to close from then on.", DAY),
    attribute("probability", "Probability", "Of being won, in per cent.", _SHARE),
)

FIELD_HISTORY = (
    attribute("record_id", "Id", "Salesforce's id of the entry.", required=True),
    attribute("updated_at", "CreatedDate", "When the field changed.", _INSTANT, required=True),
    attribute("is_deleted", "IsDeleted", "True if its opportunity is in the bin.", _FLAG),
    attribute("deal_id", "OpportunityId", "Id of the opportunity."),
    attribute("field", "Field", "Owner, or created."),
    attribute("old_value", "OldValue", "What it was: names and ids stand in rows of their own."),
    attribute("new_value", "NewValue", "What it became."),
)

ROLES = (
    *(one for one in _record("role") if one.name != "custom"),
    attribute("deal_id", "OpportunityId", "Id of the opportunity."),
    attribute("contact_id", "ContactId", "Id of the contact."),
    attribute("role", "Role", "What the contact is to it."),
    attribute("is_primary", "IsPrimary", "True of its first contact.", _FLAG),
)

MEMBERS = (
    *_record("member"),
    attribute("campaign_id", "CampaignId", "Id of the campaign."),
    attribute("lead_id", "LeadId", "Id of the lead, converted or not."),
    attribute("contact_id", "ContactId", "Id of the contact."),
    attribute("status", "Status", "How it stands, the campaign's own word."),
    attribute("has_responded", "HasResponded", "True if it answered.", _FLAG),
    attribute("responded_date", "FirstRespondedDate", "The day on which it first did.", DAY),
)

CAMPAIGNS = (
    attribute("campaign_id", "Id", "Salesforce's id of the campaign.", required=True),
    attribute("name", "Name", "Name."),
    attribute("parent_id", "ParentId", "Id of the campaign that it is a part of."),
    attribute("type", "Type", "Kind of campaign, the account's own word."),
    attribute("status", "Status", "How it stands, the account's own word."),
    attribute("start_date", "StartDate", "First day.", DAY),
    attribute("end_date", "EndDate", "Last day.", DAY),
    attribute("is_active", "IsActive", "True if it is active.", _FLAG),
    attribute("budgeted_cost", "BudgetedCost", "Planned cost, in `currency`.", MONEY),
    attribute("actual_cost", "ActualCost", "Cost, in `currency`.", MONEY),
    _CURRENCY,
    attribute("created_at", "CreatedDate", "When it was made.", _INSTANT),
    attribute("updated_at", "SystemModstamp", "When it last changed.", _INSTANT),
    attribute("custom", "custom", "Declared fields, a JSON object."),
)

USERS = (
    attribute("owner_id", "Id", "Id of the user.", required=True),
    attribute("name", "Name", "Name of the employee."),
    _EMAIL,
    attribute("is_active", "IsActive", "False if the user no longer works there.", _FLAG),
    attribute("manager_id", "ManagerId", "Id of the user's manager."),
    attribute("created_at", "CreatedDate", "When it was made.", _INSTANT),
    attribute("updated_at", "SystemModstamp", "When it last changed.", _INSTANT),
    attribute("user_type", "UserType", "Standard, or another kind.", TEXT),
)

STAGES = (
    attribute("stage_id", "ApiName", "Name of the stage that records hold.", required=True),
    attribute("stage_name", "MasterLabel", "Name of the stage that people see."),
    attribute("stage_order", "SortOrder", "Place among all stages.", WHOLE),
    attribute("is_active", "IsActive", "False if no deal may enter it.", _FLAG),
    attribute("is_closed", "IsClosed", "True if deals end there.", _FLAG),
    attribute("is_won", "IsWon", "True if they are won then.", _FLAG),
    attribute("probability", "DefaultProbability", "Of being won, in per cent.", _SHARE),
    attribute("forecast_category", "ForecastCategory", "How it counts in forecasts."),
)
