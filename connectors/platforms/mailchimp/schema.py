"""Columns of Mailchimp's streams.

Values stay as they are sent: counts to date, money in the currency that stands beside it. Fields
that older reports lack are null. The id of a member is the MD5 of the address, which can be
guessed, so it is hashed again, and so is every id that is made of it.
https://mailchimp.com/developer/marketing/api/
"""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from connectors.core.columns import MONEY, WHOLE, Column, attribute

_INSTANT = pa.timestamp("us", "UTC")
_FLAG = pa.bool_()

IGNORED = frozenset(
    {
        # Personal, or about one person: asked for by nobody, and dropped where it is sent.
        "merge_fields", "full_name", "email_address", "ip", "ip_signup", "ip_opt", "contact_id",
        "unique_email_id", "web_id", "contact", "campaign_defaults", "beamer_address", "latitude",
        "longitude", "gmtoff", "dstoff", "timezone", "region", "unsubscribe_reason", "reason",
        "from_name", "reply_to", "to_name", "tags", "interests", "notify_on_subscribe",
        "notify_on_unsubscribe",
        # For the browser and the editor, or said by other fields.
        "_links", "archive_url", "long_archive_url", "subscribe_url_short", "subscribe_url_long",
        "report_summary", "delivery_status", "social_card", "timeseries", "list_stats",
        "facebook_likes", "share_report", "industry_stats", "variate_settings", "ab_split",
        "rss_opts", "permission_reminder", "use_archive_bar", "email_type_option", "visibility",
        "modules", "needs_block_refresh", "resendable", "list_is_active", "email_type",
        "email_client", "consents_to_one_to_one_messaging", "tags_count", "ecommerce_data",
        "open_rate", "click_rate", "proxy_excluded_open_rate", "has_welcome", "list_rating",
        "marketing_permissions", "merge_field_count", "avg_sub_rate", "avg_unsub_rate",
        "target_sub_rate", "member_count_since_send", "unsubscribe_count_since_send",
        "cleaned_count_since_send", "use_conversation", "folder_id", "authenticate", "auto_footer",
        "inline_css", "auto_tweet", "fb_comments", "timewarp", "template_id", "drag_and_drop",
        "text_clicks", "goal_tracking", "ecomm360", "clicktale", "segment_opts", "activity",
        "recipient_count", "avg_open_rate", "avg_click_rate",
    }
)  # fmt: skip
"""Known and dropped."""


def _at(name: str, source: str, description: str, *, required: bool = False) -> Column:
    return attribute(name, source, description, _INSTANT, required=required)


def _count(name: str, source: str, description: str) -> Column:
    return attribute(name, source, description, WHOLE)


def _id(name: str, source: str, description: str) -> Column:
    return replace(attribute(name, source, description, required=True), pii="id")


AUDIENCES = (
    attribute("audience_id", "id", "Id of the audience (`list_id` elsewhere).", required=True),
    attribute("name", "name", "Its name."),
    _at("created_at", "date_created", "When it was made."),
    attribute("is_double_opt_in", "double_optin", "Whether members confirm by mail.", _FLAG),
    _count("member_count", "stats.member_count", "Members who get mail."),
    _count("unsubscribe_count", "stats.unsubscribe_count", "Members who unsubscribed."),
    _count("cleaned_count", "stats.cleaned_count", "Members whose address bounced."),
    _count("campaign_count", "stats.campaign_count", "Campaigns of it, in whatever state."),
    _at("last_sent_at", "stats.campaign_last_sent", "When a campaign was last sent."),
    _at("last_joined_at", "stats.last_sub_date", "When somebody last joined."),
    _at("last_left_at", "stats.last_unsub_date", "When somebody last unsubscribed."),
)

CAMPAIGNS = (
    attribute("campaign_id", "id", "Id.", required=True),
    attribute("type", "type", "regular, plaintext, absplit, rss or variate."),
    attribute("status", "status", "save, paused, schedule, sending, sent, canceled or archived."),
    _at("created_at", "create_time", "When it was made."),
    _at("sent_at", "send_time", "When it was sent, or is to be; null for a draft."),
    _count("emails_sent", "emails_sent", "Mails sent."),
    attribute("content_type", "content_type", "template, html, url or multichannel."),
    attribute("audience_id", "recipients.list_id", "Audience that it goes to."),
    attribute("audience_name", "recipients.list_name", "Name of that audience."),
    attribute("segment_text", "recipients.segment_text", "Part of the audience, in words."),
    attribute("title", "settings.title", "Name inside the company."),
    attribute("subject", "settings.subject_line", "Subject line."),
    attribute("preview_text", "settings.preview_text", "Preview text."),
    attribute("tracks_opens", "tracking.opens", "Whether opens are counted.", _FLAG),
    attribute("tracks_clicks", "tracking.html_clicks", "Whether clicks are counted.", _FLAG),
    attribute("utm_campaign", "tracking.google_analytics", "Its `utm_campaign`, if it adds one."),
)

