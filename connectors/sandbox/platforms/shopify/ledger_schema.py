"""The part of the schema that is an order's ledger: agreements and their sales."""

from __future__ import annotations

_AGREEMENT = """id: ID! happenedAt: DateTime! reason: OrderActionType! app: App
  sales(PAGE): SaleConnection!"""
_SALE = """id: ID! actionType: SaleActionType! lineType: SaleLineType! quantity: Int
  totalAmount: MoneyBag! totalTaxAmount: MoneyBag! totalDiscountAmountBeforeTaxes: MoneyBag!
  totalDiscountAmountAfterTaxes: MoneyBag! taxes: [SaleTax!]!"""
_AGREEMENTS = {
    "OrderAgreement": "",
    "OrderEditAgreement": "",
    "RefundAgreement": "refund: Refund!",
    "ReturnAgreement": "return: Return!",
}
_SALES = {
    "ProductSale": "lineItem: LineItem!",
    "TipSale": "lineItem: LineItem!",
    "GiftCardSale": "lineItem: LineItem!",
    "ShippingLineSale": "shippingLine: ShippingLine",
    "DutySale": "duty: Duty!",
    "AdditionalFeeSale": "additionalFee: AdditionalFee!",
    "AdjustmentSale": "",
}
LEDGER = "\n".join(
    [
        "enum OrderActionType { ORDER ORDER_EDIT REFUND RETURN UNKNOWN }",
        "enum SaleActionType { ORDER RETURN UPDATE UNKNOWN }",
        "enum SaleLineType { PRODUCT SHIPPING TIP GIFT_CARD DUTY ADDITIONAL_FEE FEE ADJUSTMENT",
        "  UNKNOWN }",
        "enum ReturnStatus { REQUESTED OPEN CLOSED DECLINED CANCELED }",
        "type App implements Node { id: ID! title: String! }",
        "type Return implements Node { id: ID! name: String! status: ReturnStatus!",
        "  totalQuantity: Int! }",
        "type SaleTax { id: ID! amount: MoneyBag! taxLine: TaxLine! }",
        f"interface SalesAgreement {{ {_AGREEMENT} }}",
        f"interface Sale {{ {_SALE} }}",
        *(
            f"type {name} implements SalesAgreement {{ {_AGREEMENT} {own} }}"
            for name, own in _AGREEMENTS.items()
        ),
        *(f"type {name} implements Sale {{ {_SALE} {own} }}" for name, own in _SALES.items()),
        "",
    ]
)
