{#- Fails on money that no rate converts: it is null in the reporting currency, and sums of it too. A value
    that was not reported is null in both. -#}
{% test money_is_converted(model) %}
select
    organization_id,
    currency_code,
    reporting_currency,
    date_day,
    count(*) as row_count
from {{ model }}
where
    spend_reporting is null
    or (conversion_value_reporting is null and conversion_value is not null)
group by organization_id, currency_code, reporting_currency, date_day
{% endtest %}
