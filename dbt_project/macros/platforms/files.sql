{#-
Costs files have no ids. A campaign of theirs is its channel and its name as the file writes them:
`radio/Autumn`, `radio/` without a name, `Autumn` without a channel. What stands before the first
slash is the channel, so that a campaign's id says all that is known of it, in every version of the
file and also when no file has it any more.
-#}

{% macro file_channel(channel) -%}
    replace(replace(replace(lower(nullif(trim({{ channel }}), '')), ' ', '_'), '-', '_'), '/', '_')
{%- endmacro %}


{% macro file_campaign_id(channel, campaign) -%}
    case
            when trim({{ channel }}) <> ''
                then concat({{ file_channel(channel) }}, '/', coalesce(trim({{ campaign }}), ''))
            when {{ campaign }} like '%/%' then concat('/', trim({{ campaign }}))
            else coalesce(nullif(trim({{ campaign }}), ''), 'unattributed')
        end
{%- endmacro %}


{#- The channel that a campaign's id names; null without one and of other platforms. -#}
{% macro channel_in_campaign_id(platform, campaign_id) -%}
    case
            when {{ platform }} = 'files' and {{ campaign_id }} like '%/%'
                then nullif(substring({{ campaign_id }}, 1, instr({{ campaign_id }}, '/') - 1), '')
        end
{%- endmacro %}


{#- The name that a campaign's id holds, without one its channel; null when it holds neither. -#}
{% macro name_in_campaign_id(platform, campaign_id) -%}
    case
            when {{ platform }} = 'files' and {{ campaign_id }} like '%/%'
                then coalesce(
                    nullif(substring({{ campaign_id }}, instr({{ campaign_id }}, '/') + 1), ''),
                    substring({{ campaign_id }}, 1, instr({{ campaign_id }}, '/') - 1)
                )
            when {{ platform }} = 'files' then nullif({{ campaign_id }}, 'unattributed')
        end
{%- endmacro %}

{#- The currency of a row of costs: what the row states, else what its mapping does; null when neither does.
    `currency_code` of `rows` is the file's own column. -#}
{% macro file_cost_currency(rows, account_currency) -%}
    coalesce(nullif({{ rows }}.currency_code, ''), nullif({{ account_currency }}, ''))
{%- endmacro %}


{#- The id of a campaign that may be paid in several currencies on a day: their amounts are never added. The
    account's currency keeps the id, any other is a campaign of its own, `radio/Autumn (USD)`. `day` names
    the columns of one day of one version. -#}
{% macro file_campaign_id_by_currency(day) -%}
    {%- set whole = 'partition by ' ~ (day + ['plain_campaign_id']) | join(', ') -%}
    case
            when
                min(coalesce(row_currency, '')) over ({{ whole }}) <> max(coalesce(row_currency, '')) over ({{ whole }})
                and (row_currency is distinct from coalesce(nullif(account_currency, ''), min(row_currency) over ({{ whole }})))
                then concat(plain_campaign_id, ' (', coalesce(row_currency, 'no currency'), ')')
            else plain_campaign_id
        end
{%- endmacro %}
