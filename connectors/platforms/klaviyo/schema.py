"""Columns of Klaviyo's streams.

Values stay as Klaviyo sends them: times in UTC, days in the account's own zone, money in the
account's currency. What identifies a person is never asked for, but for address and phone number,
which become tokens. https://developers.klaviyo.com/en/v2026-07-15/reference/api_overview
"""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from connectors.core import columns
from connectors.core.columns import DAY, MONEY, Additivity, Column, attribute, dimension, metric

_INSTANT = pa.timestamp("us", "UTC")

IGNORED = frozenset(
    {
        # Personal: never asked for, and dropped where Klaviyo sends it all the same.
        "first_name", "last_name", "organization", "title", "image", "external_id", "anonymous_id",
        "properties", "address1", "address2", "city", "region", "zip", "latitude", "longitude",
        "timezone", "ip", "from_email", "from_label", "reply_to_email", "cc_email", "bcc_email",
        # Said by other fields, or of no use.
        "timestamp", "uuid", "object", "tags", "lists", "segments", "definition", "preview_text",
        "method", "method_detail", "custom_method_detail", "double_optin", "list_suppressions",
        "last_updated", "can_receive_sms_marketing", "transactional", "mobile_push",
        "scheduled_at",
    }
)  # fmt: skip
"""Known and dropped."""


def _id(name: str, description: str) -> Column:
    return attribute(name, "id", description, required=True)


def _of(name: str, description: str, source: str = "", type_: pa.DataType = columns.TEXT) -> Column:
    return attribute(name, f"attributes.{source or name}", description, type_)


def _at(name: str, source: str, description: str) -> Column:
    return _of(name, description, source, _INSTANT)


def _flag(name: str, source: str, description: str) -> Column:
    return _of(name, description, source, pa.bool_())


_NAME = _of("name", "Name.")
_TIMES = (
    _at("created_at", "created", "When it was made."),
    _at("updated_at", "updated", "When it last changed."),
)

CAMPAIGNS = (
    _id("campaign_id", "Campaign id."),
    _NAME,
    attribute("channel", "channel", "`email`, `sms` or `mobile_push`: of the list it stands in."),
    _of("status", "Draft, Scheduled, Sending, Sent, Cancelled or another word."),
    _flag("is_archived", "archived", "True if archived."),
    _at("sent_at", "send_time", "When it was sent or will be; null for a draft."),
    _at("created_at", "created_at", "When it was made."),
    _at("updated_at", "updated_at", "When it last changed."),
    _of("included_audiences", "Ids of lists and segments, a JSON list.", "audiences.included"),
    _of("excluded_audiences", "Ids of those left out, a JSON list.", "audiences.excluded"),
    _of("send_method", "immediate, static, throttled, smart_send_time.", "send_strategy.method"),
    _flag("is_smart_sending", "send_options.use_smart_sending", "Spares whom mail just reached."),
    _flag("is_tracking_opens", "tracking_options.is_tracking_opens", "Whether opens are known."),
    _flag("is_tracking_clicks", "tracking_options.is_tracking_clicks", "Whether clicks are known."),
    attribute("messages", "messages", "Its messages, a JSON list: id, channel, label, subject."),
)

FLOWS = (
    _id("flow_id", "Flow id."),
    _NAME,
    _of("status", "draft, manual or live."),
    _flag("is_archived", "archived", "True if archived."),
    _of("trigger_type", "Added to List, Metric, Date Based, Price Drop or another word."),
    *_TIMES,
)

FLOW_MESSAGES = (
    _id("flow_message_id", "Message id."),
    attribute("flow_id", "flow_id", "Id of its flow."),
    attribute("flow_action_id", "flow_action_id", "Id of the action that sends it."),
    _NAME,
    _of("channel", "email, sms or another word."),
    _of("subject", "Subject, with the marks that a person's data replaces.", "content.subject"),
    *_TIMES,
)

LISTS = (_id("list_id", "List id."), _NAME, _of("opt_in_process", "By one or two steps."), *_TIMES)
SEGMENTS = (_id("segment_id", "Segment id."), _NAME, *_TIMES)

METRICS = (
    _id("metric_id", "Metric id, another one in each account."),
    _NAME,
    _of("integration_id", "Id of what sends its events.", "integration.id"),
    _of("integration_name", "Name of that, such as Shopify or Klaviyo.", "integration.name"),
    _of("integration_category", "eCommerce, Internal, API and others.", "integration.category"),
    *_TIMES,
)

