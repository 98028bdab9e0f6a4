"""The fields of each object."""

from __future__ import annotations

_RECORD = "Id:id CreatedDate:datetime SystemModstamp:datetime IsDeleted:boolean"
_PERSON = "FirstName:string LastName:string Name:string Email:email Phone:phone OwnerId:reference"
FIELDS = {
    name: dict(pair.split(":") for pair in text.split())
    for name, text in {
        "Account": f"{_RECORD} MasterRecordId:reference Name:string Website:url Industry:picklist "
        "BillingCountry:string NumberOfEmployees:int OwnerId:reference Phone:phone",
        "Contact": f"{_RECORD} {_PERSON} MasterRecordId:reference AccountId:reference "
        "LeadSource:picklist MailingCountry:string",
        "Lead": f"{_RECORD} {_PERSON} MasterRecordId:reference LeadSource:picklist Status:picklist "
        "Company:string Country:string IsConverted:boolean ConvertedDate:date "
        "ConvertedAccountId:reference ConvertedContactId:reference "
        "ConvertedOpportunityId:reference UTM_Source__c:string UTM_Medium__c:string "
        "UTM_Campaign__c:string UTM_Term__c:string UTM_Content__c:string Plan__c:picklist",
        "Opportunity": f"{_RECORD} OwnerId:reference LeadSource:picklist "
        "CurrencyIsoCode:picklist Name:string AccountId:reference CampaignId:reference "
        "StageName:picklist Amount:currency CloseDate:date IsClosed:boolean IsWon:boolean "
        "Probability:percent ForecastCategory:picklist Type:picklist RecordTypeId:reference "
        "RecordType.Name:string Channel__c:string",
        "OpportunityHistory": f"{_RECORD} CurrencyIsoCode:picklist OpportunityId:reference "
        "StageName:picklist Amount:currency CloseDate:date Probability:percent",
        "OpportunityFieldHistory": "Id:id CreatedDate:datetime IsDeleted:boolean "
        "OpportunityId:reference Field:picklist OldValue:anyType NewValue:anyType",
        "OpportunityContactRole": f"{_RECORD} OpportunityId:reference ContactId:reference "
        "Role:picklist IsPrimary:boolean",
        "CampaignMember": f"{_RECORD} CampaignId:reference LeadId:reference ContactId:reference "
        "Status:picklist HasResponded:boolean FirstRespondedDate:date",
        "Campaign": f"{_RECORD} Name:string ParentId:reference Type:picklist Status:picklist "
        "StartDate:date EndDate:date IsActive:boolean BudgetedCost:currency ActualCost:currency "
        "CurrencyIsoCode:picklist NumberOfLeads:int",
        "User": "Id:id CreatedDate:datetime SystemModstamp:datetime Name:string Email:email "
        "IsActive:boolean ManagerId:reference UserType:picklist",
        "OpportunityStage": "Id:id ApiName:string MasterLabel:string SortOrder:int "
        "IsActive:boolean IsClosed:boolean IsWon:boolean DefaultProbability:percent "
        "ForecastCategory:picklist",
        "Organization": "Id:id Name:string TimeZoneSidKey:picklist IsSandbox:boolean",
        "CurrencyType": "Id:id IsoCode:picklist IsCorporate:boolean ConversionRate:double",
    }.items()
}
"""The fields of each object, with their types; of a parent as `Parent.Field`."""
