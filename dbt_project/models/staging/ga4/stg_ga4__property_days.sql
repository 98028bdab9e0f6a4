{{ ga4_report('property_days', {}, ga4_visits()) }}
