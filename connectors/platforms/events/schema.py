"""Columns of the stream: an event as it was collected, and what was found out about it."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from connectors.core.columns import DAY, MONEY, WHOLE, Column, attribute

_INSTANT = pa.timestamp("us", tz="UTC")


def _person(name: str, description: str) -> Column:
    return replace(attribute(name, name, description), pii="id")


EVENTS = (
    attribute("event_id", "event_id", "The sender's id of the event.", required=True),
    attribute("record_hash", "record_hash", "Hash of the line.", required=True),
    attribute("source_row", "line", "Number of the line in its file.", WHOLE, required=True),
    attribute("event", "event", "What happened, in the sender's words.", required=True),
    attribute("event_class", "class", "Kind of event as the sender says, or none."),
    attribute("date", "date", "Day of `event_at`, in UTC.", DAY, required=True),
    attribute("event_at", "event_at", "When it happened, set right.", _INSTANT, required=True),
    attribute("clock", "clock", "What was done to the device's time.", required=True),
    attribute("occurred_at", "occurred_at", "When it happened, by the device's clock.", _INSTANT),
    attribute("sent_at", "sent_at", "When it was sent, by the device's clock.", _INSTANT),
    attribute("received_at", "received_at", "When it was received.", _INSTANT, required=True),
    _person("device_id", "Token of the device's id."),
    _person("user_id", "Token of the known user's id."),
    attribute("session_id", "session_id", "The sender's own id of the session."),
    attribute("url", "url", "The page, without parameters of campaigns and persons."),
    attribute("page_host", "page_host", "Its host, without www."),
    attribute("page_path", "page_path", "Its path."),
    attribute("page_title", "title", "Its title."),
    attribute("parameters", "parameters", "Names of its parameters, between bars."),
    attribute("referrer", "referrer", "The page before."),
    attribute("referrer_host", "referrer_host", "Its host, without www."),
    attribute("utm_source", "utm_source", "Parameter of the campaign."),
    attribute("utm_medium", "utm_medium", "Parameter of the campaign."),
    attribute("utm_campaign", "utm_campaign", "Parameter of the campaign."),
    attribute("utm_term", "utm_term", "Parameter of the campaign."),
    attribute("utm_content", "utm_content", "Parameter of the campaign."),
    attribute("utm_id", "utm_id", "Parameter of the campaign."),
    _person("click_id", "Token of the id of the click that led here."),
    attribute("click_id_type", "click_id_type", "The parameter that held it."),
    attribute("user_agent", "user_agent", "The browser's own words."),
    attribute("agent_kind", "agent_kind", "person, bot, ai_assistant or server.", required=True),
    attribute("bot_reason", "bot_reason", "By which rule it is no person."),
    attribute("browser", "browser", "Browser."),
    attribute("browser_version", "browser_version", "Its version."),
    attribute("operating_system", "operating_system", "Operating system."),
    attribute("operating_system_version", "operating_system_version", "Its version."),
    attribute("device_type", "device_type", "desktop, mobile, tablet or tv."),
    attribute("device_brand", "device_brand", "Who made the device."),
    attribute("device_model", "device_model", "Its model."),
    attribute("ip", "ip", "Network of the address, or its keyed hash."),
    attribute("country_code", "country_code", "Country of the address."),
    attribute("region_code", "region_code", "Region of the address."),
    attribute("city", "city", "City of the address."),
    attribute("analytics_consent", "analytics", "Consent to analytics: granted or denied."),
    attribute("sampled_part", "sample_rate", "Part of the devices that is kept.", pa.float64()),
    attribute("category", "category", "Category, as the sender says."),
    attribute("action", "action", "Action, as the sender says."),
    attribute("label", "label", "Label, as the sender says."),
    attribute("value", "value", "Amount, in the stated currency.", MONEY),
    attribute("currency", "currency", "Currency of the amount."),
    attribute("order_id", "order_id", "Id of the order."),
    attribute("network", "network", "Network of a postback."),
    attribute("conversion_id", "conversion_id", "Id of a postback's conversion."),
    attribute("goal_id", "goal_id", "Goal of a postback."),
    attribute("props", "props", "What else the sender says, as JSON."),
)