_MAIL = "subscriptions.email.marketing"
PROFILES = (
    _id("profile_id", "Profile id; a merge leaves one of two."),
    replace(_of("email", "E-mail address, as a token."), pii="email"),
    replace(_of("phone", "Phone number, as a token.", "phone_number"), pii="phone"),
    _of("locale", "Language, such as en-US."),
    _of("country", "Country by name.", "location.country"),
    _at("created_at", "created", "When Klaviyo first knew it."),
    replace(_at("updated_at", "updated", "Events move it, too."), required=True),
    _at("last_event_at", "last_event_date", "Time of its last event."),
    _of("email_consent", "SUBSCRIBED, UNSUBSCRIBED or NEVER_SUBSCRIBED.", f"{_MAIL}.consent"),
    _flag("can_receive_email", f"{_MAIL}.can_receive_email_marketing", "False if suppressed."),
    _at("email_consent_at", f"{_MAIL}.consent_timestamp", "When it was given or taken back."),
    _of("suppressions", "Why no mail is sent, a JSON list with reasons.", f"{_MAIL}.suppression"),
    _of("sms_consent", "As `email_consent`.", "subscriptions.sms.marketing.consent"),
    _at("sms_consent_at", "subscriptions.sms.marketing.consent_timestamp", "When it was given."),
)

EVENT_PROPERTIES = (
    "$event_id", "$value", "$value_currency", "$message", "$flow", "$variation", "Bounce Type",
    "Bot Click", "OrderId",
)  # fmt: skip
"""What is kept of an event's properties, which may hold anything: the rest is dropped."""


def _property(name: str, source: str, description: str) -> Column:
    return _of(name, description, f"event_properties.{source}")


EVENTS = (
    dimension("date", "date", "Day of the event in the account's zone.", DAY),
    dimension("event_id", "id", "Event id."),
    _at("happened_at", "datetime", "When it happened, as its sender says."),
    attribute("metric_id", "relationships.metric.id", "Metric id."),
    attribute("metric_name", "metric_name", "The metric's name then."),
    attribute("profile_id", "relationships.profile.id", "Profile id; after a merge the other's."),
    attribute("attributions", "relationships.attributions", "What it is credited to, a JSON list."),
    _property("event_key", "$event_id", "The sender's own id of it."),
    _of("value", "Value, if the metric has any.", "event_properties.$value", MONEY),
    _property("value_currency", "$value_currency", "Currency of that, where it is stated."),
    _property("message_id", "$message", "Campaign or flow message of an e-mail event."),
    _property("flow_id", "$flow", "Flow of an e-mail event."),
    _property("variation_id", "$variation", "Variation of an e-mail event."),
    _property("bounce_type", "Bounce Type", "Hard or Soft, of a bounce."),
    _property("bot_click", "Bot Click", "Whether a machine clicked, of a click."),
    _property("order_id", "OrderId", "The shop's id of an order."),
)


def _stat(
    name: str, description: str, field: str = "", additivity: Additivity = "additive"
) -> Column:
    asked = field or name
    return replace(
        metric(name, f"statistics.{asked}", description, additivity=additivity), field=asked
    )


_STATISTICS = (
    *columns.essential(
        _stat("recipients", "Messages sent, bounced ones among them."),
        _stat("delivered", "Messages delivered."),
    ),
    _stat("bounced", "Messages that bounced."),
    _stat("failed", "Messages (not e-mail) that failed."),
    _stat("opens", "Opens, those that a mail program makes by itself among them."),
    _stat("unique_opens", "People who opened.", "opens_unique", "none"),
    _stat("clicks", "Clicks."),
    _stat("unique_clicks", "People who clicked.", "clicks_unique", "none"),
    _stat("unsubscribes", "Unsubscribes."),
    _stat("unsubscribed_people", "People who unsubscribed.", "unsubscribe_uniques", "none"),
    _stat("spam_complaints", "Complaints."),
)
_CONVERSIONS = (
    _stat("conversions", "Conversions credited to it: orders placed."),
    _stat("converted_people", "People who converted.", "conversion_uniques", "none"),
    replace(_stat("conversion_value", "Their value, account currency."), type=MONEY),
)
CONVERSION_STATISTICS = frozenset(column.name for column in _CONVERSIONS)
"""Not asked for where the account has no conversion metric: they would count something else."""


def _sent(kind: str) -> tuple[Column, ...]:
    """Returns the columns of a report of what campaigns or flows sent."""
    return (
        dimension("date", "date", "Day of sending, in the account's zone.", DAY),
        dimension(f"{kind}_id", f"groupings.{kind}_id", f"{kind.title()} id."),
        dimension(f"{kind}_message_id", f"groupings.{kind}_message_id", "Message id."),
        dimension("send_channel", "groupings.send_channel", "email, sms and others."),
        *_STATISTICS,
        *_CONVERSIONS,
    )


CAMPAIGN_VALUES, FLOW_SERIES = _sent("campaign"), _sent("flow")
_MESSAGE = dimension("message_id", "message_id", "Message of it, or that it is credited to.")
_DETAIL = dimension("detail", "detail", "Bounce Type of a bounce, Bot Click of a click.")
METRIC_AGGREGATES = (
    dimension("date", "date", "Day on which the events happened, in the account's zone.", DAY),
    dimension("metric_id", "metric_id", "Metric id."),
    replace(_MESSAGE, may_be_empty=True),
    replace(_DETAIL, may_be_empty=True),
    attribute("metric_name", "metric_name", "The metric's name."),
    metric("events", "measurements.count", "Events."),
    metric("value", "measurements.sum_value", "Sum of their values.", MONEY),
    metric("people", "measurements.unique", "Profiles of the day.", additivity="none"),
)
