-- Every platform's words and ours, from the seed of each (`seeds/words`).

with

unioned as (
    {% for seed in level_models('words') -%}
    select
        '{{ seed | replace('words_', '') }}' as platform,
        kind,
        platform_word,
        word
    from {{ ref(seed) }}
    {% if not loop.last -%}
    union all
    {% endif -%}
    {%- endfor -%}
)

select * from unioned
