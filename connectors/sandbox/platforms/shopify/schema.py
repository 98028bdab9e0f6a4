"""The part of the Admin API's GraphQL schema that matters here, in its own names.

Written from the platform's documents; `schema_of` builds one for each set of features, since
versions differ.
"""

from __future__ import annotations

from functools import lru_cache

from graphql import GraphQLSchema, build_schema

from connectors.sandbox.platforms.shopify.ledger_schema import LEDGER
from connectors.sandbox.platforms.shopify.unused_fields import CONNECTED
from connectors.sandbox.platforms.shopify.unused_fields import SCHEMA as UNUSED
from connectors.sandbox.platforms.shopify.versions import (
    has_bulk_by_id,
    has_contact_email,
    has_unlisted,
)

_CONNECTED = (
    "Order", "Customer", "Product", "ProductVariant", "LineItem", "RefundLineItem",
    "OrderAdjustment", "RefundShippingLine", "OrderTransaction", "ShippingLine", "Event",
    "DiscountApplication", "SalesAgreement", "Sale",
)  # fmt: skip
_PAGE = "first: Int, after: String, last: Int, before: String, reverse: Boolean = false"
_SDL = """
schema { query: QueryRoot mutation: Mutation }
scalar DateTime  scalar Decimal  scalar Money  scalar URL  scalar UnsignedInt64  scalar HTML
interface Node { id: ID! }
type QueryRoot {
  shop: Shop!
  currentAppInstallation: AppInstallation!
  node(id: ID!): Node
  nodes(ids: [ID!]!): [Node]!
  order(id: ID!): Order
  customer(id: ID!): Customer
  refund(id: ID!): Refund
  product(id: ID!): Product
  orders(PAGE, sortKey: OrderSortKeys = PROCESSED_AT, query: String, savedSearchId: ID):
    OrderConnection!
  customers(PAGE, sortKey: CustomerSortKeys = ID, query: String): CustomerConnection!
  products(PAGE, sortKey: ProductSortKeys = ID, query: String, savedSearchId: ID):
    ProductConnection!
  productVariant(id: ID!): ProductVariant
  productVariants(PAGE, sortKey: ProductVariantSortKeys = ID, query: String):
    ProductVariantConnection!
  events(PAGE, sortKey: EventSortKeys = ID, query: String): EventConnection!
  ordersCount(query: String, limit: Int = 10000): Count
  customersCount(query: String, limit: Int = 10000): Count
  productsCount(query: String, limit: Int = 10000): Count
  currentBulkOperation(type: BulkOperationType = QUERY): BulkOperation
  BULK_BY_ID
}
type Mutation {
  bulkOperationRunQuery(query: String!, groupObjects: Boolean! = GROUPED):
    BulkOperationRunQueryPayload
  bulkOperationCancel(id: ID!): BulkOperationCancelPayload
}
type Count { count: Int! precision: CountPrecision! }
enum CountPrecision { EXACT AT_LEAST }
type PageInfo {
  hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String
}
type MoneyV2 { amount: Decimal! currencyCode: CurrencyCode! }
type MoneyBag { shopMoney: MoneyV2! presentmentMoney: MoneyV2! }
enum CurrencyCode { CURRENCIES }
enum CountryCode { AU CA DE FR GB IN NZ US }
enum OrderSortKeys { CREATED_AT ID ORDER_NUMBER PROCESSED_AT UPDATED_AT RELEVANCE }
enum CustomerSortKeys { CREATED_AT ID UPDATED_AT RELEVANCE }
enum ProductSortKeys { CREATED_AT ID UPDATED_AT RELEVANCE }
enum EventSortKeys { CREATED_AT ID RELEVANCE }
interface Event { id: ID! action: String! appTitle: String attributeToApp: Boolean!
  attributeToUser: Boolean! createdAt: DateTime! criticalAlert: Boolean! message: String! }
type BasicEvent implements Event & Node { id: ID! action: String! appTitle: String
  attributeToApp: Boolean! attributeToUser: Boolean! createdAt: DateTime!
  criticalAlert: Boolean! message: String! subjectId: ID subjectType: EventSubjectType! }
enum EventSubjectType { ORDER PRODUCT }
type Shop implements Node {
  id: ID! name: String! email: String! myshopifyDomain: String! url: URL! createdAt: DateTime!
  currencyCode: CurrencyCode! enabledPresentmentCurrencies: [CurrencyCode!]!
  ianaTimezone: String! timezoneAbbreviation: String! timezoneOffset: String!
  timezoneOffsetMinutes: Int! taxesIncluded: Boolean! taxShipping: Boolean!
  plan: ShopPlan! primaryDomain: Domain!
}
type AppInstallation implements Node { id: ID! launchUrl: URL! accessScopes: [AccessScope!]! }
type AccessScope { handle: String! description: String! }
type ShopPlan { displayName: String! publicDisplayName: String! partnerDevelopment: Boolean!
  shopifyPlus: Boolean! }
type Domain implements Node { id: ID! host: String! url: URL! }
enum OrderDisplayFinancialStatus { PENDING AUTHORIZED PARTIALLY_PAID PAID PARTIALLY_REFUNDED
  REFUNDED VOIDED EXPIRED }
enum OrderDisplayFulfillmentStatus { UNFULFILLED PARTIALLY_FULFILLED FULFILLED RESTOCKED
  PENDING_FULFILLMENT OPEN IN_PROGRESS ON_HOLD SCHEDULED REQUEST_DECLINED }
enum OrderReturnStatus { INSPECTION_COMPLETE IN_PROGRESS NO_RETURN RETURNED RETURN_FAILED
  RETURN_REQUESTED }
enum OrderCancelReason { CUSTOMER DECLINED FRAUD INVENTORY STAFF OTHER }
type Order implements Node {
  id: ID! legacyResourceId: UnsignedInt64! name: String! number: Int! note: String
  createdAt: DateTime! processedAt: DateTime! updatedAt: DateTime! cancelledAt: DateTime
  closedAt: DateTime cancelReason: OrderCancelReason test: Boolean! edited: Boolean!
  confirmed: Boolean! closed: Boolean! fullyPaid: Boolean! unpaid: Boolean! capturable: Boolean!
  taxesIncluded: Boolean! taxExempt: Boolean! currencyCode: CurrencyCode!
  presentmentCurrencyCode: CurrencyCode! sourceName: String sourceIdentifier: String
  displayFinancialStatus: OrderDisplayFinancialStatus
  displayFulfillmentStatus: OrderDisplayFulfillmentStatus! returnStatus: OrderReturnStatus!
  totalPriceSet: MoneyBag! currentTotalPriceSet: MoneyBag! originalTotalPriceSet: MoneyBag!
  subtotalPriceSet: MoneyBag currentSubtotalPriceSet: MoneyBag! totalDiscountsSet: MoneyBag
  totalTaxSet: MoneyBag totalShippingPriceSet: MoneyBag! totalRefundedSet: MoneyBag!
  totalRefundedShippingSet: MoneyBag! totalReceivedSet: MoneyBag! netPaymentSet: MoneyBag!
  totalOutstandingSet: MoneyBag! totalTipReceivedSet: MoneyBag! refundDiscrepancySet: MoneyBag!
  currentShippingPriceSet: MoneyBag! currentTotalDiscountsSet: MoneyBag!
  currentTotalTaxSet: MoneyBag! cartDiscountAmountSet: MoneyBag originalTotalDutiesSet: MoneyBag
  currentTotalDutiesSet: MoneyBag originalTotalAdditionalFeesSet: MoneyBag
  currentTotalAdditionalFeesSet: MoneyBag additionalFees: [AdditionalFee!]!
  dutiesIncluded: Boolean! estimatedTaxes: Boolean! paymentGatewayNames: [String!]!
  discountApplications(PAGE): DiscountApplicationConnection!
  agreements(PAGE, query: String): SalesAgreementConnection!
  discountCode: String discountCodes: [String!]! tags: [String!]!
  subtotalLineItemsQuantity: Int! currentSubtotalLineItemsQuantity: Int!
  email: String customerLocale: String customer: Customer
  CONTACT_EMAIL
  shippingAddress: MailingAddress billingAddress: MailingAddress displayAddress: MailingAddress
  customerJourneySummary: CustomerJourneySummary customAttributes: [Attribute!]!
  taxLines: [TaxLine!]! shippingLine: ShippingLine
  lineItems(PAGE): LineItemConnection!
  shippingLines(PAGE, includeRemovals: Boolean = false): ShippingLineConnection!
  refunds(first: Int): [Refund!]!
  transactions(first: Int, capturable: Boolean, manuallyResolvable: Boolean): [OrderTransaction!]!
}
type Attribute { key: String! value: String }
type TaxLine { title: String! rate: Float ratePercentage: Float priceSet: MoneyBag! }
type ShippingLine { id: ID title: String! code: String source: String custom: Boolean!
  isRemoved: Boolean! deliveryCategory: String originalPriceSet: MoneyBag!
  discountedPriceSet: MoneyBag! currentDiscountedPriceSet: MoneyBag! taxLines: [TaxLine!]!
  discountAllocations: [DiscountAllocation!]! }
type Duty implements Node { id: ID! countryCodeOfOrigin: CountryCode harmonizedSystemCode: String
  price: MoneyBag! taxLines: [TaxLine!]! }
type AdditionalFee implements Node { id: ID! name: String! price: MoneyBag!
  taxLines: [TaxLine!]! }
type LineItem implements Node {
  id: ID! title: String! name: String! variantTitle: String sku: String vendor: String
  quantity: Int! currentQuantity: Int! refundableQuantity: Int! unfulfilledQuantity: Int!
  nonFulfillableQuantity: Int! duties: [Duty!]!
  taxable: Boolean! isGiftCard: Boolean! requiresShipping: Boolean!
  product: Product variant: ProductVariant
  originalUnitPriceSet: MoneyBag! originalTotalSet: MoneyBag! discountedUnitPriceSet: MoneyBag!
  discountedTotalSet(withCodeDiscounts: Boolean = false): MoneyBag!
  discountedUnitPriceAfterAllDiscountsSet: MoneyBag! totalDiscountSet: MoneyBag!
  discountAllocations: [DiscountAllocation!]! taxLines(first: Int): [TaxLine!]!
}
type DiscountAllocation { allocatedAmountSet: MoneyBag!
  discountApplication: DiscountApplication! }
enum DiscountApplicationAllocationMethod { ACROSS EACH ONE }
enum DiscountApplicationTargetSelection { ALL ENTITLED EXPLICIT }
enum DiscountApplicationTargetType { LINE_ITEM SHIPPING_LINE }
interface DiscountApplication { index: Int! allocationMethod: DiscountApplicationAllocationMethod!
  targetSelection: DiscountApplicationTargetSelection! targetType: DiscountApplicationTargetType!
  value: PricingValue! }
type DiscountCodeApplication implements DiscountApplication { code: String!
  index: Int! allocationMethod: DiscountApplicationAllocationMethod!
  targetSelection: DiscountApplicationTargetSelection! targetType: DiscountApplicationTargetType!
  value: PricingValue! }
type AutomaticDiscountApplication implements DiscountApplication { title: String!
  index: Int! allocationMethod: DiscountApplicationAllocationMethod!
  targetSelection: DiscountApplicationTargetSelection! targetType: DiscountApplicationTargetType!
  value: PricingValue! }
union PricingValue = MoneyV2 | PricingPercentageValue
type PricingPercentageValue { percentage: Float! }
enum RefundLineItemRestockType { RETURN CANCEL NO_RESTOCK LEGACY_RESTOCK }
type Refund implements Node {
  id: ID! legacyResourceId: UnsignedInt64! createdAt: DateTime updatedAt: DateTime! note: String
  totalRefundedSet: MoneyBag! order: Order! duties: [RefundDuty!] REFUND_PROCESSED
  refundLineItems(PAGE): RefundLineItemConnection!
  refundShippingLines(PAGE): RefundShippingLineConnection!
  orderAdjustments(PAGE): OrderAdjustmentConnection!
  transactions(PAGE): OrderTransactionConnection!
}
type RefundDuty { amountSet: MoneyBag! originalDuty: Duty }
type RefundLineItem { id: ID quantity: Int! restockType: RefundLineItemRestockType!
  restocked: Boolean! lineItem: LineItem! priceSet: MoneyBag! subtotalSet: MoneyBag!
  totalTaxSet: MoneyBag! }
type RefundShippingLine { id: ID shippingLine: ShippingLine! subtotalAmountSet: MoneyBag!
  taxAmountSet: MoneyBag! }
enum OrderAdjustmentDiscrepancyReason { RESTOCK DAMAGE CUSTOMER REFUND_DISCREPANCY
  FULL_RETURN_BALANCING_ADJUSTMENT PENDING_REFUND_DISCREPANCY }
type OrderAdjustment implements Node { id: ID! amountSet: MoneyBag! taxAmountSet: MoneyBag!
  reason: OrderAdjustmentDiscrepancyReason }
enum OrderTransactionKind { SALE CAPTURE AUTHORIZATION VOID REFUND CHANGE EMV_AUTHORIZATION
  SUGGESTED_REFUND }
enum OrderTransactionStatus { SUCCESS FAILURE PENDING ERROR AWAITING_RESPONSE UNKNOWN }
type OrderTransaction implements Node { id: ID! kind: OrderTransactionKind!
  status: OrderTransactionStatus! amountSet: MoneyBag! createdAt: DateTime!
  processedAt: DateTime gateway: String formattedGateway: String test: Boolean!
  errorCode: OrderTransactionErrorCode order: Order parentTransaction: OrderTransaction }
enum OrderTransactionErrorCode { CARD_DECLINED PROCESSING_ERROR }
type CustomerJourneySummary { ready: Boolean! customerOrderIndex: Int daysToConversion: Int
  momentsCount: Count firstVisit: CustomerVisit lastVisit: CustomerVisit }
type CustomerVisit implements Node { id: ID! source: String! sourceType: String
  sourceDescription: String referrerUrl: URL landingPage: URL occurredAt: DateTime!
  utmParameters: UTMParameters }
type UTMParameters { source: String medium: String campaign: String term: String
  content: String }
enum CustomerState { DECLINED DISABLED ENABLED INVITED }
enum CustomerEmailAddressMarketingState { INVALID NOT_SUBSCRIBED PENDING SUBSCRIBED
  UNSUBSCRIBED }
type Customer implements Node {
  id: ID! legacyResourceId: UnsignedInt64! createdAt: DateTime! updatedAt: DateTime!
  firstName: String lastName: String displayName: String! numberOfOrders: UnsignedInt64!
  amountSpent: MoneyV2! state: CustomerState! tags: [String!]! locale: String! note: String
  verifiedEmail: Boolean! taxExempt: Boolean!
  email: String @deprecated(reason: "Use `defaultEmailAddress.emailAddress` instead.")
  phone: String @deprecated(reason: "Use `defaultPhoneNumber.phoneNumber` instead.")
  defaultEmailAddress: CustomerEmailAddress defaultPhoneNumber: CustomerPhoneNumber
  defaultAddress: MailingAddress orders(PAGE, sortKey: OrderSortKeys = ID, query: String):
    OrderConnection!
}
type CustomerEmailAddress { emailAddress: String!
  marketingState: CustomerEmailAddressMarketingState! marketingUpdatedAt: DateTime }
type CustomerPhoneNumber { phoneNumber: String! }
type MailingAddress implements Node { id: ID! countryCodeV2: CountryCode country: String
  provinceCode: String province: String city: String zip: String firstName: String
  lastName: String name: String company: String phone: String address1: String address2: String }
type TaxonomyCategory { fullName: String! }
enum ProductStatus { ACTIVE ARCHIVED DRAFT UNLISTED }
type Product implements Node {
  id: ID! legacyResourceId: UnsignedInt64! title: String! handle: String! status: ProductStatus!
  bodyHtml: String @deprecated(reason: "Use `descriptionHtml` instead.") descriptionHtml: HTML!
  description(truncateAt: Int): String!
  vendor: String! productType: String! tags: [String!]! createdAt: DateTime!
  updatedAt: DateTime! publishedAt: DateTime totalInventory: Int! tracksInventory: Boolean!
  isGiftCard: Boolean! variantsCount: Count category: TaxonomyCategory
  variants(PAGE, sortKey: ProductVariantSortKeys = POSITION): ProductVariantConnection!
}
enum ProductVariantSortKeys { CREATED_AT ID POSITION SKU TITLE UPDATED_AT }
type ProductVariant implements Node {
  id: ID! legacyResourceId: UnsignedInt64! title: String! displayName: String! sku: String
  barcode: String price: Money! compareAtPrice: Money inventoryQuantity: Int position: Int!
  taxable: Boolean! availableForSale: Boolean! createdAt: DateTime! updatedAt: DateTime!
  inventoryItem: InventoryItem! product: Product!
}
type InventoryItem implements Node { id: ID! legacyResourceId: UnsignedInt64! sku: String
  tracked: Boolean! unitCost: MoneyV2 createdAt: DateTime! updatedAt: DateTime! }
enum BulkOperationType { QUERY MUTATION }
enum BulkOperationStatus { CREATED RUNNING COMPLETED FAILED CANCELING CANCELED EXPIRED }
enum BulkOperationErrorCode { ACCESS_DENIED INTERNAL_SERVER_ERROR TIMEOUT }
type BulkOperation implements Node { id: ID! type: BulkOperationType!
  status: BulkOperationStatus! errorCode: BulkOperationErrorCode createdAt: DateTime!
  completedAt: DateTime objectCount: UnsignedInt64! rootObjectCount: UnsignedInt64!
  fileSize: UnsignedInt64 url: URL partialDataUrl: URL query: String! }
enum BulkOperationUserErrorCode { OPERATION_IN_PROGRESS INVALID LIMIT_REACHED }
type BulkOperationUserError { field: [String!] message: String!
  code: BulkOperationUserErrorCode }
type UserError { field: [String!] message: String! }
type BulkOperationRunQueryPayload { bulkOperation: BulkOperation
  userErrors: [BulkOperationUserError!]! }
type BulkOperationCancelPayload { bulkOperation: BulkOperation userErrors: [UserError!]! }
"""
_CURRENCIES = "AUD CAD CHF EUR GBP INR JPY NZD USD"


