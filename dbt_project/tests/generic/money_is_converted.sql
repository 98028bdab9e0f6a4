{#- Fails on money that no rate converts: it is null in the reporting currency, and sums of it too. -#}
{% test money_is_converted(model) %}
select
    organization_id,
    currency_code,
    reporting_currency,
    date_day,
    count(*) as row_count
from {{ model }}
where spend_reporting is null or conversion_value_reporting is null
group by organization_id, currency_code, reporting_currency, date_day
{% endtest %}
