{#- Micros to money. A decimal is multiplied, never divided (a division would be DOUBLE). -#}
{% macro micros(column) -%}
    try_cast({{ column }} * cast(0.000001 as decimal(7, 6)) as decimal(18, 6))
{%- endmacro %}


{#- An exact number of six decimals; a platform's double is rounded once, here. Null when it is none. -#}
{% macro exact(column) -%}
    try_cast({{ column }} as decimal(18, 6))
{%- endmacro %}


{#- Money in the reporting currency: null when no rate is known, never the amount itself. Nothing is
    nothing in any currency. At a rate of 1 an amount is itself; it is not multiplied. A product has 38 digits:
    a rate of 100 and more gives up decimals that it does not need, and the amount may be anything that its type
    holds. Null as well when the product has more digits than the column. -#}
{% macro convert(amount, rate='exchange_rate') -%}
    coalesce({{ small_product(amount, rate) }}, case
        when {{ amount }} = 0 then cast(0 as decimal(24, 6))
        when {{ rate }} = 1 then cast({{ amount }} as decimal(24, 6))
        when abs(cast({{ amount }} as double)) * cast({{ rate }} as double) >= 1e17 then cast(null as decimal(24, 6))
        when {{ rate }} >= 100 then cast({{ amount }} * cast({{ rate }} as decimal(24, 12)) as decimal(24, 6))
        else cast({{ amount }} * {{ rate }} as decimal(24, 6))
    end)
{%- endmacro %}


{#- What `convert` owes an amount, as expressions for `always_true`: the exact product, unknown without a rate alone. -#}
{% macro converted_by_its_rate(amount) -%}
    {%- set shown = amount ~ '_reporting' -%}
    {%- set product -%}
        case when exchange_rate < 100 then cast({{ amount }} * exchange_rate as decimal(24, 6)) else cast({{ amount }} * cast(exchange_rate as decimal(24, 12)) as decimal(24, 6)) end
    {%- endset -%}
    {{ return([
        shown ~ ' is not null or ' ~ amount ~ ' is null or exchange_rate is null',
        shown ~ ' is null or exchange_rate is null or ' ~ shown ~ ' = ' ~ product,
    ]) }}
{%- endmacro %}


{#- An amount below a million at a rate below 100 and other than 1, rounded half away from zero to six decimals as the
    cast of the product is; null of any other. To round 128 bits is to divide them: 1.7 of the 2.0 us a row that
    the plain product takes (0.4 us this way; November 2026). So doubles find the number, at most 0.6 of its last
    decimal beside the product, and what the exact product differs by corrects it. The first condition holds of nearly
    all rows: DuckDB works out what a later one shares with it anew. -#}
{% macro small_product(amount, rate) -%}
    {%- set factor = 'try_cast(' ~ amount ~ ' as decimal(12, 6))' -%}
    {%- set other = 'nullif(try_cast(' ~ rate ~ ' as decimal(20, 18)), 1)' -%}
    {%- set nearly = 'cast(cast(' ~ factor ~ ' as double) * cast(' ~ other ~ ' as double) as decimal(14, 6))' -%}
    {%- set rest = '(' ~ factor ~ ' * ' ~ other ~ ' - ' ~ nearly ~ ')' -%}
    cast(
        {{ nearly }} + case
            when abs({{ rest }}) < 0.0000005 then 0.000000
            when {{ rest }} > 0.0000005 or {{ rest }} = 0.0000005 and {{ factor }} > 0 then 0.000001
            when {{ rest }} < -0.0000005 or {{ rest }} = -0.0000005 and {{ factor }} < 0 then -0.000001
            else 0.000000
        end as decimal(24, 6)
    )
{%- endmacro %}


{#- The part of a sum that is in the reporting currency; null when an amount is unknown, or no part is
    converted. What is missing stands beside it (`unconverted_texts`). -#}
{% macro known_sum(reporting, amount, type='decimal(24, 6)') -%}
    case when count(*) = count({{ amount }}) then {{ exact_sum(reporting, type) }} end
{%- endmacro %}


{#- What of measures is not converted, one row for each of the keys: amounts by currency as one text, such as
    `AED 100.000000, NGN 5.000000`; null when all is converted. `rows` has the keys, `measure`, `currency_code`
    and `amount`, as mart_unconverted_amounts. -#}
{% macro unconverted_texts(rows, keys, measures) -%}
    select
        {{ keys | join(',
        ') }},
        {%- for measure in measures %}
        string_agg(
            case when measure = '{{ measure }}' then concat(currency_code, ' ', cast(amount as varchar)) end, ', ' order by currency_code
        ) as unconverted_{{ measure }}{{ "," if not loop.last }}
        {%- endfor %}
    from (
        select
            {{ keys | join(',
            ') }},
            measure,
            currency_code,
            try_cast(sum(amount) as decimal(24, 6)) as amount
        from {{ rows }}
        group by {{ keys | join(', ') }}, measure, currency_code
    ) as by_currency
    group by {{ keys | join(', ') }}
{%- endmacro %}


{#- The same of a long mart, in one column for the measure that is among the keys. -#}
{% macro unconverted_by_measure(rows, keys) -%}
    select
        {{ keys | join(',
        ') }},
        measure,
        string_agg(concat(currency_code, ' ', cast(amount as varchar)), ', ' order by currency_code) as unconverted
    from (
        select
            {{ keys | join(',
            ') }},
            measure,
            currency_code,
            try_cast(sum(amount) as decimal(24, 6)) as amount
        from {{ rows }}
        group by {{ keys | join(', ') }}, measure, currency_code
    ) as by_currency
    group by {{ keys | join(', ') }}, measure
{%- endmacro %}


{#- A value that holds only when all of what it is computed from is converted: null as soon as one of the texts
    of `unconverted_texts` says that a part is missing. -#}
{% macro if_converted(value, texts) -%}
    {%- if texts -%}
    case when {{ texts | join(' is null and ') }} is null then {{ value }} end
    {%- else -%}
    {{ value }}
    {%- endif -%}
{%- endmacro %}


{#- A sum that is unknown when a part of it is. -#}
{% macro whole_sum(column, type='decimal(24, 6)') -%}
    {{ known_sum(column, column, type) }}
{%- endmacro %}


{#- A sum as the type of its column, null when it has more digits: sums are added with 38 of them, so that
    no set of rows fails a model. -#}
{% macro exact_sum(column, type='decimal(24, 6)') -%}
    try_cast(sum({{ column }}) as {{ type }})
{%- endmacro %}


{#- A ratio of sums; nothing over nothing is unknown. -#}
{% macro ratio(numerator, denominator) -%}
    cast({{ numerator }} as double) / nullif(cast({{ denominator }} as double), 0)
{%- endmacro %}


{#- Cost per thousand impressions. The amount is made a double first: a thousand times a large decimal
    is no decimal of its type. -#}
{% macro cpm(amount, impressions) -%}
    1000 * {{ ratio(amount, impressions) }}
{%- endmacro %}


{#- A measure that this platform does not report. -#}
{% macro unreported(type) -%}
    cast(null as {{ type }})
{%- endmacro %}


{#- A parameter of a URL's query, decoded; null when absent or empty. -#}
{% macro url_parameter(url, name) -%}
    {%- set stated -%} replace(regexp_extract({{ url }}, '[?&]{{ name }}=([^&#]*)', 1), '+', ' ') {%- endset -%}
    nullif({{ url_decoded(stated) }}, '')
{%- endmacro %}


{#- CTEs that end in `converted`: the rows of a CTE, each with the reporting currency of its organization and the rate of its
    day to that; null when none is known, never 1. -#}
{% macro with_reporting_rate(rows) -%}
organizations as (
    select * from {{ ref('stg_registry__organizations') }}
),

with_currency as (
    select
        {{ rows }}.*,
        coalesce(organizations.reporting_currency, 'USD') as reporting_currency
    from {{ rows }}
    left join organizations on {{ rows }}.organization_id = organizations.organization_id
),

converted as (
    select
        with_currency.*,
        case
            when with_currency.currency_code = with_currency.reporting_currency
                then cast(1 as decimal(38, 18))
            else rates.exchange_rate
        end as exchange_rate
    from with_currency
    left join {{ ref('int_exchange_rates_crossed') }} as rates
        on
            with_currency.date_day = rates.date_day
            and with_currency.currency_code = rates.from_currency
            and with_currency.reporting_currency = rates.to_currency
)
{%- endmacro %}
