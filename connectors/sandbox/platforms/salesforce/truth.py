"""What Salesforce must come to: sales as they are, but for what its records cannot say.

A lead has no company's record before it has a deal, and a stage goes by one name in all pipelines.
`crm_campaign_member` has who came from an ad, as a member of the campaign that is kept of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from connectors.sandbox.business import Business
from connectors.sandbox.business.shop_entities import NEVER
from connectors.sandbox.platforms.salesforce.system import PLATFORM, SYSTEM, made_id
from connectors.sandbox.truth.crm import levels_of
from connectors.sandbox.truth.question import Answer, Question, Row
from connectors.sandbox.truth.shop_rows import instant


def _worded(answer: Answer) -> Answer:
    def answered(business: Business, question: Question) -> Iterator[Row]:
        for row in answer(business, question):
            if "stage_name" in row:
                row = {**row, "stage_name": row["stage_id"]}
            if "customer_at" in row and row["converted_at"] is None:
                row = {**row, "company_id": None}
            yield row

    return answered


def _members(business: Business, question: Question) -> Iterator[Row]:
    clock = int(question.as_of.timestamp())
    for book in business.sales(SYSTEM):
        for one in book.people:
            account, campaign = one.origin.account, one.origin.campaign
            if account is None or campaign is None or one.created > clock:
                continue
            present = book.survivor(one, clock)
            is_lead = book.converted(present, clock) == NEVER
            yield {
                "organization_id": book.account.organization.id,
                "platform": PLATFORM,
                "account_id": book.account.id,
                "member_id": made_id("member", one.number),
                "lead_id": book.id_of(present, clock),
                "ad_campaign": f"{account.platform} {campaign.id}",
                "joined_at": instant(one.created),
                "is_archived": is_lead and present.in_bin(clock),
            }


LEVELS: dict[str, Answer] = {
    **{name: _worded(one) for name, one in levels_of(SYSTEM).items()},
    "crm_campaign_member": _members,
}
