{#- Fails on money that no rate converts: it is null in the reporting currency, and sums of it too. A value
    that was not reported is null in both. A fact of conversions alone has no `spend`. -#}
{% test money_is_converted(model, spend=true) %}
select
    organization_id,
    currency_code,
    reporting_currency,
    date_day,
    count(*) as row_count
from {{ model }}
where
    {% if spend %}spend_reporting is null or {% endif -%}
    (conversion_value_reporting is null and conversion_value is not null)
group by organization_id, currency_code, reporting_currency, date_day
{% endtest %}
