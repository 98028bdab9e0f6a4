"""Columns of the streams: what every delivery has, and what a form or a postback holds besides."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from connectors.core.columns import MONEY, TEXT, Column, attribute

_INSTANT = pa.timestamp("us", tz="UTC")

_EVERY = (
    attribute(
        "record_id", "record_id", "Hash of what makes the event one of a kind.", required=True
    ),
    attribute("sender", "sender", "Name of the sender.", required=True),
    attribute("topic", "topic", "What happened, in the sender's words."),
    attribute("object_id", "object_id", "Id of what it is about."),
    attribute("happened_at", "happened_at", "When it happened, as the sender says.", _INSTANT),
    attribute("updated_at", "received_at", "When it was received.", _INSTANT, required=True),
)


def _form(name: str, description: str) -> Column:
    return attribute(name, f"payload.{name}", description)


def _asked(name: str, *, personal: str = "") -> Column:
    found = attribute(name, f"answers.{name}", f"Answer to {name.upper()}.")
    return replace(found, pii=personal) if personal in ("email", "phone") else found  # type: ignore[arg-type]


def _said(name: str, description: str, type_: pa.DataType = TEXT) -> Column:
    return attribute(name, f"said.{name}", description, type_)


DELIVERIES = _EVERY

LEAD_FORMS = (
    *_EVERY,
    _form("lead_id", "Id of the lead."),
    _form("form_id", "Id of the form."),
    _form("campaign_id", "Id of the campaign."),
    _form("adgroup_id", "Id of the ad group."),
    _form("creative_id", "Id of the ad."),
    _form("asset_group_id", "Id of the asset group, of Performance Max."),
    replace(_form("gcl_id", "Token of Google's click id."), pii="id"),
    _form("lead_stage", "Stage of the lead."),
    _form("lead_source", "Where the lead came from."),
    attribute("is_test", "payload.is_test", "Whether the form's test button sent it.", pa.bool_()),
    _asked("email", personal="email"),
    _asked("work_email", personal="email"),
    _asked("phone_number", personal="phone"),
    _asked("city"),
    _asked("region"),
    _asked("country"),
    _asked("company_name"),
    _asked("job_title"),
)

POSTBACKS = (
    *_EVERY,
    _said("transaction_id", "Id of the click that led to it."),
    _said("conversion_id", "Id of the conversion."),
    _said("offer_id", "Id of the offer."),
    _said("partner_id", "Id of the partner."),
    _said("goal_id", "Id of the goal or the event."),
    _said("status", "Status, in the network's words."),
    _said("order_id", "Id of the order."),
    _said("coupon_code", "Coupon."),
    _said("currency", "ISO code of the amounts."),
    _said("sale_amount", "What was sold for.", MONEY),
    _said("payout", "What the partner gets.", MONEY),
    _said("sub1", "First sub id."),
    _said("sub2", "Second sub id."),
    _said("sub3", "Third sub id."),
    _said("sub4", "Fourth sub id."),
    _said("sub5", "Fifth sub id."),
)