REPORTS = (
    attribute("campaign_id", "id", "Id of the campaign.", required=True),
    attribute("title", "campaign_title", "Name of the campaign."),
    attribute("type", "type", "Type of the campaign."),
    attribute("audience_id", "list_id", "Audience that it went to."),
    attribute("audience_name", "list_name", "Name of that audience."),
    attribute("subject", "subject_line", "Subject line."),
    attribute("preview_text", "preview_text", "Preview text."),
    _at("sent_at", "send_time", "When it was sent."),
    _count("emails_sent", "emails_sent", "Mails sent."),
    _count("abuse_reports", "abuse_reports", "Complaints so far."),
    _count("unsubscribed", "unsubscribed", "Readers who unsubscribed so far."),
    _count("hard_bounces", "bounces.hard_bounces", "Addresses that do not exist."),
    _count("soft_bounces", "bounces.soft_bounces", "Mails that could not be delivered for now."),
    _count("syntax_errors", "bounces.syntax_errors", "Addresses that cannot be."),
    _count("forwards", "forwards.forwards_count", "Mails forwarded."),
    _count("forwards_opens", "forwards.forwards_opens", "Opens of forwarded mails."),
    _count("opens_total", "opens.opens_total", "Opens so far, those of machines included."),
    _count("unique_opens", "opens.unique_opens", "Readers with an open, a machine's included."),
    _count("proxy_excluded_opens", "opens.proxy_excluded_opens", "Opens without machines'."),
    _count(
        "proxy_excluded_unique_opens",
        "opens.proxy_excluded_unique_opens",
        "Readers with an open that is no machine's.",
    ),
    _at("last_open_at", "opens.last_open", "The last open."),
    _count("clicks_total", "clicks.clicks_total", "Clicks so far."),
    _count("unique_clicks", "clicks.unique_clicks", "Clicks, one for each reader and link."),
    _count("unique_subscriber_clicks", "clicks.unique_subscriber_clicks", "Readers who clicked."),
    _at("last_click_at", "clicks.last_click", "The last click."),
    _count("orders", "ecommerce.total_orders", "Orders that it counts as its own so far."),
    attribute("spent", "ecommerce.total_spent", "What they cost, tax and shipping too.", MONEY),
    attribute("revenue", "ecommerce.total_revenue", "The same without these.", MONEY),
    attribute("currency_code", "ecommerce.currency_code", "Currency of both."),
)

MEMBERS = (
    _id("record_id", "record_id", "Audience and member, as a token."),
    _id("member_id", "id", "Id of the member, as a token; it changes with the address."),
    attribute("audience_id", "list_id", "Audience.", required=True),
    replace(attribute("email", "email_address", "Address, as a token."), pii="email"),
    attribute("status", "status", "subscribed, unsubscribed, cleaned, pending or archived."),
    _at("signed_up_at", "timestamp_signup", "When the form was sent."),
    _at("joined_at", "timestamp_opt", "When it asked for mail, or confirmed that."),
    _at("updated_at", "last_changed", "When it last changed.", required=True),
    attribute("source", "source", "How it came in."),
    attribute("language", "language", "Language."),
    attribute("country_code", "location.country_code", "Country, by its address on the net."),
    _count("member_rating", "member_rating", "How much it reads, 1 to 5."),
    attribute("is_vip", "vip", "Whether it is marked as important.", _FLAG),
)

EMAIL_ACTIVITY = (
    _id("record_id", "record_id", "Campaign, member, action, time and address, as a token."),
    attribute("campaign_id", "campaign_id", "Campaign.", required=True),
    attribute("audience_id", "list_id", "Audience."),
    _id("member_id", "email_id", "Id of the member, as a token."),
    attribute("action", "action", "open, click, bounce or unsubscribe.", required=True),
    _at("updated_at", "timestamp", "When it happened, to the second.", required=True),
    attribute("url", "url", "Of a click: the address, without what stands behind its `?`."),
    attribute("bounce_type", "type", "Of a bounce: hard or soft."),
    attribute("is_machine", "is_proxy_open", "Of an open: whether a machine made it.", _FLAG),
)
