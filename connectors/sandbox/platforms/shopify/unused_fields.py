"""Fields that well-known clients select and this business has nothing in: pictures, risks, fees.

They are served as the platform serves them to a shop that has none: null, an empty list, no risk.
A type that is never there needs a schema and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

SCHEMA = """
enum ProductVariantInventoryPolicy { CONTINUE DENY }
enum OrderRiskRecommendationResult { ACCEPT CANCEL INVESTIGATE NONE }
enum RiskAssessmentResult { HIGH LOW MEDIUM NONE PENDING }
enum WeightUnit { GRAMS KILOGRAMS OUNCES POUNDS }
enum MediaContentType { EXTERNAL_VIDEO IMAGE MODEL_3D VIDEO }
scalar JSON
type Image { id: ID altText: String height: Int width: Int src: URL! url: URL! }
type Seo { title: String description: String }
interface Media { id: ID! alt: String mediaContentType: MediaContentType! status: String!
  preview: MediaPreview mediaErrors: [MediaError!]! mediaWarnings: [MediaWarning!]! }
type MediaImage implements Media & Node { id: ID! alt: String mediaContentType: MediaContentType!
  status: String! preview: MediaPreview mediaErrors: [MediaError!]!
  mediaWarnings: [MediaWarning!]! createdAt: DateTime! updatedAt: DateTime! image: Image }
type MediaPreview { status: String! image: Image }
type MediaError { code: String! details: String message: String! }
type MediaWarning { code: String! message: String }
type ResourceFeedback { summary: String! details: [AppFeedback!]! }
type AppFeedback { app: App! link: Link messages: [UserError!]! }
type Link { label: String! url: URL! }
type ProductPriceRangeV2 { maxVariantPrice: MoneyV2! minVariantPrice: MoneyV2! }
type ProductOption implements Node { id: ID! name: String! position: Int! values: [String!]! }
type SelectedOption { name: String! value: String! optionValue: ProductOptionValue! }
type ProductOptionValue implements Node { id: ID! name: String! hasVariants: Boolean!
  swatch: Swatch }
type Swatch { color: String image: MediaImage }
type ProductVariantComponent implements Node { id: ID! quantity: Int!
  productVariant: ProductVariant! }
type ProductVariantPricePair { price: MoneyV2! compareAtPrice: MoneyV2 }
type InventoryItemMeasurement { weight: Weight }
type Weight { value: Float! unit: WeightUnit! }
type OrderRiskSummary { recommendation: OrderRiskRecommendationResult!
  assessments: [OrderRiskAssessment!]! }
type OrderRiskAssessment { riskLevel: RiskAssessmentResult! facts: [RiskFact!]! provider: RiskApp }
type RiskFact { description: String! sentiment: String! }
type RiskApp { id: ID! title: String! handle: String description: String features: [String!]
  embedded: Boolean! published: Boolean! developerName: String developerType: String!
  appStoreAppUrl: URL installUrl: URL appStoreDeveloperUrl: URL
  isPostPurchaseAppInUse: Boolean! previouslyInstalled: Boolean! pricingDetailsSummary: String!
  pricingDetails: String privacyPolicyUrl: URL publicCategory: String! uninstallMessage: String!
  webhookApiVersion: String! shopifyDeveloped: Boolean!
  failedRequirements: [FailedRequirement!]! feedback: AppFeedback }
type FailedRequirement { message: String! action: NavigationItem }
type NavigationItem { id: String! title: String! url: URL! }
type TransactionFee implements Node { id: ID! rate: Decimal! rateName: String type: String!
  flatFeeName: String amount: MoneyV2! flatFee: MoneyV2! taxAmount: MoneyV2! }
union PaymentDetails = CardPaymentDetails
type CardPaymentDetails { avsResultCode: String cvvResultCode: String bin: String company: String
  number: String name: String wallet: String expirationYear: Int expirationMonth: Int }