def schema_of(version: str) -> GraphQLSchema:
    """Returns the schema of a version."""
    return _built(has_bulk_by_id(version), has_contact_email(version), has_unlisted(version))


@lru_cache
def _built(bulk_by_id: bool, contact_email: bool, unlisted: bool) -> GraphQLSchema:
    text = (_SDL + LEDGER + UNUSED).replace("PAGE)", f"{_PAGE})").replace("PAGE,", f"{_PAGE},")
    text = text.replace("CURRENCIES", _CURRENCIES)
    text = text.replace("BULK_BY_ID", "bulkOperation(id: ID!): BulkOperation" * bulk_by_id)
    text = text.replace("REFUND_PROCESSED", "processedAt: DateTime!" * bulk_by_id)
    text = text.replace("CONTACT_EMAIL", "contactEmail: String" * contact_email)
    text = text.replace("= GROUPED", f"= {'false' if bulk_by_id else 'true'}")
    if not unlisted:
        text = text.replace(" UNLISTED", "")
    connections = (
        f"type {name}Edge {{ cursor: String! node: {name}! }}\n"
        f"type {name}Connection {{ edges: [{name}Edge!]! nodes: [{name}!]! pageInfo: PageInfo! }}"
        for name in (*_CONNECTED, *CONNECTED)
    )
    return build_schema(text + "\n".join(connections), assume_valid_sdl=True)
