{{ taken_in({'contact_id': 'stg_hubspot__contacts', 'company_id': 'stg_hubspot__companies', 'deal_id': 'stg_hubspot__deals'}) }}
