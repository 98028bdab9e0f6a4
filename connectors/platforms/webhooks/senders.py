"""The senders, as data: how each proves who it is, what an event of it is, what it makes due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from connectors.platforms.webhooks.events import Events
from connectors.platforms.webhooks.proofs import BodyKey, UrlToken
from connectors.platforms.webhooks.signatures import Signature

MEGABYTE = 2**20

Feeds = Literal["deliveries", "lead_forms", "postbacks"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """One kind of sender.

    Attributes:
        label: its name for people.
        proof: how a request proves that it is the sender's.
        events: what its events are.
        feeds: the stream that its events become; of `deliveries` only that they came is kept.
        platform: whose streams an event makes due; empty when none.
        due: beginning of a topic -> the streams that are due; "" for every topic.
        handshake: the question that it asks first.
        methods: by which it sends.
        largest: bytes of a body.
        needs_url: the signature covers our public address.
        enter: what is entered at the sender, for people.
    """

    label: str
    proof: Signature | BodyKey | UrlToken
    events: Events
    feeds: Feeds = "deliveries"
    platform: str = ""
    due: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    handshake: str = ""
    methods: tuple[str, ...] = ("POST",)
    largest: int = 2 * MEGABYTE
    needs_url: bool = False
    enter: str = ""

    def streams_of(self, topic: str) -> tuple[str, ...]:
        """Returns the streams that an event of a topic makes due."""
        return next((found for start, found in self.due.items() if topic.startswith(start)), ())


_SHOP = {
    "orders": ("orders",),
    "refunds": ("orders",),
    "customers": ("customers",),
    "products": ("products",),
}
_WOO = {
    "order.": ("orders", "order_states", "refunds"),
    "customer.": ("customers",),
    "product.": ("products",),
}
_META = {
    "with_issues_ad_objects": ("campaigns", "ad_sets", "ads"),
    "in_process_ad_objects": ("campaigns", "ad_sets", "ads"),
    "creative_fatigue": ("ads",),
}
_HUBSPOT = {"contact.": ("contacts",), "company.": ("companies",), "deal.": ("deals",)}
_KLAVIYO = {"event:": ("events",), "profile": ("profiles",)}
_POSTBACK_KEY = (
    "transaction_id|click_id|aff_sub",
    "conversion_id|txn_id",
    "event_id|adv_event_id|goal_id",
    "status",
    "amount|sale_amount",
    "payout_amount|payout",
)


def _postbacks(label: str, platform: str, token: str) -> Sender:
    """A network whose postbacks are a GET with macros in the query, and no signature."""
    return Sender(
        label=label,
        proof=UrlToken(name=token),
        events=Events(
            topic="status|event_name",
            key=_POSTBACK_KEY,
            happened="timestamp|datetime",
            object="transaction_id|click_id",
            without=(token,),
        ),
        feeds="postbacks",
        platform=platform,
        due={"": ("conversions",)},
        methods=("GET", "POST"),
        largest=64 * 1024,
        enter=f"the URL with {token}= and your secret, and the network's macros behind it",
    )


SENDERS: Mapping[str, Sender] = {
    "shopify": Sender(
        label="Shopify",
        proof=Signature(header="X-Shopify-Hmac-SHA256", encoding="base64"),
        events=Events(
            topic="header:X-Shopify-Topic",
            key=("header:X-Shopify-Webhook-Id",),
            happened="header:X-Shopify-Triggered-At|updated_at",
            object="order_id|id",
        ),
        platform="shopify",
        due=_SHOP,
        largest=4 * MEGABYTE,
        enter="the URL for each topic; secret: the app's client secret",
    ),
    "woocommerce": Sender(
        label="WooCommerce",
        proof=Signature(header="X-WC-Webhook-Signature", encoding="base64", key="html"),
        events=Events(
            topic="header:X-WC-Webhook-Topic",
            key=("id", "date_modified_gmt|date_modified|header:X-WC-Webhook-Delivery-ID"),
            happened="date_modified_gmt",
            object="id",
        ),
        platform="woocommerce",
        due=_WOO,
        handshake="woocommerce",
        largest=4 * MEGABYTE,
        enter="Settings > Advanced > Webhooks: the URL and the secret, for each topic",
    ),
    "meta": Sender(
        label="Meta",
        proof=Signature(header="X-Hub-Signature-256", prefix="sha256="),
        events=Events(
            each=("entry", "changes"),
            topic="field",
            key=("value.leadgen_id",),
            happened="value.created_time|^time",
            object="value.leadgen_id|value.id|^id",
        ),
        platform="meta_ads",
        due=_META,
        handshake="meta",
        enter="the app's Webhooks page: the URL and the verify token; secret: the app secret",
    ),
    "google_lead_form": Sender(
        label="Google Ads lead form",
        proof=BodyKey(name="google_key"),
        events=Events(
            key=("lead_id",), happened="lead_submit_time", object="lead_id", without=("google_key",)
        ),
        feeds="lead_forms",
        largest=256 * 1024,
        enter="the lead form's webhook: the URL, and the secret as its key",
    ),
    "linkedin": Sender(
        label="LinkedIn",
        proof=Signature(header="X-LI-Signature", signed=("hmacsha256=", "body")),
        events=Events(
            each=("notifications",),
            topic="leadAction|action|type",
            key=("leadGenFormResponse|notificationId",),
            happened="occurredAt|lastModifiedAt",
            object="leadGenFormResponse|notificationId",
        ),
        platform="linkedin_ads",
        handshake="linkedin",
        enter="the developer app's Webhooks page: the URL; secret: the app's client secret",
    ),
    "tiktok": Sender(
        label="TikTok",
        proof=Signature(
            header="TikTok-Signature",
            signed=("time", ".", "body"),
            entries=",",
            time_field="t",
            prefix="s=",
        ),
        events=Events(
            each=("entry",), topic="event|/object", happened="create_time|/time", object="id"
        ),
        platform="tiktok_ads",
        enter="the developer app's webhook: the URL; secret: the app's client secret",
    ),
    "hubspot": Sender(
        label="HubSpot",
        proof=Signature(
            header="X-HubSpot-Signature-v3",
            signed=("method", "url", "body", "time"),
            encoding="base64",
            time_header="X-HubSpot-Request-Timestamp",
            time_form="ms",
        ),
        events=Events(
            topic="subscriptionType",
            key=(
                "portalId",
                "objectId|primaryObjectId|fromObjectId",
                "toObjectId",
                "propertyName",
                "eventId",
                "occurredAt",
            ),
            happened="occurredAt",
            object="objectId|newObjectId|primaryObjectId|fromObjectId",
        ),
        platform="hubspot",
        due=_HUBSPOT,
        needs_url=True,
        enter="the app's webhooks: the URL; secret: the app's client secret",
    ),
    "klaviyo": Sender(
        label="Klaviyo",
        proof=Signature(
            header="Klaviyo-Signature",
            signed=("body", "time"),
            time_header="Klaviyo-Timestamp",
            time_form="date",
        ),
        events=Events(
            each=("data",),
            topic="topic",
            key=("external_id",),
            happened="payload.data.attributes.datetime|/meta.timestamp",
            object="external_id",
        ),
        platform="klaviyo",
        due=_KLAVIYO,
        largest=8 * MEGABYTE,
        enter="a system webhook: the URL and the secret",
    ),
    "standard": Sender(
        label="Standard Webhooks",
        proof=Signature(
            header="webhook-signature",
            signed=("id", ".", "time", ".", "body"),
            encoding="base64",
            entries=" ",
            prefix="v1,",
            id_header="webhook-id",
            time_header="webhook-timestamp",
            key="base64",
        ),
        events=Events(
            topic="type", key=("header:webhook-id",), happened="timestamp", object="data.id"
        ),
        enter="the URL; secret: what the sender shows, with its whsec_",
    ),
    "svix": Sender(
        label="Standard Webhooks by Svix",
        proof=Signature(
            header="svix-signature",
            signed=("id", ".", "time", ".", "body"),
            encoding="base64",
            entries=" ",
            prefix="v1,",
            id_header="svix-id",
            time_header="svix-timestamp",
            key="base64",
        ),
        events=Events(
            topic="type", key=("header:svix-id",), happened="timestamp", object="data.id"
        ),
        enter="the URL; secret: what the sender shows, with its whsec_",
    ),
    "everflow": _postbacks("Everflow", "everflow", "verification_token"),
    "tune": _postbacks("TUNE", "tune", "security_token"),
    "trackier": _postbacks("Trackier", "trackier", "token"),
}
"""Each sender, by the name that a connection's setting `sender` has."""
