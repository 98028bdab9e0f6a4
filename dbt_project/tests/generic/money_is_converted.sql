{#- Fails on money that no rate converts: it is null in the reporting currency, and sums of it too. A value
    that was not reported is null in both. A fact of conversions alone has no `spend`; `amounts` are those of a table
    that is about neither. -#}
{% test money_is_converted(model, spend=true, amounts=[]) %}
select
    organization_id,
    currency_code,
    reporting_currency,
    date_day,
    count(*) as row_count
from {{ model }}
where
    {%- for amount in amounts or ['conversion_value'] %}
    {{ "or " if not loop.first }}({{ amount }}_reporting is null and {{ amount }} is not null)
    {%- endfor %}
    {%- if spend and not amounts %}
    or spend_reporting is null
    {%- endif %}
group by organization_id, currency_code, reporting_currency, date_day
{% endtest %}
