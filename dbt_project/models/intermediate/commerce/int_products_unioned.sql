-- The products and variants of every shop and file in each list.

with

unioned as (
    {{ union_of('product_list') }}
)

select * from unioned
