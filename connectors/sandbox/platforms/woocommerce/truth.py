"""What the outlet must come to. Of a guest it is not known what was bought before: none is new."""

from __future__ import annotations

from connectors.sandbox.platforms.woocommerce.site import outlets
from connectors.sandbox.truth.question import Answer
from connectors.sandbox.truth.shop_documents import levels_of

LEVELS: dict[str, Answer] = {
    level: answer for level, answer in levels_of(outlets).items() if level != "customer"
}