extend type Product { templateSuffix: String onlineStorePreviewUrl: URL onlineStoreUrl: URL
  hasOnlyDefaultVariant: Boolean! hasOutOfStockVariants: Boolean! requiresSellingPlan: Boolean!
  priceRangeV2: ProductPriceRangeV2! featuredImage: Image seo: Seo! featuredMedia: Media
  feedback: ResourceFeedback mediaCount: Count options(first: Int): [ProductOption!]!
  images(PAGE): ImageConnection! media(PAGE): MediaConnection! }
extend type ProductVariant { inventoryPolicy: ProductVariantInventoryPolicy! image: Image
  requiresComponents: Boolean! taxCode: String selectedOptions: [SelectedOption!]!
  productVariantComponents(PAGE): ProductVariantComponentConnection!
  presentmentPrices(PAGE): ProductVariantPricePairConnection! }
extend type InventoryItem { requiresShipping: Boolean! measurement: InventoryItemMeasurement! }
extend type Order { risk: OrderRiskSummary! }
extend type OrderTransaction { amount: Money! paymentId: String accountNumber: String
  manuallyCapturable: Boolean! receiptJson: JSON authorizationCode: String
  totalUnsettledSet: MoneyBag fees: [TransactionFee!]! paymentDetails: PaymentDetails }
extend type Customer { addresses(first: Int): [MailingAddress!]! }
extend type MailingAddress { countryCode: String }
"""
CONNECTED = ("Image", "Media", "ProductVariantComponent", "ProductVariantPricePair")
_NOTHING: Mapping[str, tuple[str, ...]] = {
    "Product": ("templateSuffix", "onlineStorePreviewUrl", "onlineStoreUrl", "featuredImage",
                "featuredMedia", "feedback"),
    "ProductVariant": ("image", "taxCode"),
    "OrderTransaction": ("paymentId", "accountNumber", "receiptJson", "authorizationCode",
                         "totalUnsettledSet", "paymentDetails"),
    "Seo": ("title", "description"),
    "InventoryItemMeasurement": ("weight",),
    "ProductOptionValue": ("swatch",),
}  # fmt: skip
_ALWAYS: Mapping[str, Mapping[str, Any]] = {
    "Product": {"hasOutOfStockVariants": False, "requiresSellingPlan": False, "mediaCount": (0, 1)},
    "ProductVariant": {"inventoryPolicy": "DENY", "requiresComponents": False},
    "OrderTransaction": {"manuallyCapturable": False, "fees": []},
    "OrderRiskSummary": {"recommendation": "NONE", "assessments": []},
    "ProductOptionValue": {"hasVariants": True},
}
EMPTY = (
    ("Product", "images"),
    ("Product", "media"),
    ("ProductVariant", "productVariantComponents"),
    ("ProductVariant", "presentmentPrices"),
)
"""Connections without a node."""
_NEVER = (
    "Image", "MediaImage", "MediaPreview", "MediaError", "MediaWarning", "ResourceFeedback",
    "AppFeedback", "Link", "Swatch", "ProductVariantComponent", "ProductVariantPricePair", "Weight",
    "OrderRiskAssessment", "RiskFact", "RiskApp", "FailedRequirement", "NavigationItem",
    "TransactionFee", "CardPaymentDetails", "App", "RefundDuty",
)  # fmt: skip


class _Never(dict[str, Callable[[Any], Any]]):
    """The getters of a type that is never there: whatever is asked, nothing is ever read."""

    def __missing__(self, name: str) -> Callable[[Any], Any]:
        return lambda _: None


def _constant(value: Any) -> Callable[[Any], Any]:
    return lambda _: value


def unused(type_: str) -> dict[str, Callable[[Any], Any]]:
    """Returns the getters of the fields of a type that hold nothing, or always the same."""
    if type_ in _NEVER:
        return _Never()
    nothing = dict.fromkeys(_NOTHING.get(type_, ()), _constant(None))
    always = {name: _constant(value) for name, value in _ALWAYS.get(type_, {}).items()}
    return {**nothing, **always}


TYPES = tuple(dict.fromkeys((*_NOTHING, *_ALWAYS, *_NEVER)))
